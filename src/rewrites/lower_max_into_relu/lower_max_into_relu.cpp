#include "ops/maximum/maximum.h"
#include "ops/relu/relu.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace lower_max_into_relu_ {
constexpr Var x{"x"}, zero{"zero"};

Verdict when(const Match& m) {
  if (m.type(x).dtype != DType::F32) return m.reject("x is {}, not float32", name(m.type(x).dtype));
  if (!all_are(m.constant(zero), 0)) return m.reject("the limit is {}, not 0", words(m.constant(zero)));
  if (!same(m.shape(x), m.root_type().shape)) return m.reject("the limit broadcasts [{}] to [{}]", m.shape(x).str(), m.root_type().shape.str());
  return accept();
}
}  // namespace lower_max_into_relu_

extern const Rewrite lower_max_into_relu;
constinit const Rewrite lower_max_into_relu = {
    .name = "lower_max_into_relu",
    .summary = "maximum(x, 0) becomes relu(x)",
    .mathematics = "relu(x) = max(x, 0)",
    .stage = Stage::Clean,
    .pattern = [] { return op<Maximum>(lower_max_into_relu_::x, constant(lower_max_into_relu_::zero)); },
    .when = lower_max_into_relu_::when,
    .build = [](const Match& m, Patch& p) { return std::vector<Value>{p.add<Relu>({m[lower_max_into_relu_::x]})}; },
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
