#include <cmath>

#include "ops/add/add.h"
#include "ops/fused_batch_norm/fused_batch_norm.h"
#include "ops/mul/mul.h"
#include "ops/rsqrt/rsqrt.h"
#include "ops/sub/sub.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace lower_fused_batch_norm_ {
constexpr Var x{"x"}, scale{"scale"}, offset{"offset"}, mean{"mean"}, variance{"variance"};
constexpr NodeVar<FusedBatchNorm> norm{"norm"};

Verdict when(const Match& m) {
  if (m.attrs(norm).is_training) return m.reject("it is in training mode");
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Value wide = p.add<Add>({m[variance], p.scalar(m.attrs(norm).epsilon)});
  const Value factor = p.add<Mul>({m[scale], p.add<Rsqrt>({wide})});
  const Value shift = p.add<Sub>({m[offset], p.add<Mul>({m[mean], factor})});
  return {p.add<Add>({p.add<Mul>({m[x], factor}), shift}), m[mean], m[variance]};
}
}  // namespace lower_fused_batch_norm_

extern const Rewrite lower_fused_batch_norm;
constinit const Rewrite lower_fused_batch_norm = {
    .name = "lower_fused_batch_norm",
    .summary = "batch normalisation for inference becomes mul and add",
    .mathematics = "s·(x − m)/√(v + ε) + o = x·f + (o − m·f) with f = s/√(v + ε)",
    .toco = "ResolveBatchNormalization",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_fused_batch_norm_;
          return norm(x, scale, offset, mean, variance);
        },
    .when = lower_fused_batch_norm_::when,
    .build = lower_fused_batch_norm_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
