#include "ops/add/add.h"
#include "ops/mul/mul.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace merge_product_into_sum_ {
constexpr NodeVar<Mul> outer{"outer"}, inner{"inner"};
constexpr NodeVar<Add> sum{"sum"};
constexpr Var x{"x"}, a{"a"}, b{"b"}, c{"c"};

Verdict when(const Match& m) {
  if (m.type(x).dtype != DType::F32) return m.reject("x is {}, not float32", name(m.type(x).dtype));
  for (Value v : {m[inner], m[sum]})
    if (m.graph()[v].attrs.str() != "") return m.reject("{} has an activation before the product", m.graph()[v].op->name);
  for (Value v : {m[a], m[b]})
    if (m.constant(c)->elements() != 1 && m.graph().constant(v)->elements() != 1 && !same(m.graph().type(v).shape, m.shape(c)))
      return m.reject("the constants [{}] and [{}] together would be larger", m.graph().type(v).shape.str(), m.shape(c).str());
  // b alone must broadcast as it did: a larger c would be lost on neither, but a sum may not grow before the product did.
  if (!same(m.shape(sum), m.root_type().shape)) return m.reject("the product broadcasts [{}] to [{}]", m.shape(sum).str(), m.root_type().shape.str());
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Value product = p.add<Mul>({m[x], p.add<Mul>({m[a], m[c]})});
  return {p.add<Add>({product, p.add<Mul>({m[b], m[c]})}, {.fused_activation_function = m.attrs(outer).fused_activation_function})};
}
}  // namespace merge_product_into_sum_

extern const Rewrite merge_product_into_sum;
constinit const Rewrite merge_product_into_sum = {
    .name = "merge_product_into_sum",
    .summary = "(x·a + b)·c becomes x·(a·c) + b·c",
    .mathematics = "distributivity; the constants a·c and b·c are computed now",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace merge_product_into_sum_;
          return outer(sum(inner(x, constant(a)).used_once(), constant(b)).used_once(), constant(c));
        },
    .when = merge_product_into_sum_::when,
    .build = merge_product_into_sum_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
