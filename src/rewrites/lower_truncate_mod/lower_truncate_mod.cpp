#include "ops/abs/abs.h"
#include "ops/div/div.h"
#include "ops/floor_mod/floor_mod.h"
#include "ops/maximum/maximum.h"
#include "ops/mul/mul.h"
#include "ops/neg/neg.h"
#include "ops/sign/sign.h"
#include "ops/sub/sub.h"
#include "ops/truncate_mod/truncate_mod.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace lower_truncate_mod_ {
constexpr Var x{"x"}, y{"y"};
constexpr NodeVar<TruncateMod> root{"root"};

std::vector<Value> build(const Match& m, Patch& p) {
  const DType t = m.root_type().dtype;
  if (t == DType::F32) return {p.add<Mul>({p.add<Sign>({m[x]}), p.add<FloorMod>({p.add<Abs>({m[x]}), p.add<Abs>({m[y]})})})};
  if (t != DType::I64) return {p.add<Sub>({m[x], p.add<Mul>({p.add<Div>({m[x], m[y]}), m[y]})})};
  // DIV takes no i64, FLOOR_MOD does; the smallest i64 comes out as 0.
  const Value zero = p.constant(Tensor::zeros(t, {}));
  const Value divisor = p.add<Maximum>({m[y], p.add<Neg>({m[y]})});
  const Value positive = p.add<FloorMod>({p.add<Maximum>({m[x], zero}), divisor});
  const Value negative = p.add<FloorMod>({p.add<Maximum>({p.add<Neg>({m[x]}), zero}), divisor});
  return {p.add<Sub>({positive, negative})};
}
}  // namespace lower_truncate_mod_

extern const Rewrite lower_truncate_mod;
constinit const Rewrite lower_truncate_mod = {
    .name = "lower_truncate_mod",
    .summary = "the remainder with the dividend's sign is made of floor_mod or div",
    .mathematics = "x mod y = sign(x)·(|x| mod |y|); on i32 x − (x / y)·y",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_truncate_mod_;
          return root(x, y);
        },
    .build = lower_truncate_mod_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
