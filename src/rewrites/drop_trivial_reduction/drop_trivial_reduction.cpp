#include "ops/mean/mean.h"
#include "ops/reduce_all/reduce_all.h"
#include "ops/reduce_any/reduce_any.h"
#include "ops/reduce_max/reduce_max.h"
#include "ops/reduce_min/reduce_min.h"
#include "ops/reduce_prod/reduce_prod.h"
#include "ops/reshape/reshape.h"
#include "ops/sum/sum.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace drop_trivial_reduction_ {
constexpr AnyVar reduction{"reduction"};
constexpr Var x{"x"}, axes{"axes"};

Verdict when(const Match& m) {
  const Shape& s = m.shape(x);
  if (!s.ranked()) return m.reject("the rank of the operand is not known");
  if (m.type(x).quant || m.root_type().quant) return m.reject("the operand is quantised");
  for (int64_t axis : integers(m.constant(axes)))
    if (const Dim& d = s[static_cast<size_t>(axis < 0 ? axis + static_cast<int64_t>(s.rank()) : axis)]; !d.is(1))
      return m.needless("axis {} of [{}] is reduced", axis, s.str());
  if (!same(s, m.root_type().shape) && !as_reshape(m.root_type().shape)) return m.reject("[{}] cannot be written as a shape", m.root_type().shape.str());
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Shape& to = m.root_type().shape;
  return {same(m.shape(x), to) ? m[x] : p.add<Reshape>({m[x], p.ints(*as_reshape(to))})};
}
}  // namespace drop_trivial_reduction_

extern const Rewrite drop_trivial_reduction;
constinit const Rewrite drop_trivial_reduction = {
    .name = "drop_trivial_reduction",
    .summary = "a reduction along axes of size 1, or none, becomes its operand, or a reshape",
    .mathematics = "the sum, mean, product, least and largest of one element are that element",
    .stage = Stage::Clean,
    .pattern =
        [] {
          using namespace drop_trivial_reduction_;
          return any_of<Sum, Mean, ReduceMax, ReduceMin, ReduceProd, ReduceAll, ReduceAny>(reduction, x, constant(axes));
        },
    .when = drop_trivial_reduction_::when,
    .build = drop_trivial_reduction_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
