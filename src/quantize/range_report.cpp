#include "quantize/range_report.h"

#include <cmath>
#include <set>

#include "ir/quant_rule.h"
#include "ops/dequantize/dequantize.h"
#include "ops/fake_quant/fake_quant.h"
#include "ops/quantize/quantize.h"
#include "quantize/stored_range.h"

namespace toucanet {
namespace {

bool is_stored(const TensorType& t) { return t.quant && !t.quant->scale.empty() && (is_int(t.dtype) || t.dtype == DType::I4); }
bool near(double a, double b) { return std::fabs(a - b) <= 1e-5 * std::max(std::fabs(a), std::fabs(b)); }

int64_t channel_of(const Tensor& t, int64_t element) {
  if (t.quant->scale.size() == 1) return 0;
  int64_t inner = 1;
  for (size_t i = static_cast<size_t>(t.quant->axis) + 1; i < t.rank(); ++i) inner *= t.dims[i];
  return element / inner % static_cast<int64_t>(t.quant->scale.size());
}

// The integer at the end of the range is there, as it is when a range was taken from the values themselves.
bool fills_its_range(const Tensor& t) {
  std::vector<double> most(t.quant->scale.size(), 0.0), least(most);
  for (int64_t i = 0; i < t.elements(); ++i) {
    const auto c = static_cast<size_t>(channel_of(t, i));
    most[c] = std::max(most[c], t.number(i)), least[c] = std::min(least[c], t.number(i));
  }
  if (t.dtype == DType::U8) return most[0] == 255;
  const double end = t.dtype == DType::I16 ? 32767 : t.dtype == DType::I4 ? 7 : 127;
  for (size_t c = 0; c < most.size(); ++c)
    if (most[c] < end && least[c] > -end && (most[c] != 0 || least[c] != 0)) return false;
  return true;
}

class RangeReport {
  const Module& module_;
  const RangeSources& from_;
  const Graph* g_ = nullptr;
  std::string prefix_;
  std::set<Value> constants_;
  std::map<Value, MinMax> ranges_;  // of activations
  std::vector<RangeRow> rows_;

 public:
  RangeReport(const Module& m, const RangeSources& from) : module_(m), from_(from) {}

  std::vector<RangeRow> run() {
    for (const Graph& g : module_.graphs) {
      g_ = &g, prefix_ = &g == &module_.main() ? "" : g.name + "::";
      constants_.clear(), ranges_.clear();
      for (NodeId id : g.topological()) {
        const Node& n = g[id];
        if (n.is<Const>()) continue;
        for (size_t i = 0; i < n.inputs.size(); ++i)
          if (const Value v = n.inputs[i]; v && g.constant(v) && is_stored(g.type(v)) && constants_.insert(v).second) constant(n, i);
        for (uint32_t k = 0; k < n.outputs.size(); ++k) {
          if (is_stored(n.outputs[k].type)) activation({id, k});
          else if (n.outputs[k].type.dtype == DType::F32) floats({id, k});
        }
      }
    }
    return std::move(rows_);
  }

 private:
  RangeRow row_of(Value v, std::string kind) const {
    const Result& r = g_->result(v);
    RangeRow row;
    row.tensor = prefix_ + r.name, row.node = module_.origins->last(r.origin), row.kind = std::move(kind);
    row.dtype = r.type.dtype;
    if (is_stored(r.type)) row.quant = r.type.quant;
    return row;
  }

  // Names of a tensor in the float model: its own, or without the type that a stored form has at its end.
  std::vector<std::string> float_names(const RangeRow& row) const {
    std::vector<std::string> names{row.tensor};
    const std::string end = "_" + std::string(tf_name(row.dtype));
    if (row.quant && row.tensor.ends_with(end)) names.push_back(row.tensor.substr(0, row.tensor.size() - end.size()));
    return names;
  }
  const QuantizationRecord::Row* recorded(const RangeRow& row) const {
    if (!from_.record) return nullptr;
    for (const auto& name : float_names(row)) {
      const auto [first, last] = from_.record->tensors.equal_range(name);
      for (auto at = first; at != last; ++at)
        if (at->second.scale.size() == row.quant->scale.size() && near(static_cast<double>(at->second.scale[0]), static_cast<double>(row.quant->scale[0])))
          return &at->second;
    }
    return nullptr;
  }
  const Observation* observed(const RangeRow& row) const {
    if (!from_.observations) return nullptr;
    for (const auto& name : float_names(row))
      if (const auto at = from_.observations->tensors.find(name); at != from_.observations->tensors.end()) return &at->second;
    return nullptr;
  }

  void constant(const Node& reader, size_t operand) {
    const Value v = reader.inputs[operand];
    const Tensor t = g_->constant(v)->aligned();
    const QuantRule* rule = reader.op->quant;
    const bool bias = (rule && static_cast<int>(operand) == rule->bias) || t.dtype == DType::I32 || t.dtype == DType::I64;
    RangeRow row = row_of(v, bias ? "bias" : "weights");
    const std::string channels = row.quant->scale.size() > 1 ? ", per channel" : "";
    double signal = 0, noise = 0;
    std::vector<float> numbers(static_cast<size_t>(t.elements()));
    MinMax r{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    for (int64_t i = 0; i < t.elements(); ++i) {
      const auto c = static_cast<size_t>(channel_of(t, i));
      const double s = static_cast<double>(row.quant->scale[c]), z = c < row.quant->zero_point.size() ? static_cast<double>(row.quant->zero_point[c]) : 0;
      const double x = s * (t.number(i) - z);
      numbers[static_cast<size_t>(i)] = static_cast<float>(x);
      r.join({x, x}), signal += x * x, noise += s * s / 12;
    }
    if (!numbers.empty()) row.range = r;
    Histogram h;
    h.add(numbers);
    row.values = h.bins();
    if (signal > 0) row.sqnr_db = 10 * std::log10(signal / noise);
    if (const auto* known = recorded(row)) row.source = known->source;
    else if (bias) row.source = is_product(reader, *row.quant) ? "product of scales" + channels : "stored in the file" + channels;
    else if (row.tensor.find("FakeQuantWithMinMax") != row.tensor.npos) row.source = "FakeQuant, by the tensor's name" + channels;
    else row.source = (t.elements() && fills_its_range(t) ? "its own values" : "stored in the file") + channels;
    rows_.push_back(std::move(row));
  }

  bool is_product(const Node& n, const Quant& bias) const {
    const QuantRule* rule = n.op->quant;
    if (!rule || rule->weights < 0 || static_cast<size_t>(rule->weights) >= n.inputs.size()) return false;
    const Quant* x = nullptr;
    for (size_t i = 0; i < n.inputs.size(); ++i)
      if (rule->is_data(i) && n.inputs[i] && is_stored(g_->type(n.inputs[i]))) x = g_->type(n.inputs[i]).quant.get();
    const TensorType& w = g_->type(n.inputs[static_cast<size_t>(rule->weights)]);
    if (!x || !is_stored(w)) return false;
    for (size_t c = 0; c < bias.scale.size(); ++c) {
      const float s = w.quant->scale[w.quant->scale.size() == 1 ? 0 : std::min(c, w.quant->scale.size() - 1)];
      if (!near(static_cast<double>(bias.scale[c]), static_cast<double>(x->scale[0]) * static_cast<double>(s))) return false;
    }
    return true;
  }

  void activation(Value v) {
    RangeRow row = row_of(v, "activation");
    const Quant& q = *row.quant;
    row.range = stored_range(q, row.dtype);
    if (const auto kept = kept_range(g_->type(v)); kept && q.scale.size() == 1) row.range = *kept;
    const auto* known = recorded(row);
    if (known) {
      row.source = known->source;
      if (known->range && !known->source.starts_with("fixed")) row.range = known->range;
    } else {
      row.source = by_rule(v);
      if (const auto x = same_as(v))
        if (const auto at = ranges_.find(*x); at != ranges_.end()) row.range = at->second;
    }
    if (const Observation* o = observed(row); o && q.scale.size() == 1) {
      row.values = o->bins();
      const RangeCost cost = range_cost(row.values, stored_range(q, row.dtype), row.dtype);
      row.clipped = cost.outside;
      if (std::isfinite(cost.sqnr_db())) row.sqnr_db = cost.sqnr_db();
      if (row.source == "stored in the file") recognise(*o, row);
    }
    ranges_[v] = *row.range;
    rows_.push_back(std::move(row));
  }

  // An operand that the operator gives its own parameters to the result of.
  std::optional<Value> same_as(Value v) const {
    const Node& n = (*g_)[v];
    const Quant& q = *g_->type(v).quant;
    const QuantRule* rule = n.op->quant;
    if (rule && rule->results == QuantRule::Results::Same)
      for (size_t i = 0; i < n.inputs.size(); ++i)
        if (const Value x = n.inputs[i];
            x && rule->is_data(i) && is_stored(g_->type(x)) && g_->type(x).quant->scale == q.scale && g_->type(x).quant->zero_point == q.zero_point)
          return x;
    return std::nullopt;
  }

  // What the operator that gives the value demands of it.
  std::string by_rule(Value v) const {
    const Node& n = (*g_)[v];
    const Quant& q = *g_->type(v).quant;
    const QuantRule* rule = n.op->quant;
    if (rule && rule->results == QuantRule::Results::Fixed) {
      const float fixed = g_->type(v).dtype == DType::I16 ? rule->fixed_scale_i16 : rule->fixed_scale;
      if (near(static_cast<double>(q.scale[0]), static_cast<double>(fixed))) return fmt::format("fixed by {}", n.op->tflite.builtin);
    }
    if (const auto x = same_as(v)) return fmt::format("same as '{}'", g_->result(*x).name);
    if (g_->result(v).name.find("FakeQuantWithMinMax") != std::string::npos) return "FakeQuant, by the tensor's name";
    return "stored in the file";
  }

  // The parameters are those that an algorithm would have chosen.
  void recognise(const Observation& o, RangeRow& row) const {
    for (size_t k = 0; k < std::size(range_algorithm_names); ++k) {
      const MinMax r = o.by({.algorithm = static_cast<RangeAlgorithm>(k)}, row.dtype);
      const Quant q = activation_quant(r, row.dtype);
      if (!near(static_cast<double>(q.scale[0]), static_cast<double>(row.quant->scale[0])) || q.zero_point != row.quant->zero_point) continue;
      row.range = r;
      row.source = fmt::format("as {} of {} samples gives", range_algorithm_names[k], from_.observations->samples);
      return;
    }
  }

  void floats(Value v) {
    RangeRow row = row_of(v, "activation");
    const Node& n = (*g_)[v];
    const auto& uses = g_->uses(v);
    row.interface =
        n.is<Dequantize>() || (!uses.empty() && std::all_of(uses.begin(), uses.end(), [&](const Use& u) { return u.node && (*g_)[u.node].is<Quantize>(); }));
    if (const auto kept = kept_range(g_->type(v))) row.range = *kept, row.source = "stored in the file, not applied";
    if (const Observation* o = observed(row)) {
      row.values = o->bins();
      if (!row.range) row.range = o->range(), row.source = fmt::format("observed in {} samples, not applied", from_.observations->samples);
    }
    if (n.is<FakeQuant>()) {
      const auto& a = n.as<FakeQuant>();
      row.range = MinMax{static_cast<double>(a.min), static_cast<double>(a.max)};
      row.source = fmt::format("FakeQuant of {} bits{}, not applied", a.num_bits, a.narrow_range ? ", narrow" : "");
    }
    std::string why;
    if (from_.record)
      if (const auto at = from_.record->floats.find(row.tensor); at != from_.record->floats.end()) why = "stays in floats: " + at->second;
    if (why.empty() && from_.observations && from_.observations->never_computed(row.tensor))
      why = fmt::format("the branch never ran in {} samples: give --default-range or remove it", from_.observations->samples);
    if (why.empty()) why = row.interface ? "a float on the way into or out of the integers" : "stored as floats";
    if (!row.range) row.source = why;
    else if (why.starts_with("stays")) row.source += "; " + why;
    rows_.push_back(std::move(row));
  }
};

}  // namespace

std::vector<RangeRow> range_report(const Module& m, const RangeSources& from) { return RangeReport(m, from).run(); }

}  // namespace toucanet
