#include "ops/mul/mul.h"
#include "passes/bounds.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace fold_mul_by_zero_ {
constexpr Var x{"x"}, zero{"zero"};
constexpr NodeVar<Mul> product{"product"};

Verdict when(const Match& m) {
  if (m.type(product).dtype != DType::F32) return m.reject("the product is {}", name(m.type(product).dtype));
  if (!all_are(m.constant(zero), 0)) return m.reject("the factor is {}, not 0", words(m.constant(zero)));
  if (!m.root_type().shape.is_static()) return m.reject("the shape [{}] is not known", m.root_type().shape.str());
  if (!magnitude_bound(m.graph(), m[x])) return m.reject("x may be NaN or infinite, and then so is the product");
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) { return {p.constant(Tensor::zeros(DType::F32, m.root_type().shape.to_vector()))}; }
}  // namespace fold_mul_by_zero_

extern const Rewrite fold_mul_by_zero;
constinit const Rewrite fold_mul_by_zero = {
    .name = "fold_mul_by_zero",
    .summary = "x·0 becomes 0 where x is proven to be finite",
    .mathematics = "x·0 = 0 for |x| < ∞; NaN·0 and ∞·0 are NaN. −0 counts as 0",
    .toco = "ResolveMultiplyByZero (which did not ask for the proof)",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace fold_mul_by_zero_;
          return product(x, constant(zero));
        },
    .when = fold_mul_by_zero_::when,
    .build = fold_mul_by_zero_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
