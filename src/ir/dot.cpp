#include "ir/dot.h"

#include <cmath>

namespace toucanet {
namespace {
std::string escape(std::string_view s) {
  std::string r;
  for (char c : s) {
    if (c == '"' || c == '\\') r += '\\';
    r += c;
  }
  return r;
}
std::string scope(std::string_view name) {
  const size_t slash = name.rfind('/');
  return slash == name.npos ? std::string{} : std::string(name.substr(0, slash));
}
// A pale colour that depends on the scope's name.
std::string color(std::string_view s) {
  uint32_t h = 2166136261u;
  for (char c : s) h = (h ^ static_cast<unsigned char>(c)) * 16777619u;
  return fmt::format("{:.3f} 0.12 1.0", (h % 997) / 997.0);
}
}  // namespace

std::string dot(const Module& m) {
  std::string s =
      "digraph toucanet {\n  rankdir=TB;\n  node [fontname=\"Helvetica\", fontsize=10];\n  edge [fontname=\"Helvetica\", fontsize=8, color=\"#555555\"];\n";
  for (size_t gi = 0; gi < m.graphs.size(); ++gi) {
    const Graph& g = m.graphs[gi];
    s += fmt::format("  subgraph cluster_{} {{\n    label=\"{}\";\n", gi, escape(g.name));
    for (NodeId id : g.topological()) {
      const Node& n = g[id];
      const auto& r = n.outputs.empty() ? Result{} : n.outputs[0];
      const std::string label = escape(r.name.empty() ? std::string(n.op->name) : r.name);
      if (n.is<Const>())
        s += fmt::format("    n{}_{} [shape=cylinder, style=filled, fillcolor=\"#d6e6f5\", label=\"{}\\n{}\"];\n", gi, id.index, label, escape(r.type.str()));
      else if (n.is<Input>())
        s += fmt::format("    n{}_{} [shape=invhouse, style=filled, fillcolor=\"#dddddd\", label=\"{}\\n{}\"];\n", gi, id.index, label, escape(r.type.str()));
      else
        s += fmt::format("    n{}_{} [shape=box, style=filled, fillcolor=\"{}\", label=\"{}\\n{}{}{}\"];\n", gi, id.index, color(scope(r.name)), n.op->name,
                         label, n.attrs.str().empty() ? "" : "\\n", escape(n.attrs.str()));
      for (Value v : n.inputs) {
        if (!v) continue;
        const auto& t = g.type(v);
        const Dim e = t.shape.elements();
        const double bytes = e.known() ? static_cast<double>(e.value()) * static_cast<double>(std::max<size_t>(1, byte_size(t.dtype))) : 1;
        s += fmt::format("    n{0}_{1} -> n{0}_{2} [label=\"{3}\", penwidth={4:.1f}];\n", gi, v.node.index, id.index, g[v].is<Const>() ? "" : escape(t.str()),
                         0.5 + std::log2(bytes + 1) / 8);
      }
    }
    for (size_t i = 0; i < g.outputs().size(); ++i) {
      const auto& o = g.outputs()[i];
      s += fmt::format("    o{0}_{1} [shape=house, style=filled, fillcolor=\"#dddddd\", label=\"{2}\"];\n    n{0}_{3} -> o{0}_{1};\n", gi, i, escape(o.name),
                       o.value.node.index);
    }
    s += "  }\n";
  }
  return s + "}\n";
}

}  // namespace toucanet
