#include "ops/reshape/reshape.h"
#include "ops/transpose/transpose.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace lower_transpose_into_reshape_ {
constexpr Var x{"x"}, perm{"perm"};

Verdict when(const Match& m) {
  const Shape& s = m.shape(x);
  if (!s.ranked()) return m.reject("the rank of x is not known");
  int64_t last = -1;
  for (int64_t i : integers(m.constant(perm))) {
    if (i < 0 || i >= static_cast<int64_t>(s.rank())) return m.reject("the permutation holds {}", i);
    if (s[static_cast<size_t>(i)].is(1)) continue;
    if (i < last) return m.reject("axis {} of [{}] moves before axis {}", last, s.str(), i);
    last = i;
  }
  if (!as_reshape(m.root_type().shape)) return m.reject("several dimensions of [{}] are unknown", m.root_type().shape.str());
  return accept();
}
}  // namespace lower_transpose_into_reshape_

extern const Rewrite lower_transpose_into_reshape;
constinit const Rewrite lower_transpose_into_reshape = {
    .name = "lower_transpose_into_reshape",
    .summary = "a transpose that moves only axes of size 1 becomes a reshape",
    .mathematics = "the elements keep their order in memory",
    .toco = "ConvertTrivialTransposeToReshape",
    .stage = Stage::Fuse,
    .pattern = [] { return op<Transpose>(lower_transpose_into_reshape_::x, constant(lower_transpose_into_reshape_::perm)); },
    .when = lower_transpose_into_reshape_::when,
    .build =
        [](const Match& m, Patch& p) {
          return std::vector<Value>{p.add<Reshape>({m[lower_transpose_into_reshape_::x], p.ints(*as_reshape(m.root_type().shape))})};
        },
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
