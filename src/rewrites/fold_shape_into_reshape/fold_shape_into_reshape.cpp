#include "ops/reshape/reshape.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace fold_shape_into_reshape_ {
constexpr NodeVar<Reshape> reshape{"reshape"};
constexpr Var x{"x"}, shape{"shape"};

Verdict when(const Match& m) {
  if (m.constant(shape)) return m.needless("the shape is constant");
  if (!as_reshape(m.root_type().shape)) return m.reject("more than one size of [{}] is not known", m.root_type().shape.str());
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) { return {p.add<Reshape>({m[x], p.ints(*as_reshape(m.root_type().shape))}, m.attrs(reshape))}; }
}  // namespace fold_shape_into_reshape_

extern const Rewrite fold_shape_into_reshape;
constinit const Rewrite fold_shape_into_reshape = {
    .name = "fold_shape_into_reshape",
    .summary = "a shape that is computed, but for one size known, becomes a constant with −1",
    .mathematics = "the number of elements tells the one size that is not known",
    .toco = "ResolveReshapeAttributes",
    .stage = Stage::Clean,
    .pattern =
        [] {
          using namespace fold_shape_into_reshape_;
          return reshape(x, shape);
        },
    .when = fold_shape_into_reshape_::when,
    .build = fold_shape_into_reshape_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
