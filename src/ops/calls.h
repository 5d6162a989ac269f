#pragma once
// What operators that run graphs share.
#include "ir/graph.h"
#include "runtime/eval_context.h"

namespace toucanet {

/// The graph, if it exists and takes operands of these types (from operand `first`, the token aside).
inline Expected<const Graph*> callee(const InferContext& c, GraphRef g, size_t first) {
  if (!c.module() || g.index < 0 || static_cast<size_t>(g.index) >= c.module()->graphs.size()) return c.error("graph {} does not exist", g.index);
  const Graph& graph = c.module()->graphs[static_cast<size_t>(g.index)];
  if (c.inputs() < first + 1 || graph.inputs.size() != c.inputs() - first - 1)
    return c.error("graph '{}' takes {} operands, {} are given", graph.name, graph.inputs.size(),
                   static_cast<int64_t>(c.inputs()) - static_cast<int64_t>(first) - 1);
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    const TensorType& want = graph.type(graph.inputs[i]);
    if (!c.has(first + i) || want.dtype != c.dtype(first + i)) return c.error("operand {} of graph '{}' is {}", i, graph.name, name(want.dtype));
  }
  return &graph;
}

/// What both shapes say; an open dimension where they differ.
inline Shape join(const Shape& a, const Shape& b) {
  if (!a.ranked() || !b.ranked() || a.rank() != b.rank()) return Shape::unranked();
  Dims d;
  for (size_t i = 0; i < a.rank(); ++i) d.push_back(same(a[i], b[i]) ? a[i] : Dim::unknown());
  return Shape(std::move(d));
}

/// The operands from `first`, without the token.
inline std::vector<Tensor> call_operands(const EvalContext& c, size_t first) {
  std::vector<Tensor> in;
  for (size_t i = first; i + 1 < c.inputs(); ++i) in.push_back(c.in(i));
  return in;
}

}  // namespace toucanet
