#include "ops/neg/neg.h"
#include "ops/sub/sub.h"
#include "rewrites/affine.h"

namespace toucanet::rewrites {
namespace fold_sub_into_filter_ {
constexpr NodeVar<Sub> difference{"difference"};
constexpr AnyVar layer{"layer"};
constexpr Var c{"c"};

Verdict when(const Match& m) {
  const Node& n = m.node(layer);
  if (m.type(layer).dtype != DType::F32) return m.reject("the value is {}, not float32", name(m.type(layer).dtype));
  if (activation_of(n) != Activation::None) return m.reject("{} has an activation before the difference", n.op->name);
  if (!m.graph()[n.inputs[1]].constant) return m.reject("the filter is not constant");
  if (auto why = along_channels(m.shape(c), m.shape(layer)); !why.empty()) return m.reject("{}", why);
  if (!m.shape(layer)[m.shape(layer).rank() - 1].known()) return m.reject("the number of channels is not known");
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Node& n = m.node(layer);
  const Value shift = as_channels(p, *m.constant(c), m.shape(layer)[m.shape(layer).rank() - 1].value());
  const Value bias = n.inputs.size() > 2 && n.inputs[2] ? p.add<Sub>({shift, n.inputs[2]}) : shift;
  return {with_activation(p, n, {n.inputs[0], p.add<Neg>({n.inputs[1]}), bias}, m.attrs(difference).fused_activation_function)};
}
}  // namespace fold_sub_into_filter_

extern const Rewrite fold_sub_into_filter;
constinit const Rewrite fold_sub_into_filter = {
    .name = "fold_sub_into_filter",
    .summary = "c − layer(x) becomes the layer with filter −w and bias c − b",
    .mathematics = "c − (w∗x + b) = (−w)∗x + (c − b), c along channels",
    .toco = "FuseBinaryIntoPrecedingAffine (which forgot to negate the filter)",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace fold_sub_into_filter_;
          return difference(constant(c), any_of<Conv2D, DepthwiseConv2D, FullyConnected>(layer).with_rest().used_once());
        },
    .when = fold_sub_into_filter_::when,
    .build = fold_sub_into_filter_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
