#include "ops/add/add.h"
#include "ops/sub/sub.h"
#include "ops/transpose_conv/transpose_conv.h"
#include "rewrites/affine.h"

namespace toucanet::rewrites {
namespace fold_add_into_transpose_conv_ {
constexpr AnyVar sum{"sum"};
constexpr NodeVar<TransposeConv> layer{"layer"};
constexpr Var shape{"shape"}, w{"w"}, x{"x"}, b{"b"}, c{"c"};

Verdict when(const Match& m) {
  if (m.type(layer).dtype != DType::F32) return m.reject("the value is {}, not float32", name(m.type(layer).dtype));
  if (m.attrs(layer).fused_activation_function != Activation::None) return m.reject("transpose_conv has an activation before the sum");
  if (auto why = along_channels(m.shape(c), m.shape(layer)); !why.empty()) return m.reject("{}", why);
  if (!m.shape(layer)[3].known()) return m.reject("the number of channels is not known");
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const int64_t channels = m.shape(layer)[3].value();
  const Value shift = as_channels(p, *m.constant(c), channels);
  const Value before = m[b] ? m[b] : p.constant(Tensor::zeros(DType::F32, {channels}));
  const Value bias = m.node(sum).is<Sub>() ? p.add<Sub>({before, shift}) : p.add<Add>({before, shift});
  return {with_activation(p, m.node(layer), {m[shape], m[w], m[x], bias}, activation_of(m.node(sum)))};
}
}  // namespace fold_add_into_transpose_conv_

extern const Rewrite fold_add_into_transpose_conv;
constinit const Rewrite fold_add_into_transpose_conv = {
    .name = "fold_add_into_transpose_conv",
    .summary = "transpose_conv(x) ± c becomes the layer with bias b ± c",
    .mathematics = "the bias is added to every element of its channel",
    .toco = "FuseBinaryIntoPrecedingAffine",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace fold_add_into_transpose_conv_;
          return any_of<Add, Sub>(sum, layer(shape, w, x, optional(b)).used_once(), constant(c));
        },
    .when = fold_add_into_transpose_conv_::when,
    .build = fold_add_into_transpose_conv_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
