#include "ops/log1p/log1p.h"
#include "ops/mul/mul.h"
#include "ops/xlog1py/xlog1py.h"
#include "rewrites/zero_where.h"

namespace toucanet::rewrites {
namespace lower_xlog1py_ {
using namespace zero_where;
Value otherwise(const Match& m, Patch& p) { return p.add<Mul>({m[x], p.add<Log1p>({m[y]})}); }
}  // namespace lower_xlog1py_

extern const Rewrite lower_xlog1py;
constinit const Rewrite lower_xlog1py = {
    .name = "lower_xlog1py",
    .summary = "x·log(1 + y) that is 0 where x is 0 becomes a select",
    .mathematics = "x = 0 ? 0 : x·log(1 + y)",
    .stage = Stage::Lower,
    .pattern = zero_where::pattern<Xlog1py>,
    .when = zero_where::when,
    .build = zero_where::build<zero_where::Zero::X, lower_xlog1py_::otherwise>,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
