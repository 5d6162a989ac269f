#include "ops/transpose/transpose.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace drop_identity_transpose_ {
constexpr Var x{"x"}, perm{"perm"};

Verdict when(const Match& m) {
  const auto p = integers(m.constant(perm));
  for (size_t i = 0; i < p.size(); ++i)
    if (p[i] != static_cast<int64_t>(i)) return m.reject("axis {} moves to {}", p[i], i);
  return accept();
}
}  // namespace drop_identity_transpose_

extern const Rewrite drop_identity_transpose;
constinit const Rewrite drop_identity_transpose = {
    .name = "drop_identity_transpose",
    .summary = "a transpose that moves no axis becomes its operand",
    .toco = "ConvertTrivialTransposeToReshape, RemoveTrivialReshape",
    .stage = Stage::Fuse,
    .pattern = [] { return op<Transpose>(drop_identity_transpose_::x, constant(drop_identity_transpose_::perm)); },
    .when = drop_identity_transpose_::when,
    .build = [](const Match& m, Patch&) { return std::vector<Value>{m[drop_identity_transpose_::x]}; },
};
}  // namespace toucanet::rewrites
