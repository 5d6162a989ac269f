#pragma once
// Operators of x and y whose result is 0 where one of the two is 0, whatever the other.
#include "ops/equal/equal.h"
#include "rewrites/select.h"

namespace toucanet::rewrites::zero_where {
inline constexpr Var x{"x"}, y{"y"};
enum class Zero { X, Y };

template <class Op>
Pattern pattern() {
  constexpr NodeVar<Op> root{"root"};
  return root(x, y);
}

inline Verdict when(const Match& m) {
  if (!find_builtin("SELECT_V2")) return m.reject("there is no select");
  return accept();
}

template <Zero which, Value (*otherwise)(const Match&, Patch&)>
std::vector<Value> build(const Match& m, Patch& p) {
  const Value zero = p.scalar(0);
  return {select(p, p.add<Equal>({m[which == Zero::X ? x : y], zero}), zero, otherwise(m, p))};
}
}  // namespace toucanet::rewrites::zero_where
