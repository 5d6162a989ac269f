#include "ops/maximum/maximum.h"
#include "ops/minimum/minimum.h"
#include "ops/relu/relu.h"
#include "ops/relu6/relu6.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace lower_integer_activation_ {
constexpr Var x{"x"};
constexpr AnyVar act{"activation"};

Value whole(Patch& p, DType t, int64_t v) {
  Tensor c = Tensor::zeros(t, {});
  dispatch(t, [&]<class T>(T) { c.as_mutable<T>()[0] = static_cast<T>(v); });
  return p.constant(std::move(c));
}

Verdict when(const Match& m) {
  if (!is_int(m.type(x).dtype)) return m.needless("x is {}", name(m.type(x).dtype));
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const DType t = m.type(x).dtype;
  const Value low = p.add<Maximum>({m[x], whole(p, t, 0)});
  return {m.node(act).is<Relu>() ? low : p.add<Minimum>({low, whole(p, t, 6)})};
}
}  // namespace lower_integer_activation_

extern const Rewrite lower_integer_activation;
constinit const Rewrite lower_integer_activation = {
    .name = "lower_integer_activation",
    .summary = "relu and relu6 of integers become maximum and minimum",
    .mathematics = "relu(x) = max(x, 0), relu6(x) = min(max(x, 0), 6)",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_integer_activation_;
          return any_of<Relu, Relu6>(act, x);
        },
    .when = lower_integer_activation_::when,
    .build = lower_integer_activation_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
