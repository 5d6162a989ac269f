#include "ops/custom/custom.h"
#include "runtime/graph_runner.h"

namespace toucanet {
namespace {

// Empty, or why the node cannot be run.
std::string refusal(const Graph& g, const Node& n, PlainExecutor& executor) {
  if (n.is<Custom>()) return executor.custom(n.as<Custom>().custom_code) ? "" : "no function is registered for it";
  const TfliteForm& t = n.op->tflite;
  if (t.builtin.empty()) return {};
  const auto type = [&](size_t i) { return i < n.inputs.size() && n.inputs[i] ? &g.type(n.inputs[i]) : nullptr; };
  const TensorType* typed = type(t.typed_operand);
  if (!typed) return {};
  const bool quantized = typed->quant && (is_int(typed->dtype) || typed->dtype == DType::I4);
  const bool movement = n.op->is(Movement);
  if (quantized) {
    if (n.op->eval_quantized ? t.quantized.has(typed->dtype) : movement && (t.types.empty() || t.types.has(typed->dtype))) return {};
    return fmt::format("it is not there for quantised {}", tf_name(typed->dtype));
  }
  const TensorType* second = type(1);
  if (typed->dtype == DType::F32 && second && second->quant && (is_int(second->dtype) || second->dtype == DType::I4) && t.typed_operand == 0)
    return t.hybrid.has(second->dtype) ? "" : fmt::format("it is not there for float32 with quantised {}", tf_name(second->dtype));
  if (typed->dtype == DType::String && movement && !t.types.empty()) return "it is not there for string";  // only their shapes change here
  if (!t.types.empty() && !t.types.has(typed->dtype)) return fmt::format("it is not there for {}", tf_name(typed->dtype));
  return n.op->eval ? "" : "it cannot be evaluated";
}

}  // namespace

Diags unsupported(const Module& m, PlainExecutor& executor) {
  std::map<std::string, std::vector<std::string>> found;
  for (const Graph& g : m.graphs)
    for (NodeId id : g.topological()) {
      const Node& n = g[id];
      if (n.is<Input>() || n.is<Const>()) continue;
      if (const std::string why = refusal(g, n, executor); !why.empty()) {
        const std::string_view what = n.is<Custom>() ? std::string_view(n.as<Custom>().custom_code) : n.op->tflite.builtin;
        found[fmt::format("{}: {}", what, why)].push_back(n.outputs.empty() ? "" : n.outputs[0].name);
      }
    }
  Diags all;
  for (auto& [what, nodes] : found) {
    Diag d = diag("TN3007", "{}", what);
    d.node = nodes.front();
    if (nodes.size() > 1) d.nodes = nodes;
    all.push_back(std::move(d));
  }
  return all;
}

}  // namespace toucanet
