#include "ops/add/add.h"
#include "ops/neg/neg.h"
#include "ops/sub/sub.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace fold_neg_into_sum_ {
constexpr NodeVar<Add> sum{"sum"};
constexpr NodeVar<Sub> difference{"difference"};
constexpr Var x{"x"}, y{"y"};

Verdict when(const Match& m) {
  const DType t = m.root_type().dtype;
  return t == DType::F32 || t == DType::I32 || t == DType::I64 ? accept() : m.reject("the values are {}", name(t));
}

std::vector<Value> build(const Match& m, Patch& p) {
  if (m[sum]) return {p.add<Sub>({m[x], m[y]}, {.fused_activation_function = m.attrs(sum).fused_activation_function})};
  return {p.add<Add>({m[x], m[y]}, {.fused_activation_function = m.attrs(difference).fused_activation_function})};
}
}  // namespace fold_neg_into_sum_

extern const Rewrite fold_neg_into_sum;
constinit const Rewrite fold_neg_into_sum = {
    .name = "fold_neg_into_sum",
    .summary = "x + (−y) becomes x − y, and x − (−y) x + y",
    .stage = Stage::Clean,
    .pattern =
        [] {
          using namespace fold_neg_into_sum_;
          return one_of(sum(x, op<Neg>(y).used_once()), difference(x, op<Neg>(y).used_once()));
        },
    .when = fold_neg_into_sum_::when,
    .build = fold_neg_into_sum_::build,
};
}  // namespace toucanet::rewrites
