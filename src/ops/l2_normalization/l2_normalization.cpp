#include "ops/l2_normalization/l2_normalization.h"

#include "ir/quant_rule.h"
#include "kernels/fixed_point.h"
#include "ops/elementwise.h"
#include "ops/quantized_softmax.h"

namespace toucanet {
namespace ops::l2_normalization {
Status infer(InferContext& c) {
  if (c.shape(0).ranked() && c.shape(0).rank() == 0) return c.error("the operand is a scalar");
  return infer_like_input(c);
}
Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  if (x.dtype != DType::F32) return c.no_kernel(x.dtype);
  const int64_t n = x.dims.back();
  if (n == 0) return ok();
  const float* from = x.as<float>().data();
  float* to = c.out<float>().data();
  for (int64_t row = 0; row < x.elements(); row += n, from += n, to += n) {
    double square = 0;
    for (int64_t i = 0; i < n; ++i) square += static_cast<double>(from[i]) * static_cast<double>(from[i]);
    const float length = std::max(static_cast<float>(std::sqrt(square)), 1e-6f);
    for (int64_t i = 0; i < n; ++i) to[i] = activate(c.attrs<L2Normalization>().fused_activation_function, from[i] / length);
  }
  return ok();
}
// Results in 128ths.
template <class T>
Status normalize(EvalContext& c) {
  constexpr int32_t zero = std::is_signed_v<T> ? 0 : 128;
  TRY(const Affine sx, affine_in(c, 0));
  CHECK_OK(check_result(c, 1.0 / 128, zero));
  const int64_t n = c.in(0).dims.back(), total = c.in(0).elements();
  const T* x = c.in<T>(0).data();
  T* y = c.out<T>().data();
  for (int64_t row = 0; row < total; row += n, x += n, y += n) {
    int32_t squares = 0;
    for (int64_t i = 0; i < n; ++i) squares += (x[i] - sx.zero_point) * (x[i] - sx.zero_point);
    FixedMultiplier m = inverse_sqrt(squares);
    if (zero == 0) m.exponent += 7;
    for (int64_t i = 0; i < n; ++i) {
      const int32_t d = x[i] - sx.zero_point;
      y[i] = static_cast<T>(finish(multiply_by_quantized_multiplier(zero ? 128 * d : d, m), zero, range_of<T>()));
    }
  }
  return ok();
}
Status eval_quantized(EvalContext& c) {
  if (c.in(0).elements() == 0) return ok();
  if (c.in(0).dtype == DType::I8) return normalize<int8_t>(c);
  return c.in(0).dtype == DType::U8 ? normalize<uint8_t>(c) : c.no_kernel(c.in(0).dtype);
}
int version(const OpView& v) { return v.out_type(0) == DType::I8 ? 2 : 1; }
std::string refuses(const OpView& v) {
  return v.attrs.as<L2Normalization::Attrs>().fused_activation_function == Activation::None ? "" : "L2_NORMALIZATION takes no activation";
}
constexpr QuantRule quant{.results = QuantRule::Results::Fixed, .types = {DType::I8}, .fixed_scale = 1.0f / 128};
}  // namespace ops::l2_normalization

constinit const OpDef L2Normalization::def = {
    .name = "l2_normalization",
    .summary = "x divided by its length along the last axis",
    .inputs = "x",
    .outputs = "y",
    .attrs = &attr_ops<L2Normalization::Attrs>,
    .infer = ops::l2_normalization::infer,
    .eval = ops::l2_normalization::eval,
    .eval_quantized = ops::l2_normalization::eval_quantized,
    .tflite = {.builtin = "L2_NORMALIZATION",
               .options = "L2NormOptions",
               .types = {DType::F32},
               .quantized = {DType::I8, DType::U8},
               .max_rank = 4,
               .version = ops::l2_normalization::version,
               .refuses = ops::l2_normalization::refuses},
    .quant = &ops::l2_normalization::quant,
};

}  // namespace toucanet
