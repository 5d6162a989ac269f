#include "ops/mul/mul.h"
#include "ops/pow/pow.h"
#include "ops/square/square.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace lower_pow_ {
constexpr Var x{"x"}, exponent{"exponent"};

// POW takes no i64: a constant exponent becomes products.
Verdict when_i64(const Match& m) {
  const Tensor& e = *m.constant(exponent);
  const auto all = integers(&e);
  if (all.empty() || all[0] < 1 || std::count(all.begin(), all.end(), all[0]) != e.elements())
    return m.reject("the exponent is {}, not one integer above 0", words(&e));
  if (!same(m.shape(x), m.root_type().shape)) return m.reject("the exponent broadcasts [{}] to [{}]", m.shape(x).str(), m.root_type().shape.str());
  return accept();
}
Value product(Patch& p, Value base, uint64_t e) {
  Value r;
  for (; e; e >>= 1) {
    if (e & 1) r = r ? p.add<Mul>({r, base}) : base;
    if (e > 1) base = p.add<Mul>({base, base});
  }
  return r;
}

Verdict when(const Match& m) {
  if (m.type(x).dtype == DType::I64) return when_i64(m);
  if (m.type(x).dtype != DType::F32) return m.needless("x is {}, not float32 or int64", name(m.type(x).dtype));
  // x^0.5 stays: it is 0 for −0 and infinite for −infinity, where sqrt gives −0 and NaN.
  if (!all_are(m.constant(exponent), 1) && !all_are(m.constant(exponent), 2)) return m.reject("the exponent is {}, not 1 or 2", words(m.constant(exponent)));
  if (!same(m.shape(x), m.root_type().shape)) return m.reject("the exponent broadcasts [{}] to [{}]", m.shape(x).str(), m.root_type().shape.str());
  return accept();
}
}  // namespace lower_pow_

extern const Rewrite lower_pow;
constinit const Rewrite lower_pow = {
    .name = "lower_pow",
    .summary = "x^1 becomes x, x^2 becomes square(x), x^n of i64 products",
    .stage = Stage::Lower,
    .pattern = [] { return op<Pow>(lower_pow_::x, constant(lower_pow_::exponent)); },
    .when = lower_pow_::when,
    .build =
        [](const Match& m, Patch& p) {
          using namespace lower_pow_;
          if (m.type(x).dtype == DType::I64) return std::vector<Value>{product(p, m[x], static_cast<uint64_t>(m.constant(exponent)->integer(0)))};
          return std::vector<Value>{all_are(m.constant(exponent), 1) ? m[x] : p.add<Square>({m[x]})};
        },
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
