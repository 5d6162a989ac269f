#include "quantize/borders.h"

#include "ops/dequantize/dequantize.h"
#include "ops/quantize/quantize.h"

namespace toucanet {
namespace {

struct BorderPass {
  Graph& g;
  const Choices& choices;
  Quantized& done;
  Diags problems = {};

  std::shared_ptr<const Quant> parameters(Value v, const std::string& name, std::string_view what, DType type) {
    const auto c = choices.range(v);
    if (c) {
      auto q = std::make_shared<const Quant>(activation_quant(c->range, type));
      done.ranges.push_back({choices.reported(name), c->source, c->range, *q});
      return q;
    }
    problems.push_back(diag("TN7012", "the {} '{}' cannot be {}: it has no range", what, name, tf_name(type))
                           .at(g.module().origins->last(g.result(v).origin))
                           .note("give samples (--calibration), a rule with a range, or a default range"));
    return nullptr;
  }

  Status input(size_t i) {
    const Value old = g.inputs[i];
    const DType type = choices.recipe().input_type;
    if (type == DType::F32 || g.type(old).dtype != DType::F32) return ok();
    const Result was = g.result(old);
    const auto q = parameters(old, was.name, "input", type);
    if (!q) return ok();
    const Value made = g.add_input(TensorType{type, was.type.shape, q}, was.name, was.origin);
    g.inputs.pop_back();
    TRY(const NodeId floats, g.add<Dequantize>({made}, {}, was.name + "_float", was.origin));
    g.replace_uses(old, {floats, 0});
    g.inputs[i] = made;
    return ok();
  }

  Status output(size_t i) {
    const Value old = g.outputs()[i].value;
    const DType type = choices.recipe().output_type;
    if (type == DType::F32 || g.type(old).dtype != DType::F32) return ok();
    const std::string name = g.outputs()[i].name;
    const auto q = parameters(old, name, "output", type);
    if (!q) return ok();
    TRY(const NodeId id, g.add<Quantize>({old}, {.result_dtype = type}, name, g.result(old).origin));
    g.result({id, 0}).type.quant = q;
    if (g.result(old).name == name) g.result(old).name = name + "_float";
    g.set_output(i, {id, 0});
    return ok();
  }
};

}  // namespace

Status quantize_borders(Graph& g, const Choices& choices, Quantized& done) {
  BorderPass pass{g, choices, done};
  for (size_t i = 0; i < g.outputs().size(); ++i) CHECK_OK(pass.output(i));
  for (size_t i = 0; i < g.inputs.size(); ++i) CHECK_OK(pass.input(i));
  if (!pass.problems.empty()) return pass.problems;
  return ok();
}

}  // namespace toucanet
