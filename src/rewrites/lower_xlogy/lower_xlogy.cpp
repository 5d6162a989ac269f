#include "ops/log/log.h"
#include "ops/mul/mul.h"
#include "ops/xlogy/xlogy.h"
#include "rewrites/zero_where.h"

namespace toucanet::rewrites {
namespace lower_xlogy_ {
using namespace zero_where;
Value otherwise(const Match& m, Patch& p) { return p.add<Mul>({m[x], p.add<Log>({m[y]})}); }
}  // namespace lower_xlogy_

extern const Rewrite lower_xlogy;
constinit const Rewrite lower_xlogy = {
    .name = "lower_xlogy",
    .summary = "x·log(y) that is 0 where x is 0 becomes a select",
    .mathematics = "x = 0 ? 0 : x·log(y)",
    .stage = Stage::Lower,
    .pattern = zero_where::pattern<Xlogy>,
    .when = zero_where::when,
    .build = zero_where::build<zero_where::Zero::X, lower_xlogy_::otherwise>,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
