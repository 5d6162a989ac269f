#include "ops/expand_dims/expand_dims.h"
#include "ops/reshape/reshape.h"
#include "ops/squeeze/squeeze.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace drop_trivial_reshape_ {
constexpr Var x{"x"};
constexpr AnyVar movement{"movement"};

Verdict when(const Match& m) {
  if (!same(m.shape(x), m.root_type().shape)) return m.reject("[{}] becomes [{}]", m.shape(x).str(), m.root_type().shape.str());
  return accept();
}
}  // namespace drop_trivial_reshape_

extern const Rewrite drop_trivial_reshape;
constinit const Rewrite drop_trivial_reshape = {
    .name = "drop_trivial_reshape",
    .summary = "a reshape, squeeze or expand_dims to the same shape becomes its operand",
    .toco = "RemoveTrivialReshape",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace drop_trivial_reshape_;
          return any_of<Reshape, Squeeze, ExpandDims>(movement, x).with_rest();
        },
    .when = drop_trivial_reshape_::when,
    .build = [](const Match& m, Patch&) { return std::vector<Value>{m[drop_trivial_reshape_::x]}; },
};
}  // namespace toucanet::rewrites
