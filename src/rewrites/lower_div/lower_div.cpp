#include "ops/div/div.h"
#include "ops/sub/sub.h"
#include "ops/truncate_mod/truncate_mod.h"
#include "rewrites/divide.h"

namespace toucanet::rewrites {
namespace lower_div_ {
constexpr Var x{"x"}, y{"y"};
constexpr NodeVar<Div> root{"root"};

Verdict when(const Match& m) {
  if (m.root_type().dtype != DType::I64) return m.needless("TensorFlow Lite divides {}", name(m.root_type().dtype));
  if (m.attrs(root).fused_activation_function != Activation::None) return m.reject("it has an activation");
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) { return {exact_quotient(p, p.add<Sub>({m[x], p.add<TruncateMod>({m[x], m[y]})}), m[y])}; }
}  // namespace lower_div_

extern const Rewrite lower_div;
constinit const Rewrite lower_div = {
    .name = "lower_div",
    .summary = "div of i64 is made of float32 divisions",
    .mathematics = "x / y towards zero = (x − (x rem y)) / y exactly, found by three divisions in float32",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_div_;
          return root(x, y);
        },
    .when = lower_div_::when,
    .build = lower_div_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
