#include "ops/add/add.h"
#include "ops/sub/sub.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace merge_sums_ {
constexpr AnyVar outer{"outer"}, inner{"inner"};
constexpr Var x{"x"}, a{"a"}, b{"b"};

Verdict when(const Match& m) {
  if (m.type(x).dtype != DType::F32) return m.reject("x is {}, not float32", name(m.type(x).dtype));
  if (m.node(inner).attrs.str() != "") return m.reject("the inner {} has an activation", m.node(inner).op->name);
  if (m.constant(a)->elements() != 1 && m.constant(b)->elements() != 1 && !same(m.shape(a), m.shape(b)))
    return m.reject("the constants [{}] and [{}] together would be larger", m.shape(a).str(), m.shape(b).str());
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const bool minus_a = m.node(inner).is<Sub>(), minus_b = m.node(outer).is<Sub>();
  const auto act = minus_b ? activation_of<Sub>(m.node(outer)) : activation_of<Add>(m.node(outer));
  // x−a−b = x−(a+b), x−a+b = x+(b−a), x+a−b = x+(a−b)
  if (minus_a && minus_b) return {p.add<Sub>({m[x], p.add<Add>({m[a], m[b]})}, {.fused_activation_function = act})};
  const Value shift = minus_a ? p.add<Sub>({m[b], m[a]}) : minus_b ? p.add<Sub>({m[a], m[b]}) : p.add<Add>({m[a], m[b]});
  return {p.add<Add>({m[x], shift}, {.fused_activation_function = act})};
}
}  // namespace merge_sums_

extern const Rewrite merge_sums;
constinit const Rewrite merge_sums = {
    .name = "merge_sums",
    .summary = "two sums or differences with constants become one",
    .mathematics = "(x + a) + b = x + (a + b)",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace merge_sums_;
          return any_of<Add, Sub>(outer, any_of<Add, Sub>(inner, x, constant(a)).used_once(), constant(b));
        },
    .when = merge_sums_::when,
    .build = merge_sums_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
