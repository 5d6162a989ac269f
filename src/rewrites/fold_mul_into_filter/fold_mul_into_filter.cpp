#include "ops/div/div.h"
#include "ops/mul/mul.h"
#include "ops/reshape/reshape.h"
#include "rewrites/affine.h"

namespace toucanet::rewrites {
namespace fold_mul_into_filter_ {
constexpr AnyVar product{"product"}, layer{"layer"};
constexpr Var c{"c"};

Verdict when(const Match& m) {
  const Node& n = m.node(layer);
  if (m.type(layer).dtype != DType::F32) return m.reject("the value is {}, not float32", name(m.type(layer).dtype));
  if (activation_of(n) != Activation::None) return m.reject("{} has an activation before the product", n.op->name);
  if (!m.graph()[n.inputs[1]].constant) return m.reject("the filter is not constant");
  if (n.inputs.size() > 2 && n.inputs[2] && !m.graph()[n.inputs[2]].constant) return m.reject("the bias is not constant");
  if (auto why = along_channels(m.shape(c), m.shape(layer)); !why.empty()) return m.reject("{}", why);
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Node& n = m.node(layer);
  const bool divide = m.node(product).is<Div>();
  const auto times = [&](Value a, Value b) { return divide ? p.add<Div>({a, b}) : p.add<Mul>({a, b}); };
  const Shape& filter = m.graph().type(n.inputs[1]).shape;
  const size_t axis = channel_axis(n);
  const int64_t channels = filter[axis].value();
  const Value factor = as_channels(p, *m.constant(c), channels);
  std::vector<int64_t> dims(filter.rank(), 1);
  dims[axis] = channels;
  std::vector<Value> in = n.inputs;
  in[1] = times(in[1], p.add<Reshape>({factor, p.ints(dims)}));
  if (in.size() > 2 && in[2]) in[2] = times(in[2], factor);
  const auto& a = m.node(product).attrs;
  return {with_activation(p, n, in, divide ? a.as<Div::Attrs>().fused_activation_function : a.as<Mul::Attrs>().fused_activation_function)};
}
}  // namespace fold_mul_into_filter_

extern const Rewrite fold_mul_into_filter;
constinit const Rewrite fold_mul_into_filter = {
    .name = "fold_mul_into_filter",
    .summary = "layer(x)·c and layer(x)/c become the layer with filter w·c and bias b·c",
    .mathematics = "(w∗x + b)·c = (w·c)∗x + b·c, c along channels",
    .toco = "FuseBinaryIntoPrecedingAffine",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace fold_mul_into_filter_;
          return any_of<Mul, Div>(product, any_of<Conv2D, DepthwiseConv2D, FullyConnected>(layer).with_rest().used_once(), constant(c));
        },
    .when = fold_mul_into_filter_::when,
    .build = fold_mul_into_filter_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
