#include "ops/split/split.h"
#include "ops/split_v/split_v.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace drop_trivial_split_ {
constexpr Var x{"x"}, axis{"axis"}, sizes{"sizes"};
constexpr NodeVar<Split> split{"split"};
constexpr NodeVar<SplitV> split_v{"split_v"};

Verdict when(const Match& m) {
  const size_t n = m.root_node().outputs.size();
  if (n != 1) return m.reject("it has {} results", n);
  return accept();
}
}  // namespace drop_trivial_split_

extern const Rewrite drop_trivial_split;
constinit const Rewrite drop_trivial_split = {
    .name = "drop_trivial_split",
    .summary = "a split into one becomes x",
    .toco = "RemoveTrivialConcatenation, the other way round",
    .stage = Stage::Clean,
    .pattern =
        [] {
          using namespace drop_trivial_split_;
          return one_of(split(axis, x), split_v(x, sizes, axis));
        },
    .when = drop_trivial_split_::when,
    .build = [](const Match& m, Patch&) { return std::vector<Value>{m[drop_trivial_split_::x]}; },
};
}  // namespace toucanet::rewrites
