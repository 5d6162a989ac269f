#include "ops/div/div.h"
#include "ops/xdivy/xdivy.h"
#include "rewrites/zero_where.h"

namespace toucanet::rewrites {
namespace lower_xdivy_ {
using namespace zero_where;
Value otherwise(const Match& m, Patch& p) { return p.add<Div>({m[x], m[y]}); }
}  // namespace lower_xdivy_

extern const Rewrite lower_xdivy;
constinit const Rewrite lower_xdivy = {
    .name = "lower_xdivy",
    .summary = "x / y that is 0 where x is 0 becomes a select",
    .mathematics = "x = 0 ? 0 : x / y",
    .stage = Stage::Lower,
    .pattern = zero_where::pattern<Xdivy>,
    .when = zero_where::when,
    .build = zero_where::build<zero_where::Zero::X, lower_xdivy_::otherwise>,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
