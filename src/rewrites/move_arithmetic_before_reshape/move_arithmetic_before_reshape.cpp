#include "ops/add/add.h"
#include "ops/div/div.h"
#include "ops/mul/mul.h"
#include "ops/reshape/reshape.h"
#include "ops/sub/sub.h"
#include "rewrites/affine.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace move_arithmetic_before_reshape_ {
constexpr AnyVar arithmetic{"arithmetic"}, layer{"layer"};
constexpr NodeVar<Reshape> reshape{"reshape"};
constexpr Var shape{"shape"}, c{"c"};

Verdict when(const Match& m) {
  const Shape &from = m.shape(layer), &to = m.shape(reshape);
  if (m.type(layer).dtype != DType::F32) return m.reject("the value is {}, not float32", name(m.type(layer).dtype));
  if (activation_of(m.node(layer)) != Activation::None) return m.reject("{} has an activation", m.node(layer).op->name);
  if (!from.ranked() || !to.ranked() || from.rank() == 0 || to.rank() == 0) return m.reject("the ranks are not known");
  const Dim& channels = from[from.rank() - 1];
  if (!channels.known() || !same(channels, to[to.rank() - 1]))
    return m.reject("the reshape from [{}] to [{}] does not keep the channels", from.str(), to.str());
  if (auto why = along_channels(m.shape(c), to); !why.empty()) return m.reject("{}", why);
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Shape& from = m.shape(layer);
  const Value vector = as_channels(p, *m.constant(c), from[from.rank() - 1].value());
  return {p.add<Reshape>({p.copy(m.node(arithmetic), {m[layer], vector}), m[shape]})};
}
}  // namespace move_arithmetic_before_reshape_

extern const Rewrite move_arithmetic_before_reshape;
constinit const Rewrite move_arithmetic_before_reshape = {
    .name = "move_arithmetic_before_reshape",
    .summary = "arithmetic with a constant along channels, behind a reshape of a layer, moves to the layer",
    .mathematics = "a reshape that keeps the last axis keeps each element's channel",
    .toco = "MoveBinaryOperatorBeforeReshape (which compared the wrong shapes)",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace move_arithmetic_before_reshape_;
          return any_of<Add, Sub, Mul, Div>(
              arithmetic, reshape(any_of<Conv2D, DepthwiseConv2D, FullyConnected>(layer).with_rest().used_once(), shape).used_once(), constant(c));
        },
    .when = move_arithmetic_before_reshape_::when,
    .build = move_arithmetic_before_reshape_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
