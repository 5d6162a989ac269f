#include "ops/pack/pack.h"
#include "ops/reshape/reshape.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace lower_pack_into_reshape_ {
constexpr Var x{"x"};

Verdict when(const Match& m) {
  if (!as_reshape(m.root_type().shape)) return m.reject("a reshape cannot make [{}]", m.root_type().shape.str());
  return accept();
}
}  // namespace lower_pack_into_reshape_

extern const Rewrite lower_pack_into_reshape;
constinit const Rewrite lower_pack_into_reshape = {
    .name = "lower_pack_into_reshape",
    .summary = "pack of one tensor becomes a reshape",
    .toco = "ConvertTrivialPackToReshape (wrong for negative axes)",
    .stage = Stage::Fuse,
    .pattern = [] { return op<Pack>(lower_pack_into_reshape_::x); },
    .when = lower_pack_into_reshape_::when,
    .build =
        [](const Match& m, Patch& p) {
          return std::vector<Value>{p.add<Reshape>({m[lower_pack_into_reshape_::x], p.ints(*as_reshape(m.root_type().shape))})};
        },
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
