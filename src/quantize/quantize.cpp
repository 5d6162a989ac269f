#include "quantize/quantize.h"

#include <algorithm>

#include "ir/text.h"
#include "ops/dequantize/dequantize.h"
#include "passes/remove_dead.h"
#include "quantize/borders.h"
#include "quantize/integer.h"
#include "quantize/weights.h"

namespace toucanet {
namespace {

// Ranges that the file stored beside floats have been used.
void drop_stored_ranges(Module& m) {
  for (Graph& g : m.graphs)
    for (NodeId id : g.topological())
      for (uint32_t k = 0; k < g[id].outputs.size(); ++k)
        if (Result& r = g.result({id, k}); r.type.quant && r.type.dtype == DType::F32) r.type.quant = nullptr;
}

Status strict(const Quantized& done) {
  Diags problems;
  for (const auto& f : done.floats) problems.push_back(diag("TN7003", "{} stays in floats: {}", f.op, f.reason).at(f.node));
  if (!problems.empty()) return problems;
  return ok();
}

// Weights that are widened when running: integer kernels and int8 weights need them as float32 constants.
bool has_halves(const Module& m) {
  for (const Graph& g : m.graphs)
    for (NodeId id : g.topological()) {
      const Tensor* t = g[id].is<Dequantize>() ? g.constant(g[id].inputs[0]) : nullptr;
      if (t && t->dtype == DType::F16) return true;
    }
  return false;
}

}  // namespace

bool is_quantized(const Module& m) {
  for (const Graph& g : m.graphs)
    for (NodeId id : g.topological())
      for (const Result& r : g[id].outputs)
        if (r.type.quant && is_int(r.type.dtype)) return true;
  return false;
}

Expected<Quantized> quantize(Module& m, const Recipe& r, const Observations& o, const TrainedRanges& trained) {
  CHECK_OK(check(r));
  Quantized done;
  if (r.mode == QuantMode::None && r.rules.empty()) return done;
  if (is_quantized(m)) return diag("TN7004", "the model is quantised already").note("quantise the float model it was made from");
  if (has_halves(m))
    return diag("TN7004", "the model is quantised already: its weights are float16")
        .note("quantise the float model it was made from; or `toucanet convert MODEL.tflite --quantize`, which widens them first");
  Choices choices(m.main(), r, o);
  // Before the graph changes: rules and samples speak of its nodes as they are.
  if (!is_integer(r.mode)) CHECK_OK(quantize_borders(m, choices, done));
  CHECK_OK(quantize_weights(m, choices, trained, done));
  if (is_integer(r.mode)) {
    CHECK_OK(quantize_integer(m, choices, trained, done));
    const auto without_range = [](const StayedFloat& f) { return f.reason.ends_with("has no range: it was never computed"); };
    if (done.ranges.empty() && o.samples == 0 && std::any_of(done.floats.begin(), done.floats.end(), without_range))
      return diag("TN7002", "mode {} needs samples: none were observed, and no value has a range", name(r.mode)).note("give --calibration DATA");
    CHECK_OK(quantize_borders(m, choices, done));
    if (!r.allow_float) CHECK_OK(strict(done));
  }
  drop_stored_ranges(m);
  for (Graph& g : m.graphs) remove_dead(g);
  CHECK_OK(verify(m));
  return done;
}

}  // namespace toucanet
