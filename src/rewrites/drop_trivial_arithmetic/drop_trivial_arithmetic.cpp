#include "ops/add/add.h"
#include "ops/div/div.h"
#include "ops/mul/mul.h"
#include "ops/sub/sub.h"
#include "rewrites/constants.h"
#include "rewrites/zero_sign.h"

namespace toucanet::rewrites {
namespace drop_trivial_arithmetic_ {
constexpr AnyVar arithmetic{"arithmetic"};
constexpr Var x{"x"}, c{"c"};

bool all_have_sign(const Tensor& t, bool negative) {
  for (int64_t i = 0; i < t.elements(); ++i)
    if (std::signbit(t.number(i)) != negative) return false;
  return true;
}

Verdict when(const Match& m) {
  const Node& n = m.node(arithmetic);
  const bool sum = n.is<Add>() || n.is<Sub>();
  // x·0 stays: it is NaN where x is not finite.
  if (!all_are(m.constant(c), sum ? 0 : 1)) return m.reject("{} by {}, not {}", n.op->name, words(m.constant(c)), sum ? 0 : 1);
  if (activation_of(n) != Activation::None) return m.reject("{} has an activation", n.op->name);
  if (!same(m.shape(x), m.root_type().shape)) return m.reject("the constant broadcasts [{}] to [{}]", m.shape(x).str(), m.root_type().shape.str());
  // −0 + 0 is 0. Adding −0 and subtracting 0 change nothing.
  if (sum && is_float(m.root_type().dtype) && !all_have_sign(*m.constant(c), n.is<Add>()))
    if (const Node* reader = who_sees_zero_sign(m.graph(), {m.root, 0})) return m.reject("{} sees whether a zero is −0", reader->op->name);
  return accept();
}
}  // namespace drop_trivial_arithmetic_

extern const Rewrite drop_trivial_arithmetic;
constinit const Rewrite drop_trivial_arithmetic = {
    .name = "drop_trivial_arithmetic",
    .summary = "x + 0, x − 0, x·1 and x/1 become x where the result has the shape of x",
    .mathematics = "0 and 1 are neutral; −0 + 0 is 0, so x + 0 stays where that can be seen",
    .toco = "RemoveTrivialBinaryOperator (which lost broadcasts to another rank)",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace drop_trivial_arithmetic_;
          return any_of<Add, Sub, Mul, Div>(arithmetic, x, constant(c));
        },
    .when = drop_trivial_arithmetic_::when,
    .build = [](const Match& m, Patch&) { return std::vector<Value>{m[drop_trivial_arithmetic_::x]}; },
};
}  // namespace toucanet::rewrites
