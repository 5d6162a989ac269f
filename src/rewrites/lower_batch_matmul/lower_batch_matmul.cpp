#include "ops/batch_matmul/batch_matmul.h"
#include "ops/fully_connected/fully_connected.h"
#include "ops/transpose/transpose.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace lower_batch_matmul_ {
constexpr Var x{"x"}, y{"y"};
constexpr NodeVar<BatchMatmul> product{"product"};

Verdict when(const Match& m) {
  const Shape &a = m.shape(x), &b = m.shape(y);
  if (m.type(product).dtype != DType::F32) return m.reject("the product is {}", name(m.type(product).dtype));
  if (!a.ranked() || !b.is_static() || b.rank() != 2) return m.reject("the constant [{}] is no matrix", b.str());
  if (a.rank() < 2) return m.reject("x [{}] is no matrix", a.str());
  if (m.attrs(product).adj_x && a.rank() != 2) return m.reject("x is transposed and has rank {}", a.rank());
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const auto& a = m.attrs(product);
  const Value left = a.adj_x ? p.add<Transpose>({m[x], p.ints({1, 0})}) : m[x];
  const Value w = a.adj_y ? m[y] : p.add<Transpose>({m[y], p.ints({1, 0})});
  return {p.add<FullyConnected>({left, w}, {.keep_num_dims = m.shape(x).rank() > 2})};
}
}  // namespace lower_batch_matmul_

extern const Rewrite lower_batch_matmul;
constinit const Rewrite lower_batch_matmul = {
    .name = "lower_batch_matmul",
    .summary = "a product with a constant matrix becomes fully_connected",
    .mathematics = "x·y = x·wᵀ with w = yᵀ",
    .toco = "ResolveTensorFlowMatMul",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_batch_matmul_;
          return product(x, constant(y));
        },
    .when = lower_batch_matmul_::when,
    .build = lower_batch_matmul_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
