#include "ops/add/add.h"
#include "ops/fused_batch_norm/fused_batch_norm.h"
#include "ops/mean/mean.h"
#include "ops/mul/mul.h"
#include "ops/rsqrt/rsqrt.h"
#include "ops/squared_difference/squared_difference.h"
#include "ops/sub/sub.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace lower_training_batch_norm_ {
constexpr Var x{"x"}, scale{"scale"}, offset{"offset"};
constexpr NodeVar<FusedBatchNorm> norm{"norm"};

Verdict when(const Match& m) {
  if (!m.attrs(norm).is_training) return m.reject("it is in inference mode");
  const Shape& s = m.shape(x);
  if (!s.ranked()) return m.reject("the rank is not known");
  Dim rows = 1;
  for (size_t i = 0; i + 1 < s.rank(); ++i) rows = rows * s[i];
  const auto& out = m.root_node().outputs;
  const bool variance = out.size() > 2 && !out[2].uses.empty();
  if (variance && (!rows.known() || rows.value() < 2)) return m.reject("the variance is read, and the number of values in [{}] is not known", s.str());
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Shape& s = m.shape(x);
  std::vector<int64_t> axes;
  Dim rows = 1;
  for (size_t i = 0; i + 1 < s.rank(); ++i) axes.push_back(static_cast<int64_t>(i)), rows = rows * s[i];
  const Value mean = p.add<Mean>({m[x], p.ints(axes)});
  const Value variance = p.add<Mean>({p.add<SquaredDifference>({m[x], mean}), p.ints(axes)});
  const Value factor = p.add<Mul>({m[scale], p.add<Rsqrt>({p.add<Add>({variance, p.scalar(m.attrs(norm).epsilon)})})});
  const Value shift = p.add<Sub>({m[offset], p.add<Mul>({mean, factor})});
  const Value y = p.add<Add>({p.add<Mul>({m[x], factor}), shift});
  const bool unbiased = rows.known() && rows.value() > 1;
  const auto n = unbiased ? static_cast<float>(rows.value()) : 1.0f;
  return {y, mean, unbiased ? p.add<Mul>({variance, p.scalar(n / (n - 1))}) : Value{}};
}
}  // namespace lower_training_batch_norm_

extern const Rewrite lower_training_batch_norm;
constinit const Rewrite lower_training_batch_norm = {
    .name = "lower_training_batch_norm",
    .summary = "batch normalisation in training mode is computed from the batch it is given",
    .mathematics = "m = mean(x), v = mean((x − m)²) over all axes but the last; the variance that is given out is v·n/(n − 1)",
    .toco = "none: it took the moving statistics without a word",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_training_batch_norm_;
          return norm(x, scale, offset).with_rest();
        },
    .when = lower_training_batch_norm_::when,
    .build = lower_training_batch_norm_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
