#include "ops/add/add.h"
#include "ops/neg/neg.h"
#include "ops/reshape/reshape.h"
#include "ops/sub/sub.h"
#include "rewrites/affine.h"

namespace toucanet::rewrites {
namespace fold_add_into_following_bias_ {
constexpr AnyVar layer{"layer"}, sum{"sum"};
constexpr Var x{"x"}, c{"c"}, w{"w"}, b{"b"};

Verdict when(const Match& m) {
  const Node& n = m.node(layer);
  if (m.type(x).dtype != DType::F32 || m.type(w).dtype != DType::F32)
    return m.reject("the value is {}, the filter {}", name(m.type(x).dtype), name(m.type(w).dtype));
  if (m.node(sum).attrs.str() != "") return m.reject("{} has an activation before the layer", m.node(sum).op->name);
  const bool same_padding =
      n.is<Conv2D>() ? n.as<Conv2D>().padding == Padding::Same : n.is<DepthwiseConv2D>() && n.as<DepthwiseConv2D>().padding == Padding::Same;
  if (same_padding) return m.reject("SAME pads with zeros, not with the constant");
  if (!same(m.shape(x), m.shape(sum))) return m.reject("the constant broadcasts [{}] to [{}]", m.shape(x).str(), m.shape(sum).str());
  if (auto why = along_channels(m.shape(c), m.shape(x)); !why.empty()) return m.reject("{}", why);
  const Dim& channels = m.shape(x)[m.shape(x).rank() - 1];
  if (!channels.known()) return m.reject("the number of channels is not known");
  if (n.is<FullyConnected>() && !same(channels, m.shape(w)[1]))
    return m.reject("the layer reads rows of {} elements, x has {}", m.shape(w)[1].str(), channels.str());
  return accept();
}

// The layer of an operand that is the constant everywhere is the shift of its bias.
std::vector<Value> build(const Match& m, Patch& p) {
  const Node& n = m.node(layer);
  const Shape& f = m.shape(w);
  const int64_t channels = m.shape(x)[m.shape(x).rank() - 1].value(), outputs = f[channel_axis(n)].value();
  std::vector<int64_t> window{1, channels};
  if (!n.is<FullyConnected>()) window = {1, f[1].value(), f[2].value(), channels};
  Tensor t = Tensor::zeros(DType::F32, window);
  const Tensor given = m.constant(c)->aligned();
  const auto from = given.as<float>();
  auto to = t.as_mutable<float>();
  for (size_t i = 0; i < to.size(); ++i) to[i] = from[i % from.size()];
  const Value image = p.constant(std::move(t));
  Value shift;
  if (n.is<FullyConnected>()) {
    shift = p.add<FullyConnected>({image, m[w]});
  } else {
    if (n.is<Conv2D>()) shift = p.add<Conv2D>({image, m[w]}, {.padding = Padding::Valid});
    else shift = p.add<DepthwiseConv2D>({image, m[w]}, {.padding = Padding::Valid, .depth_multiplier = n.as<DepthwiseConv2D>().depth_multiplier});
  }
  shift = p.add<Reshape>({shift, p.ints({outputs})});
  if (m.node(sum).is<Sub>()) shift = p.add<Neg>({shift});
  return {p.copy(n, {m[x], m[w], m[b] ? p.add<Add>({m[b], shift}) : shift})};
}
}  // namespace fold_add_into_following_bias_

extern const Rewrite fold_add_into_following_bias;
constinit const Rewrite fold_add_into_following_bias = {
    .name = "fold_add_into_following_bias",
    .summary = "layer(x + c) and layer(x − c) become the layer with bias b ± w∗c, unless it pads",
    .mathematics = "w∗(x ± c) + b = w∗x + (b ± w∗c) where every window is full",
    .toco = "FuseBinaryIntoFollowingAffine",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace fold_add_into_following_bias_;
          return any_of<Conv2D, DepthwiseConv2D, FullyConnected>(layer, any_of<Add, Sub>(sum, x, constant(c)).used_once(), constant(w), optional(b));
        },
    .when = fold_add_into_following_bias_::when,
    .build = fold_add_into_following_bias_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
