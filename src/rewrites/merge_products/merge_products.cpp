#include "ops/div/div.h"
#include "ops/mul/mul.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace merge_products_ {
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
  const bool over_a = m.node(inner).is<Div>(), over_b = m.node(outer).is<Div>();
  const auto act = over_b ? activation_of<Div>(m.node(outer)) : activation_of<Mul>(m.node(outer));
  // x/a/b = x/(a·b), x/a·b = x·(b/a), x·a/b = x·(a/b)
  if (over_a && over_b) return {p.add<Div>({m[x], p.add<Mul>({m[a], m[b]})}, {.fused_activation_function = act})};
  const Value factor = over_a ? p.add<Div>({m[b], m[a]}) : over_b ? p.add<Div>({m[a], m[b]}) : p.add<Mul>({m[a], m[b]});
  return {p.add<Mul>({m[x], factor}, {.fused_activation_function = act})};
}
}  // namespace merge_products_

extern const Rewrite merge_products;
constinit const Rewrite merge_products = {
    .name = "merge_products",
    .summary = "two products or quotients by constants become one",
    .mathematics = "(x·a)·b = x·(a·b)",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace merge_products_;
          return any_of<Mul, Div>(outer, any_of<Mul, Div>(inner, x, constant(a)).used_once(), constant(b));
        },
    .when = merge_products_::when,
    .build = merge_products_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
