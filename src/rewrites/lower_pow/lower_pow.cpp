#include "ops/pow/pow.h"
#include "ops/square/square.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace lower_pow_ {
constexpr Var x{"x"}, exponent{"exponent"};

Verdict when(const Match& m) {
  if (m.type(x).dtype != DType::F32) return m.reject("x is {}, not float32", name(m.type(x).dtype));
  // x^0.5 stays: it is 0 for −0 and infinite for −infinity, where sqrt gives −0 and NaN.
  if (!all_are(m.constant(exponent), 1) && !all_are(m.constant(exponent), 2)) return m.reject("the exponent is {}, not 1 or 2", words(m.constant(exponent)));
  if (!same(m.shape(x), m.root_type().shape)) return m.reject("the exponent broadcasts [{}] to [{}]", m.shape(x).str(), m.root_type().shape.str());
  return accept();
}
}  // namespace lower_pow_

extern const Rewrite lower_pow;
constinit const Rewrite lower_pow = {
    .name = "lower_pow",
    .summary = "x^1 becomes x, x^2 becomes square(x)",
    .stage = Stage::Lower,
    .pattern = [] { return op<Pow>(lower_pow_::x, constant(lower_pow_::exponent)); },
    .when = lower_pow_::when,
    .build =
        [](const Match& m, Patch& p) {
          using namespace lower_pow_;
          return std::vector<Value>{all_are(m.constant(exponent), 1) ? m[x] : p.add<Square>({m[x]})};
        },
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
