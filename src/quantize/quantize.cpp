#include "quantize/quantize.h"

#include <algorithm>
#include <set>

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

// Graphs that users call themselves: the main one and those of signatures. Others keep the types that their callers give.
std::set<size_t> entries(const Module& m) {
  std::set<size_t> all{0};
  for (const Signature& s : m.signatures) all.insert(s.graph);
  return all;
}

// Constants that an earlier conversion stored as float16 are floats again.
void widen_halves(Graph& g) {
  for (NodeId id : g.topological()) {
    const Tensor* half = g[id].is<Dequantize>() ? g.constant(g[id].inputs[0]) : nullptr;
    if (!half || half->dtype != DType::F16) continue;
    Tensor floats = Tensor::zeros(DType::F32, half->dims);
    const Tensor from = half->aligned();
    const auto to = floats.as_mutable<float>();
    for (size_t i = 0; i < to.size(); ++i) to[i] = static_cast<float>(from.number(static_cast<int64_t>(i)));
    const Result& old = g.result(g[id].inputs[0]);
    g.replace_uses({id, 0}, g.add_constant(std::move(floats), old.name, old.origin));
    g.erase(id);
  }
}

Status quantize_graph(Graph& g, Choices& choices, const TrainedRanges& trained, Quantized& done) {
  widen_halves(g);
  // Before the graph changes: rules and samples speak of its nodes as they are.
  const bool integers = is_integer(choices.recipe().mode);
  if (!integers) CHECK_OK(quantize_borders(g, choices, done));
  CHECK_OK(quantize_weights(g, choices, trained, done));
  if (!integers) return ok();
  CHECK_OK(quantize_integer(g, choices, trained, done));
  return quantize_borders(g, choices, done);
}

// An integer recipe that has ranges for no operator.
Status has_ranges(const Recipe& r, const Observations& o, const Quantized& done) {
  if (!is_integer(r.mode) || !done.ranges.empty() || o.samples) return ok();
  const auto lost = std::find_if(done.floats.begin(), done.floats.end(), [](const StayedFloat& f) { return f.without_range; });
  if (lost == done.floats.end()) return ok();
  return diag("TN7002", "mode {} needs samples: no operator has all its ranges", name(r.mode))
      .at(lost->node)
      .note(lost->reason)
      .note("give --calibration DATA");
}

Status strict(const Quantized& done) {
  Diags problems;
  for (const auto& f : done.floats) problems.push_back(diag("TN7003", "{} stays in floats: {}", f.op, f.reason).at(f.node));
  if (!problems.empty()) return problems;
  return ok();
}

}  // namespace

bool is_quantized(const Module& m) {
  for (const Graph& g : m.graphs)
    for (NodeId id : g.topological())
      for (const Result& r : g[id].outputs)
        if (r.type.quant && is_int(r.type.dtype)) return true;
  return false;
}

Status check_float(const Module& m) {
  if (is_quantized(m)) return diag("TN7004", "the model is quantised already").note("quantise the float model it was made from");
  return ok();
}

Expected<Quantized> quantize(Module& m, const Recipe& r, const Observations& o, const TrainedRanges& trained) {
  CHECK_OK(check(r));
  Quantized done;
  if (r.mode == QuantMode::None && r.rules.empty()) return done;
  CHECK_OK(check_float(m));
  Recipe inner = r;
  inner.input_type = inner.output_type = DType::F32;
  const auto observed = observed_values(m);
  const auto entry = entries(m);
  Diags problems;
  for (size_t i = 0; i < m.graphs.size(); ++i) {
    const auto [first, last] = std::equal_range(observed.begin(), observed.end(), ObservedValue{static_cast<uint32_t>(i), {}, {}},
                                                [](const ObservedValue& a, const ObservedValue& b) { return a.graph < b.graph; });
    Choices choices(m.graphs[i], {first, last}, entry.count(i) ? r : inner, o);
    if (auto s = quantize_graph(m.graphs[i], choices, trained, done); !s) problems.insert(problems.end(), s.error().begin(), s.error().end());
  }
  if (!problems.empty()) return problems;
  CHECK_OK(has_ranges(r, o, done));
  if (!r.allow_float && is_integer(r.mode)) CHECK_OK(strict(done));
  drop_stored_ranges(m);
  for (Graph& g : m.graphs) remove_dead(g);
  CHECK_OK(verify(m));
  return done;
}

}  // namespace toucanet
