#include "ops/fully_connected/fully_connected.h"
#include "ops/reshape/reshape.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace drop_reshapes_around_fully_connected_ {
constexpr NodeVar<FullyConnected> last{"last"};
constexpr Var shape{"shape"};

// The layers between the two reshapes, the last one first, and what the first reshape reads, if there is one.
struct Chain {
  std::vector<NodeId> layers;
  Value x;
  std::string problem;
};
bool keeps_last(const Shape& a, const Shape& b) { return a.ranked() && b.ranked() && a.rank() && b.rank() && same(a[a.rank() - 1], b[b.rank() - 1]); }

Chain chain(const Match& m) {
  const Graph& g = m.graph();
  Chain c;
  Value v = m[last];
  while (g[v].is<FullyConnected>()) {
    const Node& n = g[v];
    if (v != m[last] && (g.uses(v).size() != 1 || g.is_output(v))) return c.problem = g.describe(v.node) + " is read elsewhere", c;
    const Shape &from = g.type(n.inputs[0]).shape, &w = g.type(n.inputs[1]).shape;
    if (!from.ranked() || !w.ranked() || from.rank() == 0 || !same(from[from.rank() - 1], w[1]))
      return c.problem = fmt::format("it reads rows of [{}] from [{}]", w.str(), from.str()), c;
    c.layers.push_back(v.node);
    v = n.inputs[0];
  }
  c.x = g[v].is<Reshape>() ? g[v].inputs[0] : v;
  return c;
}

Verdict when(const Match& m) {
  const Chain c = chain(m);
  if (!c.problem.empty()) return m.reject("{}", c.problem);
  const Graph& g = m.graph();
  const Shape &x = g.type(c.x).shape, &y = m.root_type().shape;
  const Shape &first = g.type(g[c.layers.back()].inputs[0]).shape, &end = m.shape(last);
  if (!keeps_last(x, first) || !keeps_last(end, y)) return m.reject("a reshape does not keep the last axis of [{}] or [{}]", x.str(), end.str());
  bool equal = x.rank() == y.rank() && x.rank() >= 2;
  for (size_t i = 0; equal && i + 1 < x.rank(); ++i) equal = same(x[i], y[i]);
  if (!equal) return m.reject("x is [{}], the result [{}]", x.str(), y.str());
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Chain c = chain(m);
  Value v = c.x;
  for (auto it = c.layers.rbegin(); it != c.layers.rend(); ++it) {
    const Node& n = m.graph()[*it];
    auto attrs = n.as<FullyConnected>();
    attrs.keep_num_dims = p.type(v).shape.rank() > 2;
    std::vector<Value> in = n.inputs;
    in[0] = v;
    v = p.add<FullyConnected>(std::move(in), attrs);
  }
  return {v};
}
}  // namespace drop_reshapes_around_fully_connected_

extern const Rewrite drop_reshapes_around_fully_connected;
constinit const Rewrite drop_reshapes_around_fully_connected = {
    .name = "drop_reshapes_around_fully_connected",
    .summary = "reshapes to rows and back around fully_connected go: it keeps the dimensions itself",
    .mathematics = "each row along the last axis is multiplied alone",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace drop_reshapes_around_fully_connected_;
          return op<Reshape>(last.operator()().with_rest().used_once(), shape);
        },
    .when = drop_reshapes_around_fully_connected_::when,
    .build = drop_reshapes_around_fully_connected_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
