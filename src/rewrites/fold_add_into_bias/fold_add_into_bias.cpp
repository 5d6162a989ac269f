#include "ops/add/add.h"
#include "ops/sub/sub.h"
#include "rewrites/affine.h"

namespace toucanet::rewrites {
namespace fold_add_into_bias_ {
constexpr AnyVar sum{"sum"}, layer{"layer"};
constexpr Var c{"c"};

Verdict when(const Match& m) {
  const Node& n = m.node(layer);
  if (m.type(layer).dtype != DType::F32) return m.reject("the value is {}, not float32", name(m.type(layer).dtype));
  if (activation_of(n) != Activation::None) return m.reject("{} has an activation before the sum", n.op->name);
  if (auto why = along_channels(m.shape(c), m.shape(layer)); !why.empty()) return m.reject("{}", why);
  if (!m.shape(layer)[m.shape(layer).rank() - 1].known()) return m.reject("the number of channels is not known");
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Node& n = m.node(layer);
  const bool minus = m.node(sum).is<Sub>();
  const int64_t channels = m.shape(layer)[m.shape(layer).rank() - 1].value();
  const Value shift = as_channels(p, *m.constant(c), channels);
  const Value before = n.inputs.size() > 2 && n.inputs[2] ? n.inputs[2] : p.constant(Tensor::zeros(DType::F32, {channels}));
  const Value bias = minus ? p.add<Sub>({before, shift}) : p.add<Add>({before, shift});
  const auto* fields = &m.node(sum).attrs;
  const Activation act = minus ? fields->as<Sub::Attrs>().fused_activation_function : fields->as<Add::Attrs>().fused_activation_function;
  return {with_activation(p, n, {n.inputs[0], n.inputs[1], bias}, act)};
}
}  // namespace fold_add_into_bias_

extern const Rewrite fold_add_into_bias;
constinit const Rewrite fold_add_into_bias = {
    .name = "fold_add_into_bias",
    .summary = "layer(x) + c and layer(x) − c become the layer with bias b ± c",
    .mathematics = "(w∗x + b) ± c = w∗x + (b ± c), c along channels",
    .toco = "FuseBinaryIntoPrecedingAffine",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace fold_add_into_bias_;
          return any_of<Add, Sub>(sum, any_of<Conv2D, DepthwiseConv2D, FullyConnected>(layer).with_rest().used_once(), constant(c));
        },
    .when = fold_add_into_bias_::when,
    .build = fold_add_into_bias_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
