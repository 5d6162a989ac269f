#pragma once
// Comparisons of stored numbers.
#include "ops/quantized_elementwise.h"

namespace toucanet {

/// 8-bit operands are brought to real numbers in steps of 1/256, so that near ones are equal; others are compared as
/// stored, save that EQUAL and NOT_EQUAL bring int16 to real numbers too (`Wide`).
template <class Fn, bool Wide = false>
Status eval_quantized_compare(EvalContext& c) {
  const DType t = c.in(0).dtype;
  if (t != DType::I8 && t != DType::U8 && !(Wide && t == DType::I16)) return eval_compare<Fn>(c);
  TRY(const Affine ax, affine_in(c, 0));
  TRY(const Affine ay, affine_in(c, 1));
  TRY(const FixedMultiplier mx, multiplier_below_one(c, static_cast<double>(ax.scale)));
  TRY(const FixedMultiplier my, multiplier_below_one(c, static_cast<double>(ay.scale)));
  const auto real = [](int32_t q, const Affine& a, FixedMultiplier m) { return multiply_by_quantized_multiplier((q - a.zero_point) * 256, m); };
  bool* z = c.out<bool>().data();
  dispatch_quantized(t, [&]<class T>(T) {
    const T *x = c.in<T>(0).data(), *y = c.in<T>(1).data();
    for_each_broadcast(c.out().dims, c.in(0).dims, c.in(1).dims, [&](int64_t o, int64_t i, int64_t j) { z[o] = Fn{}(real(x[i], ax, mx), real(y[j], ay, my)); });
  });
  return ok();
}

}  // namespace toucanet
