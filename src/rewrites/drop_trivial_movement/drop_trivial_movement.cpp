#include "ops/cast/cast.h"
#include "ops/concatenation/concatenation.h"
#include "ops/pad/pad.h"
#include "ops/pad_with_value/pad_with_value.h"
#include "ops/slice/slice.h"
#include "ops/strided_slice/strided_slice.h"
#include "ops/tile/tile.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace drop_trivial_movement_ {
constexpr Var x{"x"};
constexpr AnyVar movement{"movement"};

Verdict when(const Match& m) {
  const Node& n = m.node(movement);
  if (n.is<Cast>()) {
    if (m.type(x).dtype != m.root_type().dtype) return m.reject("{} becomes {}", name(m.type(x).dtype), name(m.root_type().dtype));
    return accept();
  }
  if (n.is<Concatenation>()) {
    if (n.inputs.size() != 1) return m.reject("{} operands are joined", n.inputs.size());
    if (n.as<Concatenation>().fused_activation_function != Activation::None) return m.reject("concatenation has an activation");
    return accept();
  }
  if (n.is<Tile>() || n.is<Pad>() || n.is<PadWithValue>()) {
    const int64_t nothing = n.is<Tile>() ? 1 : 0;
    const Tensor* t = m.graph().constant(n.inputs[1]);
    if (!t) return m.reject("how much is not constant");
    for (int64_t v : integers(t))
      if (v != nothing) return m.reject("{} by {}", n.op->name, v);
    return accept();
  }
  // A block of the same size begins at 0; with strides of 1 its elements keep their order.
  if (!same(m.shape(x), m.root_type().shape)) return m.reject("[{}] becomes [{}]", m.shape(x).str(), m.root_type().shape.str());
  if (n.is<StridedSlice>()) {
    const Tensor* t = m.graph().constant(n.inputs[3]);
    if (!t) return m.reject("the strides are not constant");
    for (int64_t s : integers(t))
      if (s != 1) return m.reject("a stride is {}", s);
  }
  return accept();
}
}  // namespace drop_trivial_movement_

extern const Rewrite drop_trivial_movement;
constinit const Rewrite drop_trivial_movement = {
    .name = "drop_trivial_movement",
    .summary = "a slice of everything, a concatenation of one, a tile by ones, a pad by nothing, a cast to the same type become x",
    .toco = "RemoveTrivialSlice, RemoveTrivialConcatenation",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace drop_trivial_movement_;
          return any_of<Cast, Concatenation, Pad, PadWithValue, Slice, StridedSlice, Tile>(movement, x).with_rest();
        },
    .when = drop_trivial_movement_::when,
    .build = [](const Match& m, Patch&) { return std::vector<Value>{m[drop_trivial_movement_::x]}; },
};
}  // namespace toucanet::rewrites
