#include "ops/quantize/quantize.h"

#include "ops/quantize/quantize_kernels.h"
#include "ops/quantized.h"
#include "ops/table_8bit.h"

namespace toucanet {
namespace ops::quantize {

Status infer(InferContext& c) {
  c.out(c.attrs<Quantize>().result_dtype, c.shape(0));
  return ok();
}

// Half away from zero after a division in float32, as the reference kernel.
template <class T>
void from_float(EvalContext& c, const Quant& q) {
  const Tensor& x = c.in(0);
  const size_t channels = q.scale.size();
  size_t inner = 1;
  for (size_t i = static_cast<size_t>(q.axis) + 1; i < x.rank(); ++i) inner *= static_cast<size_t>(x.dims[i]);
  const auto from = x.as<float>();
  auto y = c.out<T>();
  constexpr auto low = static_cast<double>(std::numeric_limits<T>::min()), high = static_cast<double>(std::numeric_limits<T>::max());
  for (size_t i = 0; i < y.size(); ++i) {
    const size_t k = channels == 1 ? 0 : i / inner % channels;
    const auto zero = static_cast<double>(k < q.zero_point.size() ? q.zero_point[k] : 0);
    const float r = std::round(from[i] / q.scale[k]);
    y[i] = std::isnan(r) ? T(0) : static_cast<T>(std::clamp(static_cast<double>(r) + zero, low, high));
  }
}

template <class X, class Y>
Status rescale(EvalContext& c) {
  TRY(const Affine sx, affine_in(c, 0));
  TRY(const Affine sy, affine_out(c));
  const FixedMultiplier m = quantize_multiplier(static_cast<double>(sx.scale) / static_cast<double>(sy.scale));
  // Wraps, as in TFLite.
  const auto steps = [zero = static_cast<uint32_t>(sx.zero_point)](X v) { return static_cast<int32_t>(static_cast<uint32_t>(v) - zero); };
  const auto x = c.in<X>(0);
  auto y = c.out<Y>();
  for (size_t i = 0; i < y.size(); ++i) y[i] = static_cast<Y>(finish(multiply_by_quantized_multiplier(steps(x[i]), m), sy.zero_point, range_of(c.out().dtype)));
  return ok();
}

Status eval_quantized(EvalContext& c) {
  const Tensor& x = c.in(0);
  const Quant* q = c.out_quant();
  if (!q || q->scale.empty()) return diag("TN3011", "quantize: the result is not quantised");
  Status done = c.no_kernel(x.dtype);
  if (x.dtype == DType::F32) {
    if (q->scale.size() > 1 &&
        (q->axis < 0 || static_cast<size_t>(q->axis) >= x.rank() || static_cast<size_t>(x.dims[static_cast<size_t>(q->axis)]) != q->scale.size()))
      return diag("TN3011", "quantize: {} scales along axis {} of [{}]", q->scale.size(), q->axis, Shape::of(x.dims).str());
    if (dispatch_quantized(c.out().dtype, [&]<class T>(T) { from_float<T>(c, *q); })) return ok();
    return c.no_kernel(c.out().dtype);
  }
  const auto to = [&]<class X>(X) {
    if (!dispatch_quantized(c.out().dtype, [&]<class Y>(Y) { done = rescale<X, Y>(c); }) && c.out().dtype == DType::I32) done = rescale<X, int32_t>(c);
  };
  if (!dispatch_quantized(x.dtype, to) && x.dtype == DType::I32) to(int32_t{});
  return done;
}

int version(const OpView& v) {
  const auto* q = v.out[0]->quant.get();
  if (q && q->scale.size() > 1) return 3;
  return v.out_type(0) == DType::I16 ? 2 : 1;
}
constexpr const Kernel* kernels[] = {&quantize_8bit, &table_8bit};
}  // namespace ops::quantize

constinit const OpDef Quantize::def = {
    .name = "quantize",
    .summary = "the stored numbers nearest to real ones",
    .inputs = "x",
    .outputs = "y",
    .attrs = &attr_ops<Quantize::Attrs>,
    .infer = ops::quantize::infer,
    .eval = ops::quantize::eval_quantized,
    .eval_quantized = ops::quantize::eval_quantized,
    .tflite = {.builtin = "QUANTIZE",
               .options = "QuantizeOptions",
               .types = {DType::F32},
               .quantized = {DType::I8, DType::U8, DType::I16, DType::I32},
               .version = ops::quantize::version},
    .kernels = ops::quantize::kernels,
};

}  // namespace toucanet
