#pragma once
// (x ∘ a) ∘ b with constants a and b, ∘ an operation or its inverse: one operation with one constant.
#include "rewrites/constants.h"

namespace toucanet::rewrites::merge_constants {
inline constexpr AnyVar outer{"outer"}, inner{"inner"};
inline constexpr Var x{"x"}, a{"a"}, b{"b"};

template <class Op, class Inverse>
Pattern pattern() {
  return any_of<Op, Inverse>(outer, any_of<Op, Inverse>(inner, x, constant(a)).used_once(), constant(b));
}

inline Verdict when(const Match& m) {
  if (m.type(x).dtype != DType::F32) return m.reject("x is {}, not float32", name(m.type(x).dtype));
  if (m.node(inner).attrs.str() != "") return m.reject("the inner {} has an activation", m.node(inner).op->name);
  if (m.constant(a)->elements() != 1 && m.constant(b)->elements() != 1 && !same(m.shape(a), m.shape(b)))
    return m.reject("the constants [{}] and [{}] together would be larger", m.shape(a).str(), m.shape(b).str());
  return accept();
}

// In products: x/a/b = x/(a·b), x/a·b = x·(b/a), x·a/b = x·(a/b).
template <class Op, class Inverse>
std::vector<Value> build(const Match& m, Patch& p) {
  const bool inverse_a = m.node(inner).is<Inverse>(), inverse_b = m.node(outer).is<Inverse>();
  const auto act = activation_of(m.node(outer));
  if (inverse_a && inverse_b) return {p.add<Inverse>({m[x], p.add<Op>({m[a], m[b]})}, {.fused_activation_function = act})};
  const Value constant = inverse_a ? p.add<Inverse>({m[b], m[a]}) : inverse_b ? p.add<Inverse>({m[a], m[b]}) : p.add<Op>({m[a], m[b]});
  return {p.add<Op>({m[x], constant}, {.fused_activation_function = act})};
}
}  // namespace toucanet::rewrites::merge_constants
