#include "ops/fully_connected/fully_connected_quantized.h"

#include "ops/fully_connected/fully_connected.h"

namespace toucanet::ops::fully_connected {

Expected<Accumulation> product_accumulation(const OpDef& op, const Tensor& x, const Tensor& w, const Tensor* bias, const Tensor& y, Activation a,
                                            Rounding rounding) {
  const bool one = w.quant && w.quant->scale.size() == 1;
  return accumulation(op, x, w, bias, y, w.dims[0], a, rounding, one ? ScaleProduct::Float : ScaleProduct::Double);
}

bool rounds_once(const Tensor& x, const Tensor& w, const Tensor* bias) {
  if (x.dtype == DType::I16) return !(bias && bias->dtype == DType::I32);
  return x.dtype == w.dtype && (x.dtype == DType::I8 || x.dtype == DType::U8);
}

int32_t rounded_once(const Accumulation& acc, int64_t sum, int64_t unit) {
  const FixedMultiplier m = acc.multipliers[static_cast<size_t>(unit)];
  const int32_t shift = 31 - m.exponent;
  if (acc.wide) {
    __extension__ using Long = __int128;
    const Long product = Long{sum} * m.mantissa;
    const Long y = shift < 1 ? product : (product + (Long{1} << (shift - 1))) >> shift;  // beyond all bounds, or 0
    return static_cast<int32_t>(std::clamp<Long>(y + acc.y.zero_point, acc.range.low, acc.range.high));
  }
  const auto scaled = static_cast<int64_t>(static_cast<int32_t>(sum)) * m.mantissa;
  if (shift < 1) return finish(multiply_by_quantized_multiplier(static_cast<int32_t>(sum), m), acc.y.zero_point, acc.range);
  return static_cast<int32_t>(std::clamp<int64_t>(((scaled + (int64_t{1} << (shift - 1))) >> shift) + acc.y.zero_point, acc.range.low, acc.range.high));
}

namespace {

template <class X, class W, class Y = X>
Status multiply(EvalContext& c) {
  const auto& a = c.attrs<FullyConnected>();
  const Tensor* bias = c.has(2) ? &c.in(2) : nullptr;
  TRY(const Accumulation acc, product_accumulation(c.op(), c.in(0), c.in(1), bias, c.out(), a.fused_activation_function, c.executor().rounding()));
  if (c.out().elements() == 0) return ok();
  const int64_t units = c.in(1).dims[0], depth = c.in(1).dims[1], rows = c.out().elements() / units;
  const X* x = c.in<X>(0).data();
  Y* y = c.out<Y>().data();
  const bool once = std::is_same_v<X, Y> && acc.to_even.empty() && rounds_once(c.in(0), c.in(1), bias);
  for (int64_t r = 0; r < rows; ++r, x += depth) {
    const W* w = c.in<W>(1).data();
    for (int64_t u = 0; u < units; ++u, w += depth) {
      int64_t sum = 0;
      for (int64_t k = 0; k < depth; ++k) sum += int64_t{x[k] - acc.x_zero} * (w[k] - acc.w_zero);
      *y++ = static_cast<Y>(once ? rounded_once(acc, acc.with_bias(sum, u), u) : acc.result(acc.with_bias(sum, u), u));
    }
  }
  return ok();
}

Status multiply_hybrid(EvalContext& c) {
  const auto& a = c.attrs<FullyConnected>();
  if (c.has(2) && c.in(2).dtype != DType::F32) return c.no_kernel(c.in(2).dtype);
  const int64_t units = c.in(1).dims[0], depth = c.in(1).dims[1];
  TRY(const auto scales, channel_scales(c.op(), c.in(1), units, "the weights"));
  if (c.out().elements() == 0) return ok();
  const int64_t rows = c.out().elements() / units;
  const float* bias = c.has(2) ? c.in<float>(2).data() : nullptr;
  std::vector<int8_t> q(static_cast<size_t>(depth));
  float* y = c.out<float>().data();
  for (int64_t r = 0; r < rows; ++r) {
    const HybridRow row = quantize_row(c.in<float>(0).subspan(static_cast<size_t>(r * depth), q.size()), q.data(), a.asymmetric_quantize_inputs);
    const int8_t* w = c.in<int8_t>(1).data();
    for (int64_t u = 0; u < units; ++u, w += depth) {
      int32_t sum = 0;
      for (int64_t k = 0; k < depth; ++k) sum += (q[static_cast<size_t>(k)] - row.zero_point) * w[k];
      const float scaled = static_cast<float>(sum) * (row.scale * scales[static_cast<size_t>(u)]);
      *y++ = activate(a.fused_activation_function, scaled + (bias ? bias[u] : 0.0f));
    }
  }
  return ok();
}

}  // namespace

Status eval_quantized(EvalContext& c) {
  const DType x = c.in(0).dtype, w = c.in(1).dtype, y = c.out().dtype;
  if (c.attrs<FullyConnected>().weights_format != WeightsFormat::Default) return c.error("its weights are shuffled");
  if (x == DType::F32 && y == DType::F32 && w == DType::I8) return multiply_hybrid(c);
  if (x == DType::U8 && w == DType::U8 && y == DType::I16) return multiply<uint8_t, uint8_t, int16_t>(c);
  if (y != x) return c.no_kernel(y);
  if (x == DType::I8 && w == DType::I8) return multiply<int8_t, int8_t>(c);
  if (x == DType::U8 && w == DType::U8) return multiply<uint8_t, uint8_t>(c);
  if (x == DType::I16 && w == DType::I8) return multiply<int16_t, int8_t>(c);
  if (x == DType::I16 && w == DType::I16) return multiply<int16_t, int16_t>(c);
  return c.no_kernel(w);
}

}  // namespace toucanet::ops::fully_connected
