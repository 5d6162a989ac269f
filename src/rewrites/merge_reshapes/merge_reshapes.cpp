#include "ops/expand_dims/expand_dims.h"
#include "ops/reshape/reshape.h"
#include "ops/squeeze/squeeze.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace merge_reshapes_ {
constexpr Var x{"x"};
constexpr AnyVar first{"first"}, second{"second"};

Verdict when(const Match& m) {
  const Shape& to = m.root_type().shape;
  if (to.is_static()) return accept();
  // One unknown dimension can be computed again from the elements of x.
  if (!to.ranked()) return m.reject("the result's rank is not known");
  size_t open = 0;
  for (const auto& d : to.dims()) open += !d.known();
  if (open > 1) return m.reject("{} dimensions of [{}] are unknown", open, to.str());
  for (const auto& d : to.dims())
    if (d.is(0)) return m.reject("[{}] is empty", to.str());
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  std::vector<int64_t> dims;
  for (const auto& d : m.root_type().shape.dims()) dims.push_back(d.known() ? d.value() : -1);
  return {p.add<Reshape>({m[x], p.ints(dims)})};
}
}  // namespace merge_reshapes_

extern const Rewrite merge_reshapes;
constinit const Rewrite merge_reshapes = {
    .name = "merge_reshapes",
    .summary = "two movements that only change the shape become one reshape",
    .toco = "RemoveTrivialReshape",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace merge_reshapes_;
          return any_of<Reshape, Squeeze, ExpandDims>(second, any_of<Reshape, Squeeze, ExpandDims>(first, x).with_rest()).with_rest();
        },
    .when = merge_reshapes_::when,
    .build = merge_reshapes_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
