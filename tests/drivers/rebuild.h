#pragma once
// Variants of a case: its main graph made anew, with other constants, attributes or operands.
#include "ir/graph.h"

namespace toucanet {

struct Variant {
  Module module;
  std::vector<Tensor> inputs;  ///< of the main graph, for execute()
};

struct Changes {
  /// What stands for a constant; its own value by default. Adds to the graph (and to the inputs).
  std::function<Value(Variant&, Value, const Tensor&)> constant = {};
  /// Changes a node before it is added; `old` is its id in the module that is rebuilt.
  std::function<void(Variant&, NodeId old, Attrs&, std::vector<Value>&)> node = {};
};

/// The problems are those of Graph::add, or TN0000 where a result that is read is gone.
inline Expected<Variant> rebuild(const Module& m, const Changes& changes) {
  Variant out{m.clone(), {}};
  Graph& g = out.module.main();
  const auto order = g.topological();
  std::map<Value, Value> now;
  for (NodeId id : order) {
    if (g[id].is<Input>()) return diag("TN0000", "the case has inputs");
    if (g[id].is<Const>()) {
      now[{id, 0}] = changes.constant ? changes.constant(out, {id, 0}, *g.constant({id, 0})) : Value{id, 0};
      continue;
    }
    std::vector<Value> inputs;
    for (Value v : g[id].inputs) {
      if (v && !now.count(v)) return diag("TN0000", "a result is gone");
      inputs.push_back(v ? now[v] : Value{});
    }
    Attrs attrs = g[id].attrs;
    if (changes.node) changes.node(out, id, attrs, inputs);
    TRY(const NodeId made, g.add(*g[id].op, std::move(attrs), std::move(inputs)));
    for (uint32_t s = 0; s < g[made].outputs.size(); ++s) {
      now[{id, s}] = {made, s};
      if (s < g[id].outputs.size()) g.result({made, s}).type.quant = g.result({id, s}).type.quant;
    }
  }
  for (size_t i = 0; i < g.outputs().size(); ++i) {
    if (!now.count(g.outputs()[i].value)) return diag("TN0000", "a result is gone");
    g.set_output(i, now[g.outputs()[i].value]);
  }
  for (size_t i = order.size(); i-- > 0;)
    if (const Node& n = g[order[i]]; std::all_of(n.outputs.begin(), n.outputs.end(), [](const Result& r) { return r.uses.empty(); })) g.erase(order[i]);
  return out;
}

/// An input of that shape in the constant's place.
inline Value as_input(Variant& v, const Tensor& t, Shape shape) {
  v.inputs.push_back(t);
  return v.module.main().add_input({t.dtype, std::move(shape), t.quant}, "in" + std::to_string(v.inputs.size()));
}

}  // namespace toucanet
