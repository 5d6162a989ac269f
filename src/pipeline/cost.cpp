#include "pipeline/cost.h"

#include <deque>

#include "ops/custom/custom.h"

namespace toucanet {

Cost cost_of(const Module& m) {
  Cost c;
  for (const Graph& g : m.graphs)
    for (NodeId id : g.topological()) {
      const Node& n = g[id];
      if (n.constant) {
        c.parameters += static_cast<size_t>(n.constant->elements());
        c.parameter_bytes += n.constant->bytes();
        continue;
      }
      if (n.is<Input>() || (n.op->tflite.builtin.empty() && !n.is<Custom>())) continue;
      ++c.operators;
      ++c.counts[n.is<Custom>() ? n.as<Custom>().custom_code : std::string(n.op->tflite.builtin)];
      if (!n.op->macs) continue;
      std::deque<TensorType> types;
      std::vector<const TensorType*> in, out;
      const auto at_one = [&](const TensorType& t) {
        Dims d = t.shape.dims();
        for (auto& x : d)
          if (!x.known()) x = 1, c.complete = false;
        types.push_back({t.dtype, t.shape.ranked() ? Shape(std::move(d)) : t.shape, nullptr});
        return &types.back();
      };
      for (Value v : n.inputs) in.push_back(v ? at_one(g.type(v)) : nullptr);
      for (const auto& r : n.outputs) out.push_back(at_one(r.type));
      const Dim d = n.op->macs({n.attrs, in, out});
      if (d.known()) c.macs = d.value() > INT64_MAX - c.macs ? INT64_MAX : c.macs + std::max<int64_t>(0, d.value());
      else c.complete = false;
    }
  return c;
}

}  // namespace toucanet
