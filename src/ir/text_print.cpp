#include <algorithm>
#include <unordered_map>

#include "ir/text.h"

namespace toucanet {
namespace {

std::string quoted(std::string_view s) {
  std::string r = "\"";
  for (char c : s) {
    if (c == '"' || c == '\\') r += '\\';
    if (c == '\n') {
      r += "\\n";
      continue;
    }
    r += c;
  }
  return r + "\"";
}

std::string values(const Tensor& t) {
  std::string s = "[";
  const int64_t n = t.elements();
  if (t.dtype == DType::String) {
    for (const auto& v : t.string_values()) s += (s.size() > 1 ? ", " : "") + quoted(v);
    return s + "]";
  }
  const bool plain = t.dtype == DType::F32 || is_int(t.dtype) || t.dtype == DType::Bool;
  if (!plain || n > 64) {  // bytes
    s = "0x";
    s.reserve(2 + 2 * t.bytes());
    for (size_t i = 0; i < t.bytes(); ++i) {
      const auto b = static_cast<unsigned>(t.raw()[i]);
      s += "0123456789abcdef"[b >> 4];
      s += "0123456789abcdef"[b & 15u];
    }
    return s;
  }
  for (int64_t i = 0; i < n; ++i) {
    if (i) s += ", ";
    if (t.dtype == DType::F32) s += fmt::format("{}", static_cast<float>(t.number(i)));
    else if (t.dtype == DType::Bool) s += t.integer(i) ? "true" : "false";
    else if (t.dtype == DType::U64) s += fmt::format("{}", static_cast<uint64_t>(t.integer(i)));
    else s += fmt::format("{}", t.integer(i));
  }
  return s + "]";
}

// Names in text: letters, digits and ._/- of the tensor name, or a number.
class Names {
  std::unordered_map<uint64_t, std::string> names_;
  int next_ = 0;

 public:
  std::string operator()(Value v) {
    if (!v) return "_";
    auto& n = names_[uint64_t{v.node.index} << 32 | v.slot];
    if (n.empty()) n = fmt::format("%{}", next_++);
    return n;
  }
};

void print_one(std::string& s, const Graph& g, NodeId id, Names& names, const PrintOptions& o) {
  const Node& n = g[id];
  s += "  ";
  for (uint32_t i = 0; i < n.outputs.size(); ++i) s += (i ? ", " : "") + names({id, i});
  s += " = " + std::string(n.op->name);
  if (n.is<Input>() && !n.outputs[0].name.empty()) s += " " + quoted(n.outputs[0].name);
  if (!n.is<Input>() && !n.is<Const>()) {
    s += "(";
    for (size_t i = 0; i < n.inputs.size(); ++i) s += (i ? ", " : "") + names(n.inputs[i]);
    s += ")";
    if (const auto a = n.attrs.str(); !a.empty()) s += " {" + a + "}";
  }
  if (o.types || n.is<Input>() || n.is<Const>()) {
    s += " : ";
    for (size_t i = 0; i < n.outputs.size(); ++i) s += (i ? ", " : "") + n.outputs[i].type.str();
  }
  if (n.constant) s += o.max_elements >= 0 && n.constant->elements() > o.max_elements ? " = …" : " = " + values(*n.constant);
  if (!n.is<Input>() && o.types)
    for (const auto& r : n.outputs)
      if (!r.name.empty()) s += " " + quoted(r.name);
  if (o.origins && !n.outputs.empty() && n.outputs[0].origin.index) s += " @" + quoted(g.module().origins->str(n.outputs[0].origin, 64));
  s += "\n";
}

}  // namespace

std::string print(const Module& m, const PrintOptions& o) {
  std::string s;
  for (const Graph& g : m.graphs) {
    Names names;
    s += "graph " + quoted(g.name) + "\n";
    for (Value v : g.inputs) print_one(s, g, v.node, names, o);
    for (NodeId id : g.topological())
      if (!g[id].is<Input>()) print_one(s, g, id, names, o);
    s += "  return";
    bool first = true;
    for (const auto& out : g.outputs()) {
      s += (first ? " " : ", ") + names(out.value) + (out.name.empty() ? "" : " " + quoted(out.name));
      first = false;
    }
    s += "\n";
  }
  for (const auto& sig : m.signatures) {
    s += "signature " + quoted(sig.key) + fmt::format(" graph{} inputs(", sig.graph);
    for (size_t i = 0; i < sig.inputs.size(); ++i) s += (i ? ", " : "") + quoted(sig.inputs[i].first) + fmt::format("={}", sig.inputs[i].second);
    s += ") outputs(";
    for (size_t i = 0; i < sig.outputs.size(); ++i) s += (i ? ", " : "") + quoted(sig.outputs[i].first) + fmt::format("={}", sig.outputs[i].second);
    s += ")\n";
  }
  return s;
}

std::string print_value(const Graph& g, Value v) {
  if (!v) return "_";
  const Result& r = g.result(v);
  if (const Tensor* t = g.constant(v)) {
    if (t->elements() <= 4) return values(*t);
    return r.name.empty() ? "const " + r.type.str() : "%" + r.name;
  }
  if (!r.name.empty()) return "%" + r.name;
  return fmt::format("%{}", v.node.index);
}

std::string print_node(const Graph& g, NodeId id) {
  const Node& n = g[id];
  std::string s = std::string(n.op->name) + "(";
  for (size_t i = 0; i < n.inputs.size(); ++i) s += (i ? ", " : "") + print_value(g, n.inputs[i]);
  s += ")";
  if (const auto a = n.attrs.str(); !a.empty()) s += " {" + a + "}";
  for (const auto& r : n.outputs) s += " : " + r.type.str();
  return s;
}

std::string print_nodes(const Graph& g, const std::vector<NodeId>& ids) {
  std::string s;
  for (auto it = ids.rbegin(); it != ids.rend(); ++it) {
    if (!g.alive(*it) || g[*it].is<Const>() || g[*it].is<Input>()) continue;
    s += (s.empty() ? "" : " ; ") + print_node(g, *it);
  }
  return s;
}

}  // namespace toucanet
