#include "quantize/layer_comparison.h"

#include <cmath>

#include "ops/dequantize/dequantize.h"
#include "quantize/stored_range.h"

namespace toucanet {
namespace {

// The numbers that a tensor stands for; a view of a float tensor's own.
std::span<const float> real_numbers(const Tensor& t, std::vector<float>& scratch) {
  if (t.dtype == DType::F32 && t.is_aligned()) return t.as<float>();
  scratch.resize(static_cast<size_t>(t.elements()));
  const bool stored = t.quant && t.quant->scale.size() == 1 && is_int(t.dtype);
  const double s = stored ? static_cast<double>(t.quant->scale[0]) : 1;
  const double z = stored && !t.quant->zero_point.empty() ? static_cast<double>(t.quant->zero_point[0]) : 0;
  const bool done = dispatch(t.dtype, [&]<class T>(T) {
    const T* x = t.as<T>().data();
    for (size_t i = 0; i < scratch.size(); ++i) scratch[i] = static_cast<float>(s * (static_cast<double>(x[i]) - z));
  });
  if (!done)
    for (size_t i = 0; i < scratch.size(); ++i) scratch[i] = static_cast<float>(t.number(static_cast<int64_t>(i)));
  return scratch;
}

std::vector<std::string> joined_names(const std::string& name) {
  std::vector<std::string> parts;
  for (size_t from = 0; from <= name.size();) {
    const size_t to = std::min(name.find(';', from), name.size());
    parts.push_back(name.substr(from, to - from));
    from = to + 1;
  }
  return parts;
}

// Computed tensors of a model by name, and by the parts of joined names that are its alone.
class Names {
  std::map<std::string, Value> whole_;
  std::map<std::string, std::optional<Value>> parts_;

 public:
  explicit Names(ModelRunner& m) {
    const Graph& g = m.graph().graph();
    for (const Step& step : m.graph().steps())
      for (uint32_t k = 0; k < step.out.size(); ++k) {
        const Value v{step.node, k};
        const auto& name = g.result(v).name;
        whole_.try_emplace(name, v);
        if (name.find(';') == name.npos) continue;
        for (const auto& part : joined_names(name))
          if (const auto [at, is_new] = parts_.try_emplace(part, v); !is_new) at->second.reset();
      }
  }
  std::optional<Value> find(const std::string& name) const {
    if (const auto at = whole_.find(name); at != whole_.end()) return at->second;
    for (const auto& part : joined_names(name)) {
      if (const auto at = whole_.find(part); at != whole_.end()) return at->second;
      if (const auto at = parts_.find(part); at != parts_.end() && at->second) return at->second;
    }
    return std::nullopt;
  }
};

// Real numbers into a tensor of another type.
Status store(const Tensor& from, Tensor& to, size_t input) {
  const bool stored = to.quant && to.quant->scale.size() == 1 && is_int(to.dtype);
  if (!(stored || is_float(to.dtype)) || from.elements() != to.elements() || !byte_size(from.dtype))
    return diag("TN3006", "input {} is {} in one model and {} in the other", input, tf_name(from.dtype), tf_name(to.dtype));
  std::vector<float> scratch;
  const auto x = real_numbers(from, scratch);
  const bool done = dispatch(to.dtype, [&]<class T>(T) {
    T* y = to.as_mutable<T>().data();
    for (size_t i = 0; i < x.size(); ++i) {
      double v = static_cast<double>(x[i]);
      if (stored) v = std::round(v / static_cast<double>(to.quant->scale[0])) + static_cast<double>(to.quant->zero_point.empty() ? 0 : to.quant->zero_point[0]);
      if constexpr (std::is_integral_v<T>)
        v = std::clamp(v, static_cast<double>(std::numeric_limits<T>::min()), static_cast<double>(std::numeric_limits<T>::max()));
      y[i] = static_cast<T>(v);
    }
  });
  if (!done) return diag("TN3006", "input {} is {} in one model and {} in the other", input, tf_name(from.dtype), tf_name(to.dtype));
  return ok();
}

Status copy_inputs(ModelRunner& from, ModelRunner& to) {
  if (from.file().inputs.size() != to.file().inputs.size())
    return diag("TN3006", "the models have {} and {} inputs", from.file().inputs.size(), to.file().inputs.size());
  Diags problems;
  for (size_t k = 0; k < from.file().inputs.size(); ++k) {
    const TfliteTensor &a = from.file().tensors[from.file().inputs[k]], &b = to.file().tensors[to.file().inputs[k]];
    const auto is = [](const TfliteTensor& t, size_t i) { return i < t.shape_signature.size() ? t.shape_signature[i] : t.shape[i]; };
    bool fits = a.shape.size() == b.shape.size();
    for (size_t i = 0; fits && i < a.shape.size(); ++i) fits = is(a, i) == is(b, i) || is(a, i) < 0 || is(b, i) < 0;
    if (!fits)
      problems.push_back(diag("TN3006", "input {} is '{}' [{}] in one model and '{}' [{}] in the other", k, a.name, Shape::of(a.shape).str(), b.name,
                              Shape::of(b.shape).str()));
  }
  if (!problems.empty()) return problems;
  for (size_t k = 0; k < from.file().inputs.size(); ++k)
    if (const auto& dims = from.tensor(0, from.file().inputs[k])->dims; to.graph().input_dims(k) != dims) to.resize_input(0, k, dims);
  CHECK_OK(to.allocate());
  for (size_t k = 0; k < from.file().inputs.size(); ++k) {
    const Tensor& x = *from.tensor(0, from.file().inputs[k]);
    Tensor& y = *to.tensor(0, to.file().inputs[k]);
    const bool same = x.dtype == y.dtype && (x.quant == y.quant || (x.quant && y.quant && *x.quant == *y.quant) || !is_int(x.dtype));
    if (!same) {
      CHECK_OK(store(x, y, k));
      continue;
    }
    if (!byte_size(y.dtype)) y = x;
    else if (y.bytes()) std::memcpy(y.raw_mutable(), x.raw(), y.bytes());
  }
  return ok();
}

int64_t place_of_largest(const Tensor& t) {
  int64_t best = 0;
  for (int64_t i = 1; i < t.elements(); ++i)
    if (t.number(i) > t.number(best)) best = i;
  return best;
}

bool is_classes(const Tensor& t) { return byte_size(t.dtype) && !t.dims.empty() && t.dims.back() > 1 && t.elements() == t.dims.back(); }

}  // namespace

double LayerDifference::sqnr_db() const { return noise == 0 ? std::numeric_limits<double>::infinity() : 10 * std::log10(std::max(signal, 1e-300) / noise); }

std::optional<MinMax> LayerDifference::stored_limits() const {
  if (!stored || stored->scale.size() != 1) return std::nullopt;
  return stored_range(*stored, stored_type);
}

LayerComparison::LayerComparison(ModelRunner& first, ModelRunner& second, Tolerance t, bool observe)
    : first_(first), second_(second), tolerance_(t), observe_(observe) {}

void LayerComparison::find_pairs() {
  const Names names(second_);
  const Graph &g = first_.graph().graph(), &h = second_.graph().graph();
  for (const Step& step : first_.graph().steps())
    for (uint32_t k = 0; k < step.out.size(); ++k) {
      const Result& r = g.result({step.node, k});
      const Tensor& mine = *step.out[k];
      if (r.name.empty() || !byte_size(mine.dtype)) continue;
      const auto v = names.find(r.name);
      if (!v || !byte_size(second_.graph().tensor(*v).dtype)) {
        unmatched_.push_back(r.name);
        continue;
      }
      LayerDifference d;
      d.tensor = r.name, d.other = h.result(*v).name;
      d.node = first_.module().origins->last(r.origin);
      d.op = g[step.node].op->tflite.builtin.empty() ? g[step.node].op->name : g[step.node].op->tflite.builtin;
      d.type = fmt::format("{} [{}]", tf_name(mine.dtype), Shape::of(mine.dims).str());
      const Value kept = h[*v].is<Dequantize>() ? h[*v].inputs[0] : *v;
      const Tensor& theirs = second_.graph().tensor(kept);
      if (theirs.quant && is_int(theirs.dtype)) d.stored = theirs.quant, d.stored_type = theirs.dtype;
      layers_.push_back(std::move(d));
      pairs_.push_back({&mine, &second_.graph().tensor(*v)});
    }
  rows_.resize(layers_.size());
  const Tensor& answer = *first_.tensor(0, first_.file().outputs[0]);
  classifies_ = !second_.file().outputs.empty() && is_classes(answer) && answer.dims == second_.tensor(0, second_.file().outputs[0])->dims;
}

void LayerComparison::measure(LayerDifference& d, const Pair& p, std::vector<Extremes>& rows) {
  const Tensor &a = *p.first, &b = *p.second;
  if (!a.defined() || !b.defined()) return;
  if (a.dims != b.dims) {
    d.problem = fmt::format("the shapes differ: [{}] and [{}]", Shape::of(a.dims).str(), Shape::of(b.dims).str());
    d.past = true;
    return;
  }
  const bool same_numbers = a.quant == b.quant || (a.quant && b.quant && *a.quant == *b.quant);
  const bool exact = a.dtype == b.dtype && !is_float(a.dtype) && same_numbers;
  std::vector<float> mine, theirs;
  const auto x = real_numbers(a, mine), y = real_numbers(b, theirs);
  const auto limits = d.stored_limits();
  const double half = limits ? static_cast<double>(d.stored->scale[0]) / 2 : 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double u = static_cast<double>(x[i]), v = static_cast<double>(y[i]);
    if (std::isnan(u) && std::isnan(v)) continue;
    if (!std::isfinite(u) || !std::isfinite(v)) {
      if (u != v) d.past = true, d.largest = d.noise = std::numeric_limits<double>::infinity();
      continue;
    }
    const double e = std::fabs(u - v);
    d.largest = std::max(d.largest, e);
    d.sum += e, d.signal += u * u, d.noise += e * e;
    d.past = d.past || (exact ? e != 0 : e > tolerance_.absolute + tolerance_.relative * std::fabs(u));
    if (limits) d.clipped += u < limits->min - half || u > limits->max + half;
  }
  if (exact && a.bytes() && std::memcmp(a.raw(), b.raw(), a.bytes()) != 0) d.past = true;  // 64-bit integers beyond a float's
  d.count += x.size();
  if (!observe_ || a.dtype != DType::F32) return;
  const Extremes e = counter_.count(x);
  if (!counter_.flush(d.seen.histogram)) return;
  d.seen.extremes.join(e);
  rows.push_back(e);
}

Status LayerComparison::add() {
  CHECK_OK(first_.allocate());
  CHECK_OK(copy_inputs(first_, second_));
  CHECK_OK(first_.invoke());
  CHECK_OK(second_.invoke());
  if (samples_ == 0) find_pairs();
  if (layers_.empty())
    return diag("TN3012", "the models have no computed tensor of one name").note("outputs are compared by name: convert both from the same source");
  for (size_t i = 0; i < layers_.size(); ++i) measure(layers_[i], pairs_[i], rows_[i]);
  if (classifies_)
    same_answer_ += place_of_largest(*first_.tensor(0, first_.file().outputs[0])) == place_of_largest(*second_.tensor(0, second_.file().outputs[0]));
  ++samples_;
  return ok();
}

Status LayerComparison::add(const std::vector<Tensor>& inputs) {
  const auto& file = first_.file();
  if (inputs.size() != file.inputs.size()) return diag("TN3006", "a sample has {} arrays, the model {} inputs", inputs.size(), file.inputs.size());
  for (size_t k = 0; k < inputs.size(); ++k)
    if (first_.graph().input_dims(k) != inputs[k].dims) first_.resize_input(0, k, inputs[k].dims);
  CHECK_OK(first_.allocate());
  for (size_t k = 0; k < inputs.size(); ++k) {
    Tensor& to = *first_.tensor(0, file.inputs[k]);
    if (to.dtype != inputs[k].dtype || to.dims != inputs[k].dims)
      return diag("TN3006", "the input '{}' is {} [{}], a sample {} [{}]", file.tensors[file.inputs[k]].name, tf_name(to.dtype), Shape::of(to.dims).str(),
                  tf_name(inputs[k].dtype), Shape::of(inputs[k].dims).str());
    if (!byte_size(to.dtype)) to = inputs[k];
    else if (to.bytes()) std::memcpy(to.raw_mutable(), inputs[k].raw(), to.bytes());
  }
  return add();
}

std::vector<LayerDifference> LayerComparison::take() {
  for (size_t i = 0; i < layers_.size(); ++i) {
    if (rows_[i].empty()) continue;
    auto kept = std::make_shared<std::vector<Extremes>>(std::move(rows_[i]));
    const Extremes* data = kept->data();
    const uint64_t n = kept->size();
    layers_[i].seen.samples = std::make_shared<const std::vector<SampleRows>>(std::vector<SampleRows>{{0, n, data, std::move(kept)}});
    layers_[i].seen.columns = 1;
  }
  return std::move(layers_);
}

bool loses_precision(const Module& first, const Module& second) {
  const auto stored = [](const Module& m) {
    for (const Graph& g : m.graphs)
      for (NodeId id : g.topological())
        for (const Result& r : g[id].outputs)
          if (r.type.dtype == DType::F16 || (r.type.quant && is_int(r.type.dtype))) return true;
    return false;
  };
  return stored(second) && !stored(first);
}

}  // namespace toucanet
