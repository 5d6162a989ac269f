#include "ops/div/div.h"
#include "ops/mul/mul.h"
#include "rewrites/affine.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace fold_mul_into_following_filter_ {
constexpr AnyVar layer{"layer"}, product{"product"};
constexpr Var x{"x"}, c{"c"}, w{"w"}, b{"b"};

Verdict when(const Match& m) {
  const Node& n = m.node(layer);
  if (m.type(x).dtype != DType::F32 || m.type(w).dtype != DType::F32)
    return m.reject("the value is {}, the filter {}", name(m.type(x).dtype), name(m.type(w).dtype));
  if (m.node(product).attrs.str() != "") return m.reject("{} has an activation before the layer", m.node(product).op->name);
  if (!same(m.shape(x), m.shape(product))) return m.reject("the constant broadcasts [{}] to [{}]", m.shape(x).str(), m.shape(product).str());
  if (auto why = along_channels(m.shape(c), m.shape(x)); !why.empty()) return m.reject("{}", why);
  if (m.constant(c)->elements() == 1) return accept();
  const Shape& f = m.shape(w);
  const Dim& channels = m.shape(x)[m.shape(x).rank() - 1];
  if (n.is<DepthwiseConv2D>() ? n.as<DepthwiseConv2D>().depth_multiplier * m.constant(c)->elements() != f[3].value() : !same(f[f.rank() - 1], channels))
    return m.reject("the filter [{}] does not have one plane for each of the {} channels", f.str(), channels.str());
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Node& n = m.node(layer);
  const Shape& f = m.shape(w);
  const int64_t planes = f[f.rank() - 1].value();
  Tensor t = Tensor::zeros(DType::F32, {planes});
  const Tensor given = m.constant(c)->aligned();
  const auto from = given.as<float>();
  for (int64_t i = 0; i < planes; ++i)
    t.as_mutable<float>()[static_cast<size_t>(i)] = from[from.size() == 1 ? 0 : static_cast<size_t>(i) * from.size() / static_cast<size_t>(planes)];
  const Value factor = p.constant(std::move(t));
  std::vector<Value> in = n.inputs;
  in[0] = m[x];
  in[1] = m.node(product).is<Div>() ? p.add<Div>({m[w], factor}) : p.add<Mul>({m[w], factor});
  return {p.copy(n, std::move(in))};
}
}  // namespace fold_mul_into_following_filter_

extern const Rewrite fold_mul_into_following_filter;
constinit const Rewrite fold_mul_into_following_filter = {
    .name = "fold_mul_into_following_filter",
    .summary = "layer(x·c) and layer(x/c) become the layer with the filter scaled",
    .mathematics = "w∗(x·c) + b = (w·c)∗x + b, c along input channels; zeros that SAME pads with stay zeros",
    .toco = "FuseBinaryIntoFollowingAffine",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace fold_mul_into_following_filter_;
          return any_of<Conv2D, DepthwiseConv2D, FullyConnected>(layer, any_of<Mul, Div>(product, x, constant(c)).used_once(), constant(w), optional(b));
        },
    .when = fold_mul_into_following_filter_::when,
    .build = fold_mul_into_following_filter_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
