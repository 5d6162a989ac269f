#include "ops/maximum/maximum.h"
#include "ops/minimum/minimum.h"
#include "ops/relu/relu.h"
#include "ops/relu6/relu6.h"
#include "ops/relu_0_to_1/relu_0_to_1.h"
#include "ops/relu_n1_to_1/relu_n1_to_1.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace fuse_clamp_into_activation_ {
constexpr Var x{"x"}, low{"low"}, high{"high"};

// In any order of limits that do not cross; a relu is a limit of 0.
std::pair<std::optional<double>, std::optional<double>> limits(const Match& m) { return {m[low] ? uniform(m.constant(low)) : 0.0, uniform(m.constant(high))}; }

const OpDef* activation(double lo, double hi) {
  if (lo == 0 && hi == 6) return &Relu6::def;
  if (lo == -1 && hi == 1) return &ReluN1To1::def;
  if (lo == 0 && hi == 1) return &Relu0To1::def;
  return nullptr;
}

Verdict when(const Match& m) {
  if (m.type(x).dtype != DType::F32) return m.reject("x is {}, not float32", name(m.type(x).dtype));
  const auto [lo, hi] = limits(m);
  if (!lo || !hi) return m.reject("the limits are not the same for all elements");
  if (!activation(*lo, *hi)) return m.reject("nothing clamps to {} … {}", *lo, *hi);
  if (!same(m.shape(x), m.root_type().shape)) return m.reject("a limit broadcasts [{}] to [{}]", m.shape(x).str(), m.root_type().shape.str());
  return accept();
}
}  // namespace fuse_clamp_into_activation_

extern const Rewrite fuse_clamp_into_activation;
constinit const Rewrite fuse_clamp_into_activation = {
    .name = "fuse_clamp_into_activation",
    .summary = "minimum and maximum with 0 … 6, −1 … 1 or 0 … 1 become relu6, relu_n1_to_1, relu_0_to_1",
    .mathematics = "min(max(x, a), b) = max(min(x, b), a) for a ≤ b",
    .toco = "IdentifyRelu1",
    .stage = Stage::Clean,
    .pattern =
        [] {
          using namespace fuse_clamp_into_activation_;
          return one_of(op<Minimum>(one_of(op<Maximum>(x, constant(low)), op<Relu>(x)), constant(high)),
                        op<Maximum>(op<Minimum>(x, constant(high)), constant(low)), op<Relu>(op<Minimum>(x, constant(high))));
        },
    .when = fuse_clamp_into_activation_::when,
    .build =
        [](const Match& m, Patch& p) {
          using namespace fuse_clamp_into_activation_;
          const auto [lo, hi] = limits(m);
          return std::vector<Value>{p.add(*activation(*lo, *hi), {m[x]})};
        },
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
