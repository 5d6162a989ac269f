#pragma once
// Element-wise operators on stored numbers: loops, rescaling, broadcasting.
#include "ops/elementwise.h"
#include "ops/quantized.h"

namespace toucanet {

/// y[i] = f(x[i]) on stored numbers of one type, widened to 32 bits; f's results fit the type.
template <class F>
Status map_stored(EvalContext& c, F f) {
  const DType t = c.in(0).dtype;
  const bool done = c.out().dtype == t && dispatch_quantized(t, [&]<class T>(T) {
                      const auto x = c.in<T>(0);
                      auto y = c.out<T>();
                      for (size_t i = 0; i < y.size(); ++i) y[i] = static_cast<T>(f(int32_t{x[i]}));
                    });
  if (!done) return c.no_kernel(t);
  return ok();
}

/// z = f(x, y) on stored numbers of one type with broadcasting; f's results fit the type.
template <class F>
Status map_stored_pairs(EvalContext& c, F f) {
  const DType t = c.in(0).dtype;
  const bool done = c.in(1).dtype == t && c.out().dtype == t && dispatch_quantized(t, [&]<class T>(T) {
                      const T *x = c.in<T>(0).data(), *y = c.in<T>(1).data();
                      T* z = c.out<T>().data();
                      for_each_broadcast(c.out().dims, c.in(0).dims, c.in(1).dims,
                                         [&](int64_t o, int64_t i, int64_t j) { z[o] = static_cast<T>(f(int32_t{x[i]}, int32_t{y[j]})); });
                    });
  if (!done) return c.no_kernel(t);
  return ok();
}

/// Parameters of two operands and a result.
struct AffinePair {
  Affine x, y, z;
};
inline Expected<AffinePair> affine_pair(EvalContext& c) {
  AffinePair p;
  TRY(p.x, affine_in(c, 0));
  TRY(p.y, affine_in(c, 1));
  TRY(p.z, affine_out(c));
  return p;
}

/// int16 is stored without a zero point. TN3011 otherwise.
inline Status check_symmetric(const EvalContext& c, std::initializer_list<Affine> parameters) {
  if (c.in(0).dtype == DType::I16)
    for (const Affine& a : parameters)
      if (a.zero_point != 0) return diag("TN3011", "{}: int16 with the zero point {}", c.op().name, a.zero_point);
  return ok();
}

/// A multiplier that LiteRT takes below 1 only. TN3011 otherwise.
inline Expected<FixedMultiplier> multiplier_below_one(const EvalContext& c, double value) {
  if (!(value > 0) || value >= 1) return diag("TN3011", "{}: the scales give the factor {}, it must be between 0 and 1", c.op().name, value);
  return quantize_multiplier(value);
}

/// With an evaluation on stored numbers.
constexpr OpDef with_quantized(OpDef d, Status (*eval)(EvalContext&)) {
  d.eval_quantized = eval;
  return d;
}

}  // namespace toucanet
