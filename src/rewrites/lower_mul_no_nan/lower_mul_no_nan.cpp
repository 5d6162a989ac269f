#include "ops/mul/mul.h"
#include "ops/mul_no_nan/mul_no_nan.h"
#include "rewrites/zero_where.h"

namespace toucanet::rewrites {
namespace lower_mul_no_nan_ {
using namespace zero_where;
Value otherwise(const Match& m, Patch& p) { return p.add<Mul>({m[x], m[y]}); }
}  // namespace lower_mul_no_nan_

extern const Rewrite lower_mul_no_nan;
constinit const Rewrite lower_mul_no_nan = {
    .name = "lower_mul_no_nan",
    .summary = "x·y that is 0 where y is 0 becomes a select",
    .mathematics = "y = 0 ? 0 : x·y",
    .stage = Stage::Lower,
    .pattern = zero_where::pattern<MulNoNan>,
    .when = zero_where::when,
    .build = zero_where::build<zero_where::Zero::Y, lower_mul_no_nan_::otherwise>,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
