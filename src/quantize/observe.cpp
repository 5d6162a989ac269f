#include "quantize/observe.h"

#include <bit>
#include <cmath>

namespace toucanet {
namespace {

// The sign, the exponent and four bits of the mantissa: steps of the grid, rising with the number.
int32_t bin_of(float x) {
  const auto u = static_cast<int32_t>((std::bit_cast<uint32_t>(x) & 0x7fffffffu) >> 19);
  return std::signbit(x) ? -1 - u : u;
}
double edge(int32_t u) { return static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(u) << 19)); }

}  // namespace

void Histogram::add(std::span<const float> values) {
  constexpr int32_t half = 4096;
  std::vector<uint32_t> counts(2 * half, 0);
  for (float v : values)
    if (std::isfinite(v)) ++counts[static_cast<size_t>(half + bin_of(v == 0 ? 0.0f : v))];
  for (int32_t b = -half; b < half; ++b)
    if (const uint32_t n = counts[static_cast<size_t>(half + b)]) bins_[b] += n;
}
void Histogram::merge(const Histogram& o) {
  for (const auto& [b, n] : o.bins_) bins_[b] += n;
}
uint64_t Histogram::count() const {
  uint64_t n = 0;
  for (const auto& [b, k] : bins_) n += k;
  return n;
}
std::vector<Histogram::Bin> Histogram::bins() const {
  std::vector<Bin> all;
  for (const auto& [b, n] : bins_) b >= 0 ? all.push_back({edge(b), edge(b + 1), n}) : all.push_back({-edge(-b), -edge(-1 - b), n});
  return all;
}
Range Histogram::percentile(double p) const {
  const auto outside = static_cast<uint64_t>(static_cast<double>(count()) * (100 - p) / 200);
  const auto all = bins();
  Range r;
  uint64_t seen = 0;
  for (auto b = all.begin(); b != all.end(); ++b)
    if ((seen += b->count) > outside) {
      r.min = b->low;
      break;
    }
  seen = 0;
  for (auto b = all.rbegin(); b != all.rend(); ++b)
    if ((seen += b->count) > outside) {
      r.max = b->high;
      break;
    }
  return r;
}

void Observation::merge(const Observation& o) {
  range.join(o.range);
  histogram.merge(o.histogram);
  for (const auto& [i, s] : o.samples) {
    const auto [at, is_new] = samples.try_emplace(i, s);
    if (!is_new) at->second = {std::min(at->second.first, s.first), std::max(at->second.second, s.second)};
  }
}

// The histogram's bins are wider than the values in them: no range goes beyond what was seen.
Range Observation::by(const RangeChoice& r, [[maybe_unused]] DType type) const {
  if (r.algorithm == RangeAlgorithm::Percentile) {
    const Range p = histogram.percentile(r.percentile);
    return {std::max(p.min, range.min), std::min(p.max, range.max)};
  }
  if (r.algorithm == RangeAlgorithm::MovingAverage && !samples.empty()) {
    Range m{static_cast<double>(samples.begin()->second.first), static_cast<double>(samples.begin()->second.second)};
    for (const auto& [i, s] : samples) {
      m.min += r.moving_average_constant * (static_cast<double>(s.first) - m.min);
      m.max += r.moving_average_constant * (static_cast<double>(s.second) - m.max);
    }
    return m;
  }
  return range;
}

void Observations::merge(const Observations& o) {
  for (const auto& [name, t] : o.tensors) tensors[name].merge(t);
  samples += o.samples;
}

Observer::Observer(const Module& m, size_t threads)
    : module_(m), executor_(m, ExecuteOptions{.semantics = Semantics::TfLite}), threads_(threads), runner_(m, 0, executor_, {.preserve_all_tensors = true}) {}

Status Observer::add(uint64_t index, const std::vector<Tensor>& inputs) {
  const Graph& g = module_.main();
  if (inputs.size() != g.inputs.size()) return diag("TN7002", "sample {} has {} arrays, the model has {} inputs", index, inputs.size(), g.inputs.size());
  Diags problems;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const TensorType& t = g.type(g.inputs[i]);
    const auto& name = g.result(g.inputs[i]).name;
    if (inputs[i].dtype != t.dtype)
      problems.push_back(diag("TN7002", "sample {}: input '{}' is {}, not {}", index, name, tf_name(t.dtype), tf_name(inputs[i].dtype)));
    else if (!refine(t.shape, Shape::of(inputs[i].dims)))
      problems.push_back(diag("TN7002", "sample {}: input '{}' is [{}], not [{}]", index, name, t.shape.str(), Shape::of(inputs[i].dims).str()));
  }
  if (!problems.empty()) return problems;
  for (size_t i = 0; i < inputs.size(); ++i) runner_.set_input_dims(i, inputs[i].dims);
  if (!runner_.planned()) CHECK_OK(runner_.plan(threads_));
  for (size_t i = 0; i < inputs.size(); ++i) {
    Tensor& to = runner_.tensor(g.inputs[i]);
    if (!byte_size(to.dtype)) to = inputs[i];
    else if (to.bytes()) std::memcpy(to.raw_mutable(), inputs[i].raw(), to.bytes());
  }
  CHECK_OK(runner_.run());
  const auto look = [&](Value v) -> Status {
    const Tensor& t = runner_.tensor(v);
    if (t.dtype != DType::F32 || runner_.is_constant(v)) return ok();
    const auto& name = g.result(v).name;
    const auto values = t.as<float>();
    float low = std::numeric_limits<float>::infinity(), high = -low;
    for (float x : values) {
      if (!std::isfinite(x)) return diag("TN7002", "sample {}: '{}' holds {}", index, name, x).at(module_.origins->last(g.result(v).origin));
      low = std::min(low, x), high = std::max(high, x);
    }
    if (values.empty()) return ok();
    Observation one;
    one.range = {static_cast<double>(low), static_cast<double>(high)};
    one.histogram.add(values);
    one.samples[index] = {low, high};
    seen_.tensors[name].merge(one);
    return ok();
  };
  for (Value v : g.inputs) CHECK_OK(look(v));
  for (const Step& s : runner_.steps())
    for (uint32_t k = 0; k < s.out.size(); ++k) CHECK_OK(look({s.node, k}));
  ++seen_.samples;
  return ok();
}

}  // namespace toucanet
