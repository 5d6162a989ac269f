#include "ops/abs/abs.h"
#include "ops/maximum/maximum.h"
#include "ops/mul/mul.h"
#include "ops/neg/neg.h"
#include "ops/round/round.h"
#include "ops/square/square.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace lower_integer_unary_ {
constexpr Var x{"x"};
constexpr AnyVar unary{"unary"};

Verdict when(const Match& m) {
  const DType t = m.type(x).dtype;
  if (!is_int(t) || (m.node(unary).is<Abs>() && t == DType::I32)) return m.needless("there is an operator for {}", name(t));
  if (m.node(unary).is<Abs>() && t != DType::I64) return m.needless("{} is computed in a wider type", name(t));
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Node& n = m.node(unary);
  if (n.is<Round>()) return {m[x]};
  if (n.is<Square>()) return {p.add<Mul>({m[x], m[x]})};
  return {p.add<Maximum>({m[x], p.add<Neg>({m[x]})})};
}
}  // namespace lower_integer_unary_

extern const Rewrite lower_integer_unary;
constinit const Rewrite lower_integer_unary = {
    .name = "lower_integer_unary",
    .summary = "abs, square and round of integers become maximum, mul and x",
    .mathematics = "|x| = max(x, −x), x² = x·x, round(x) = x; all wrap alike",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_integer_unary_;
          return any_of<Abs, Square, Round>(unary, x);
        },
    .when = lower_integer_unary_::when,
    .build = lower_integer_unary_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
