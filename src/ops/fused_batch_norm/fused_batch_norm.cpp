#include "ops/fused_batch_norm/fused_batch_norm.h"

#include <cmath>

#include "import/graphdef/tf_node.h"
#include "ops/transpose/transpose.h"
#include "runtime/eval_context.h"

namespace toucanet {
namespace ops::fused_batch_norm {

Status infer(InferContext& c) {
  const Shape& x = c.shape(0);
  if (x.ranked() && x.rank() < 2) return c.error("x [{}] must have rank 4", x.str());
  for (size_t i = 1; i < c.inputs(); ++i) {
    const Shape& p = c.shape(i);
    if (c.dtype(i) != DType::F32) return c.error("parameter {} is {}", i, name(c.dtype(i)));
    const bool unused = c.attrs<FusedBatchNorm>().is_training && i >= 3;
    if (!unused && p.ranked() && x.ranked() && (p.rank() != 1 || differ(p[0], x[x.rank() - 1])))
      return c.error("parameter {} has the shape [{}], x has {} channels", i, p.str(), x[x.rank() - 1].str());
  }
  const Shape channels{x.ranked() ? x[x.rank() - 1] : Dim::unknown()};
  c.out(c.dtype(0), x);
  c.out(c.dtype(1), channels);
  c.out(c.dtype(1), channels);
  return ok();
}

Status eval(EvalContext& c) {
  const auto& a = c.attrs<FusedBatchNorm>();
  const Tensor& x = c.in(0);
  if (x.dtype != DType::F32) return c.no_kernel(x.dtype);
  const auto n = static_cast<size_t>(x.dims.back());
  const size_t rows = n ? static_cast<size_t>(x.elements()) / n : 0;
  const auto from = x.as<float>();
  std::vector<float> mean(n), variance(n);
  if (a.is_training) {
    for (size_t k = 0; k < n; ++k) {
      double sum = 0, square = 0;
      for (size_t r = 0; r < rows; ++r) sum += from[r * n + k];
      const double m = rows ? sum / static_cast<double>(rows) : 0;
      for (size_t r = 0; r < rows; ++r) square += (from[r * n + k] - m) * (from[r * n + k] - m);
      mean[k] = static_cast<float>(m);
      variance[k] = rows ? static_cast<float>(square / static_cast<double>(rows)) : 0;
    }
  } else {
    std::copy_n(c.in<float>(3).begin(), n, mean.begin());
    std::copy_n(c.in<float>(4).begin(), n, variance.begin());
  }
  const auto scale = c.in<float>(1), offset = c.in<float>(2);
  auto y = c.out<float>(0);
  for (size_t k = 0; k < n; ++k) {
    const float f = scale[k] / std::sqrt(variance[k] + a.epsilon);
    for (size_t r = 0; r < rows; ++r) y[r * n + k] = (from[r * n + k] - mean[k]) * f + offset[k];
    c.out<float>(1)[k] = mean[k];
    // TensorFlow's training mode gives the unbiased variance.
    c.out<float>(2)[k] = a.is_training && rows > 1 ? variance[k] * static_cast<float>(rows) / static_cast<float>(rows - 1) : variance[k];
  }
  return ok();
}

std::vector<Value> results(TfNode& n, const std::vector<Value>& made, size_t count) {
  std::vector<Value> out = made;
  if (made.empty()) return out;
  while (out.size() < count) out.push_back(made[out.size() % 2 ? 1 : 2]);  // reserve spaces repeat mean and variance
  (void)n;
  return out;
}
// Channels first, which layer normalisation is written with: moved behind and back.
Expected<std::vector<Value>> from_tf(TfNode& n) {
  const auto format = n.string("data_format", "NHWC");
  if (format != "NHWC" && format != "NCHW") n.refuse("data_format {} is not supported, only NHWC and NCHW are", format);
  const float avg = n.number("exponential_avg_factor", 1);
  const bool training = n.flag("is_training", true);
  if (training && avg != 1) n.refuse("exponential_avg_factor {} in training mode is not supported", avg);
  std::vector<Value> in;
  for (size_t i = 0; i < 5; ++i) in.push_back(n.in(i));
  if (format == "NCHW") in[0] = n.add<Transpose>({in[0], n.ints_constant({0, 2, 3, 1})});
  auto made = n.add_all<FusedBatchNorm>(in, {.epsilon = n.number("epsilon", 1e-4f), .is_training = training});
  if (format == "NCHW" && !made.empty()) made[0] = n.add<Transpose>({made[0], n.ints_constant({0, 3, 1, 2})});
  return results(n, made, n.op() == "FusedBatchNormV3" ? 6 : 5);
}
// (t, mean, variance, beta, gamma)
Expected<std::vector<Value>> from_global(TfNode& n) {
  const bool scaled = n.flag("scale_after_normalization", true);
  const float epsilon = n.number("variance_epsilon", 0);
  Value gamma = n.in(4);
  if (n.failed()) return std::vector<Value>{};
  if (!scaled) {
    const Shape& s = n.type(gamma).shape;
    if (!s.is_static()) {
      n.refuse("gamma's shape must be known");
      return std::vector<Value>{};
    }
    Tensor ones = Tensor::zeros(DType::F32, s.to_vector());
    for (float& v : ones.as_mutable<float>()) v = 1;
    gamma = n.constant(std::move(ones));
  }
  const auto made = n.add_all<FusedBatchNorm>({n.in(0), gamma, n.in(3), n.in(1), n.in(2)}, {.epsilon = epsilon, .is_training = false});
  return made.empty() ? std::vector<Value>{} : std::vector<Value>{made[0]};
}
constexpr std::string_view names = "y,batch_mean,batch_variance,reserve_space_1,reserve_space_2,reserve_space_3";
constexpr TfImport imports[] = {{"FusedBatchNorm", from_tf, names},
                                {"FusedBatchNormV2", from_tf, names},
                                {"FusedBatchNormV3", from_tf, names},
                                {"BatchNormWithGlobalNormalization", from_global}};
}  // namespace ops::fused_batch_norm

constinit const OpDef FusedBatchNorm::def = {
    .name = "fused_batch_norm",
    .summary = "scale·(x − mean)/√(variance + epsilon) + offset",
    .inputs = "x, scale, offset, mean, variance",
    .outputs = "y, batch_mean, batch_variance",
    .attrs = &attr_ops<FusedBatchNorm::Attrs>,
    .import_tf = ops::fused_batch_norm::imports,
    .infer = ops::fused_batch_norm::infer,
    .eval = ops::fused_batch_norm::eval,
    .legal_until = Stage::Lower,
};

}  // namespace toucanet
