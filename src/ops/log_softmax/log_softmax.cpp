#include "ops/log_softmax/log_softmax.h"

#include "ir/quant_rule.h"
#include "ops/elementwise.h"
#include "ops/empty.h"
#include "ops/identity/identity.h"
#include "ops/mul/mul.h"
#include "ops/neg/neg.h"
#include "ops/one_hot/one_hot.h"
#include "ops/quantized_softmax.h"
#include "ops/softmax/softmax.h"
#include "ops/sub/sub.h"
#include "ops/sum/sum.h"

namespace toucanet {
namespace ops::log_softmax {
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
    const float top = *std::max_element(from, from + n);
    double sum = 0;
    for (int64_t i = 0; i < n; ++i) sum += std::exp(static_cast<double>(from[i] - top));
    const auto log_sum = static_cast<float>(std::log(sum));
    for (int64_t i = 0; i < n; ++i) to[i] = from[i] - top - log_sum;
  }
  return ok();
}
// Results in sixteenths.
template <class T>
Status log_soft(EvalContext& c) {
  TRY(const Affine sx, affine_in(c, 0));
  CHECK_OK(check_result(c, 16.0 / 256, std::numeric_limits<T>::max()));
  TRY(const ScaledDifference scaled, ScaledDifference::of(c.op(), 1, sx));
  const FixedMultiplier back = quantize_multiplier(static_cast<double>(int64_t{1} << (31 - scaled.multiplier.exponent)) / scaled.multiplier.mantissa);
  const int64_t n = c.in(0).dims.back(), total = c.in(0).elements();
  const T* x = c.in<T>(0).data();
  T* y = c.out<T>().data();
  for (int64_t row = 0; row < total; row += n, x += n, y += n) {
    const int32_t top = *std::max_element(x, x + n);
    const int32_t log_sum = log_of_at_least_one(scaled.sum_of_exps(x, n, top));
    const int32_t least = std::max(scaled.least - 1, multiply_by_quantized_multiplier(log_sum + std::numeric_limits<int32_t>::lowest(), back));
    for (int64_t i = 0; i < n; ++i) {
      int32_t v = std::numeric_limits<T>::lowest();
      if (x[i] - top > least) v = std::max(v, rounding_divide_by_power_of_two(scaled(x[i] - top) - log_sum, 22) + std::numeric_limits<T>::max());
      y[i] = static_cast<T>(std::min<int32_t>(v, std::numeric_limits<T>::max()));
    }
  }
  return ok();
}
Status eval_quantized(EvalContext& c) {
  if (c.in(0).elements() == 0) return ok();
  if (c.in(0).dtype == DType::I8) return log_soft<int8_t>(c);
  return c.in(0).dtype == DType::U8 ? log_soft<uint8_t>(c) : c.no_kernel(c.in(0).dtype);
}
int version(const OpView& v) { return v.type(0) == DType::I8 ? 2 : 1; }
// The loss −Σ labels·log softmax(features), and its gradient.
std::vector<Value> cross_entropy(TfNode& n, Value features, Value labels) {
  const Value products = n.add<Mul>({labels, n.add<LogSoftmax>({features})});
  return {n.add<Neg>({n.add<Sum>({products, n.ints_constant({-1})})}), n.add<Sub>({n.add<Softmax>({features}, {.beta = 1}), labels})};
}
Expected<std::vector<Value>> from_cross_entropy(TfNode& n) {
  const Value features = n.in(0), labels = n.in(1);
  return cross_entropy(n, features, labels);
}
Expected<std::vector<Value>> from_sparse_cross_entropy(TfNode& n) {
  const Value features = n.in(0), labels = n.in(1);
  if (n.failed()) return std::vector<Value>{};
  const Shape& s = n.type(features).shape;
  if (!s.ranked() || s.rank() != 2 || !s[1].known() || s[1].value() > INT32_MAX) {
    n.refuse("the number of classes of [{}] must be known", s.str());
    return std::vector<Value>{};
  }
  const Value classes = n.constant(Tensor::scalar_i32(static_cast<int32_t>(s[1].value())));
  const Value hot = n.add<OneHot>({labels, classes, n.constant(Tensor::scalar(1)), n.constant(Tensor::scalar(0))}, {.axis = -1});
  return cross_entropy(n, features, hot);
}
Expected<std::vector<Value>> from_log_softmax(TfNode& n) {
  if (has_no_elements(n.type(n.in(0)).shape)) return std::vector<Value>{n.add<Identity>({n.in(0)})};
  return import_plain<LogSoftmax>(n);
}
constexpr TfImport imports[] = {{"LogSoftmax", from_log_softmax},
                                {"SoftmaxCrossEntropyWithLogits", from_cross_entropy, "loss,backprop"},
                                {"SparseSoftmaxCrossEntropyWithLogits", from_sparse_cross_entropy, "loss,backprop"}};
constexpr QuantRule quant{.results = QuantRule::Results::Fixed, .types = {DType::I8}, .fixed_scale = 16.0f / 256, .fixed_zero_point = 127};
}  // namespace ops::log_softmax

constinit const OpDef LogSoftmax::def = {
    .name = "log_softmax",
    .summary = "x − log Σ exp(x) along the last axis",
    .inputs = "x",
    .outputs = "y",
    .import_tf = ops::log_softmax::imports,
    .infer = ops::log_softmax::infer,
    .eval = ops::log_softmax::eval,
    .eval_quantized = ops::log_softmax::eval_quantized,
    .tflite = {.builtin = "LOG_SOFTMAX",
               .options = "LogSoftmaxOptions",
               .types = {DType::F32},
               .quantized = {DType::I8, DType::U8},
               .version = ops::log_softmax::version},
    .quant = &ops::log_softmax::quant,
};

}  // namespace toucanet
