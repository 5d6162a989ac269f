#pragma once
// Maker of reductions on quantised numbers.
#include "ops/quantized.h"
#include "ops/reduce.h"
#include "ops/truth.h"

namespace toucanet {

/// Fn{x, y, count} with Fn::Acc, add(acc, stored), and the rescaled result finish(acc) before y's zero point is added.
template <class Fn>
Status eval_reduce_quantized(EvalContext& c) {
  TRY(const Reduction r, Reduction::of(c));
  TRY(const Affine sx, affine_in(c, 0));
  TRY(const Affine sy, affine_out(c));
  const DType type = c.in(0).dtype;
  if (type == DType::I16 && (sx.zero_point || sy.zero_point)) return diag("TN3011", "{}: int16 needs zero points of 0", c.op().name);
  const Fn fn(sx, sy, r.count);
  const bool done = dispatch_quantized(type, [&]<class T>(T) {
    std::vector<typename Fn::Acc> acc(static_cast<size_t>(r.results));
    const auto x = c.in<T>(0);
    r.walk([&](size_t to, size_t i) { fn.add(acc[to], x[i]); });
    auto y = c.out<T>();
    for (size_t i = 0; i < y.size(); ++i) y[i] = static_cast<T>(finish(fn.finish(acc[i]), sy.zero_point, range_of<T>()));
  });
  return done ? ok() : c.no_kernel(type);
}

/// Of sums in 32 bits, wrapping.
struct StoredSum {
  using Acc = uint32_t;
  FixedMultiplier multiplier;
  uint32_t zeros;  ///< what the operand's zero points add up to
  StoredSum(const Affine& x, const Affine& y, int64_t count)
      : multiplier(quantize_multiplier(static_cast<double>(x.scale) / static_cast<double>(y.scale))),
        zeros(static_cast<uint32_t>(x.zero_point) * static_cast<uint32_t>(count)) {}
  void add(Acc& a, int32_t x) const { a += static_cast<uint32_t>(x); }
  int32_t finish(Acc a) const { return multiply_by_quantized_multiplier(static_cast<int32_t>(a - zeros), multiplier); }
};

constexpr OpDef with_quantized(OpDef d, Status (*eval)(EvalContext&), DTypes types) {
  d.eval_quantized = eval;
  d.tflite.quantized = types;
  return d;
}

}  // namespace toucanet
