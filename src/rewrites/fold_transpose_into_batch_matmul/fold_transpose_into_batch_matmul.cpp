#include "ops/batch_matmul/batch_matmul.h"
#include "ops/transpose/transpose.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace fold_transpose_into_batch_matmul_ {
constexpr Var x{"x"}, y{"y"}, order{"order"};
constexpr NodeVar<BatchMatmul> product{"product"};
constexpr NodeVar<Transpose> left{"left"}, right{"right"};

Verdict when(const Match& m) {
  const auto axes = integers(m.constant(order));
  if (axes.size() < 2) return m.reject("the transpose of [{}] is of no matrix", words(m.constant(order)));
  for (size_t i = 0; i < axes.size(); ++i) {
    const size_t other = i + 2 < axes.size() ? i : 2 * axes.size() - 3 - i;
    if (axes[i] != static_cast<int64_t>(other)) return m.reject("the transpose moves other axes than the last two");
  }
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  BatchMatmul::Attrs a = m.attrs(product);
  (m[left] ? a.adj_x : a.adj_y) ^= true;
  return {p.add<BatchMatmul>({m[x], m[y]}, a)};
}
}  // namespace fold_transpose_into_batch_matmul_

extern const Rewrite fold_transpose_into_batch_matmul;
constinit const Rewrite fold_transpose_into_batch_matmul = {
    .name = "fold_transpose_into_batch_matmul",
    .summary = "a product with a transposed operand transposes it itself",
    .mathematics = "adj_x and adj_y exchange the last two axes of an operand",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace fold_transpose_into_batch_matmul_;
          return one_of(product(left(x, constant(order)).used_once(), y), product(x, right(y, constant(order)).used_once()));
        },
    .when = fold_transpose_into_batch_matmul_::when,
    .build = fold_transpose_into_batch_matmul_::build,
};
}  // namespace toucanet::rewrites
