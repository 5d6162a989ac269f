#include "ops/expand_dims/expand_dims.h"
#include "ops/reshape/reshape.h"
#include "ops/squeeze/squeeze.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace lower_squeeze_into_reshape_ {
constexpr Var x{"x"};
constexpr AnyVar movement{"movement"};

Verdict when(const Match& m) {
  if (!as_reshape(m.root_type().shape)) return m.reject("a reshape cannot make [{}]", m.root_type().shape.str());
  return accept();
}
}  // namespace lower_squeeze_into_reshape_

extern const Rewrite lower_squeeze_into_reshape;
constinit const Rewrite lower_squeeze_into_reshape = {
    .name = "lower_squeeze_into_reshape",
    .summary = "squeeze and expand_dims to a shape with at most one unknown dimension become reshape",
    .toco = "ConvertSqueezeToReshape, ConvertExpandDimsToReshape",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace lower_squeeze_into_reshape_;
          return any_of<Squeeze, ExpandDims>(movement, x).with_rest();
        },
    .when = lower_squeeze_into_reshape_::when,
    .build =
        [](const Match& m, Patch& p) {
          return std::vector<Value>{p.add<Reshape>({m[lower_squeeze_into_reshape_::x], p.ints(*as_reshape(m.root_type().shape))})};
        },
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
