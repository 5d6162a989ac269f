#include "ops/relu/relu.h"
#include "ops/relu6/relu6.h"
#include "ops/relu_0_to_1/relu_0_to_1.h"
#include "ops/relu_n1_to_1/relu_n1_to_1.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace drop_repeated_activation_ {
constexpr AnyVar outer{"outer"}, inner{"inner"};
constexpr Var x{"x"};

std::pair<double, double> range(const Node& n) { return {n.is<ReluN1To1>() ? -1 : 0, n.is<Relu>() ? HUGE_VAL : n.is<Relu6>() ? 6 : 1}; }
const OpDef* clamp(std::pair<double, double> r) {
  for (const OpDef* o : {&Relu::def, &Relu6::def, &ReluN1To1::def, &Relu0To1::def}) {
    Node n;
    n.op = o;
    if (range(n) == r) return o;
  }
  return nullptr;
}
std::pair<double, double> both(const Match& m) {
  const auto a = range(m.node(inner)), b = range(m.node(outer));
  return {std::max(a.first, b.first), std::min(a.second, b.second)};
}

Verdict when(const Match& m) {
  const auto r = both(m);
  if (!clamp(r)) return m.reject("no operator clamps to {} … {}", r.first, r.second);
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const auto r = both(m);
  if (r == range(m.node(inner))) return {m[inner]};
  return {p.add(*clamp(r), {m[x]})};
}
}  // namespace drop_repeated_activation_

extern const Rewrite drop_repeated_activation;
constinit const Rewrite drop_repeated_activation = {
    .name = "drop_repeated_activation",
    .summary = "an activation that clamps twice clamps once",
    .mathematics = "clamping to two ranges that overlap is clamping to their intersection",
    .stage = Stage::Clean,
    .pattern =
        [] {
          using namespace drop_repeated_activation_;
          return any_of<Relu, Relu6, ReluN1To1, Relu0To1>(outer, any_of<Relu, Relu6, ReluN1To1, Relu0To1>(inner, x));
        },
    .when = drop_repeated_activation_::when,
    .build = drop_repeated_activation_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
