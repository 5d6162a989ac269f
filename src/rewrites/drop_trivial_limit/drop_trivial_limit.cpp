#include "ops/maximum/maximum.h"
#include "ops/minimum/minimum.h"
#include "ops/relu/relu.h"
#include "ops/relu6/relu6.h"
#include "ops/relu_0_to_1/relu_0_to_1.h"
#include "ops/relu_n1_to_1/relu_n1_to_1.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace drop_trivial_limit_ {
constexpr AnyVar limit{"limit"}, activation{"activation"};
constexpr Var x{"x"}, c{"c"}, operand{"operand"};

Verdict when(const Match& m) {
  if (m[x]) return accept();  // of x and x
  const Node& a = m.node(activation);
  const bool low = m.node(limit).is<Maximum>();
  const double from = a.is<ReluN1To1>() ? -1 : 0, to = a.is<Relu>() ? HUGE_VAL : a.is<Relu6>() ? 6 : 1;
  const auto v = uniform(m.constant(c));
  if (!v) return m.reject("the limit is {}, not one number", words(m.constant(c)));
  if (low ? *v > from : !(*v >= to)) return m.reject("the limit {} is within {} … {}", *v, from, to);
  if (!same(m.shape(activation), m.root_type().shape))
    return m.reject("the limit broadcasts [{}] to [{}]", m.shape(activation).str(), m.root_type().shape.str());
  return accept();
}
}  // namespace drop_trivial_limit_

extern const Rewrite drop_trivial_limit;
constinit const Rewrite drop_trivial_limit = {
    .name = "drop_trivial_limit",
    .summary = "a minimum or maximum that an activation already keeps, or of x and x, goes",
    .mathematics = "max(y, c) = y where y ≥ c",
    .stage = Stage::Clean,
    .pattern =
        [] {
          using namespace drop_trivial_limit_;
          return one_of(any_of<Maximum, Minimum>(limit, x, x),
                        any_of<Maximum, Minimum>(limit, any_of<Relu, Relu6, Relu0To1, ReluN1To1>(activation, operand), constant(c)));
        },
    .when = drop_trivial_limit_::when,
    .build =
        [](const Match& m, Patch&) {
          using namespace drop_trivial_limit_;
          return std::vector<Value>{m[x] ? m[x] : m[activation]};
        },
};
}  // namespace toucanet::rewrites
