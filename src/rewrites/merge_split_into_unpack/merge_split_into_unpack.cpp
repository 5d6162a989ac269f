#include "ops/reshape/reshape.h"
#include "ops/shapes.h"
#include "ops/split/split.h"
#include "ops/squeeze/squeeze.h"
#include "ops/unpack/unpack.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace merge_split_into_unpack_ {
constexpr Var x{"x"}, axis{"axis"};
constexpr NodeVar<Split> split{"split"};

std::optional<size_t> split_axis(const Match& m) {
  const auto a = integers(m.constant(axis));
  return a.size() == 1 && m.shape(x).ranked() ? normal_axis(a[0], m.shape(x).rank()) : std::nullopt;
}

Verdict when(const Match& m) {
  const Graph& g = m.graph();
  const auto a = split_axis(m);
  if (!a) return m.reject("the axis or the rank is not known");
  const auto& out = m.root_node().outputs;
  if (!m.shape(x)[*a].is(static_cast<int64_t>(out.size())))
    return m.reject("{} results of [{}] along axis {} are not of size 1", out.size(), m.shape(x).str(), *a);
  Dims rest = m.shape(x).dims();
  rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(*a));
  for (const auto& r : out) {
    if (r.uses.size() != 1 || !r.uses[0].node) return m.reject("a result has {} readers", r.uses.size());
    const Node& reader = g[r.uses[0].node];
    if ((!reader.is<Reshape>() && !reader.is<Squeeze>()) || r.uses[0].index != 0) return m.reject("a result is read by {}", reader.op->name);
    if (!same(reader.outputs[0].type.shape, Shape(rest)))
      return m.reject("a result becomes [{}], not [{}]", reader.outputs[0].type.shape.str(), Shape(rest).str());
  }
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const auto& out = m.root_node().outputs;
  const Value first = p.add<Unpack>({m[x]}, {.num = static_cast<int32_t>(out.size()), .axis = static_cast<int32_t>(*split_axis(m))});
  for (uint32_t i = 0; first && i < out.size(); ++i) p.replace({out[i].uses[0].node, 0}, {first.node, i});
  return {};
}
}  // namespace merge_split_into_unpack_

extern const Rewrite merge_split_into_unpack;
constinit const Rewrite merge_split_into_unpack = {
    .name = "merge_split_into_unpack",
    .summary = "a split into slices of size 1 whose readers all drop that axis becomes unpack",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace merge_split_into_unpack_;
          return split(constant(axis), x);
        },
    .when = merge_split_into_unpack_::when,
    .build = merge_split_into_unpack_::build,
};
}  // namespace toucanet::rewrites
