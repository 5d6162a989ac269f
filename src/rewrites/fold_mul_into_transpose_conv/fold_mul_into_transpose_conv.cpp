#include "ops/div/div.h"
#include "ops/mul/mul.h"
#include "ops/reshape/reshape.h"
#include "ops/transpose_conv/transpose_conv.h"
#include "rewrites/affine.h"

namespace toucanet::rewrites {
namespace fold_mul_into_transpose_conv_ {
constexpr AnyVar product{"product"};
constexpr NodeVar<TransposeConv> layer{"layer"};
constexpr Var shape{"shape"}, w{"w"}, x{"x"}, b{"b"}, c{"c"};

Verdict when(const Match& m) {
  if (m.type(layer).dtype != DType::F32) return m.reject("the value is {}, not float32", name(m.type(layer).dtype));
  if (m.attrs(layer).fused_activation_function != Activation::None) return m.reject("transpose_conv has an activation before the product");
  if (!m.constant(w) || (m[b] && !m.constant(b))) return m.reject("the filter or bias is not constant");
  if (auto why = along_channels(m.shape(c), m.shape(layer)); !why.empty()) return m.reject("{}", why);
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const bool divide = m.node(product).is<Div>();
  const auto times = [&](Value a, Value f) { return divide ? p.add<Div>({a, f}) : p.add<Mul>({a, f}); };
  const int64_t channels = m.shape(w)[0].value();
  const Value factor = as_channels(p, *m.constant(c), channels);
  std::vector<Value> in{m[shape], times(m[w], p.add<Reshape>({factor, p.ints({channels, 1, 1, 1})})), m[x]};
  if (m[b]) in.push_back(times(m[b], factor));
  return {with_activation(p, m.node(layer), std::move(in), activation_of(m.node(product)))};
}
}  // namespace fold_mul_into_transpose_conv_

extern const Rewrite fold_mul_into_transpose_conv;
constinit const Rewrite fold_mul_into_transpose_conv = {
    .name = "fold_mul_into_transpose_conv",
    .summary = "transpose_conv(x)·c and /c become the layer with filter w·c and bias b·c",
    .mathematics = "each output channel is a sum of products with its part of the filter",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace fold_mul_into_transpose_conv_;
          return any_of<Mul, Div>(product, layer(shape, w, x, optional(b)).used_once(), constant(c));
        },
    .when = fold_mul_into_transpose_conv_::when,
    .build = fold_mul_into_transpose_conv_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
