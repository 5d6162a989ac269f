#include "quantize/observations.h"

#include <algorithm>

namespace toucanet {

std::vector<Histogram::Bin> Observation::bins() const {
  auto all = histogram.bins();
  const MinMax r = range();
  for (auto& b : all) b.low = std::clamp(b.low, r.min, r.max), b.high = std::clamp(b.high, r.min, r.max);
  return all;
}

namespace {

std::optional<MinMax> moving_average(const Observation& o, double constant) {
  std::optional<MinMax> m;
  if (!o.samples) return m;
  for (const SampleRows& part : *o.samples)
    for (uint64_t i = 0; i < part.count; ++i) {
      const Extremes e = part.rows[i * o.columns + o.column];
      if (e.empty()) continue;
      const double low = static_cast<double>(e.low), high = static_cast<double>(e.high);
      if (!m) m = MinMax{low, high};
      m->min += constant * (low - m->min), m->max += constant * (high - m->max);
    }
  return m;
}

}  // namespace

MinMax Observation::by(const RangeChoice& c, DType type) const {
  switch (c.algorithm) {
    case RangeAlgorithm::MinMax: return range();
    case RangeAlgorithm::MovingAverage: return moving_average(*this, c.moving_average_constant).value_or(range());
    case RangeAlgorithm::Percentile: return percentile_range(bins(), c.percentile);
    case RangeAlgorithm::KL: return kl_range(bins(), range(), type);
    case RangeAlgorithm::MSE: return mse_range(bins(), range(), type);
  }
  return range();
}

bool Observations::never_computed(const std::string& name) const { return !tensors.count(name) && std::find(names.begin(), names.end(), name) != names.end(); }

bool Observations::complete() const { return source.size && covered.size() == 1 && covered[0] == std::pair(uint64_t{0}, *source.size); }

Diags Observations::differences(const Observations& o) const {
  Diags problems;
  const ObservationSource &x = source, &y = o.source;
  const auto differ = [&](bool same, std::string_view what, const auto& one, const auto& other, std::string next) {
    if (!same) problems.push_back(diag("TN7006", "these observations do not belong together: {} {} and {}", what, one, other).note(std::move(next)));
  };
  differ(x.fingerprint == y.fingerprint && names == o.names, "the models are", x.model, y.model, "calibrate the same model");
  differ(x.producer == y.producer, "they were made by", x.producer, y.producer, "calibrate all shards with one version");
  differ(x.kernels == y.kernels, "the kernels were", x.kernels, y.kernels, "calibrate all shards under the same TOUCANET_MAX_ISA");
  differ(x.batch == y.batch, "a batch had so many samples:", x.batch, y.batch, "calibrate all shards with the same --batch");
  differ(x.data == y.data && x.size == y.size, "the data are", x.data, y.data, "give each shard the whole data; --shard takes its part");
  differ(x.channels == y.channels, "channels were observed:", x.channels, y.channels, "calibrate all shards with the same --channels");
  return problems;
}

namespace {

Diags overlaps(const Observations& a, const Observations& b) {
  Diags problems;
  for (auto x = a.covered.begin(), y = b.covered.begin(); x != a.covered.end() && y != b.covered.end(); x->second < y->second ? ++x : ++y)
    if (const uint64_t from = std::max(x->first, y->first), to = std::min(x->second, y->second); from < to)
      problems.push_back(diag("TN7007", "samples {} to {} were observed twice", from, to - 1).note("merge each shard once"));
  return problems;
}

}  // namespace

void Observations::merge_tensors(const Observations& o) {
  for (const auto& [name, t] : o.tensors) {
    const auto [at, is_new] = tensors.try_emplace(name, t);
    Observation& to = at->second;
    if (is_new) continue;
    to.extremes.join(t.extremes);
    to.histogram.merge(t.histogram);
    to.channels.resize(std::max(to.channels.size(), t.channels.size()));
    for (size_t c = 0; c < t.channels.size(); ++c) to.channels[c].join(t.channels[c]);
  }
}

Status Observations::merge(const Observations& o) {
  if (o.covered.empty()) return ok();
  if (covered.empty()) return *this = o, ok();
  if (Diags problems = differences(o); !problems.empty()) return problems;
  if (Diags problems = overlaps(*this, o); !problems.empty()) return problems;
  merge_tensors(o);
  source.model = std::min(source.model, o.source.model);
  samples += o.samples;

  covered.insert(covered.end(), o.covered.begin(), o.covered.end());
  std::sort(covered.begin(), covered.end());
  size_t n = 0;
  for (const auto& next : covered) n&& covered[n - 1].second == next.first ? void(covered[n - 1].second = next.second) : void(covered[n++] = next);
  covered.resize(n);

  auto rows = std::make_shared<std::vector<SampleRows>>();
  for (const Observations* from : {static_cast<const Observations*>(this), &o})
    if (from->rows) rows->insert(rows->end(), from->rows->begin(), from->rows->end());
  std::sort(rows->begin(), rows->end(), [](const SampleRows& a, const SampleRows& b) { return a.first < b.first; });
  set_rows(std::move(rows));
  return ok();
}

void Observations::set_rows(std::shared_ptr<const std::vector<SampleRows>> r) {
  rows = std::move(r);
  for (auto& [name, t] : tensors) t.samples = rows, t.columns = static_cast<uint32_t>(names.size());
}

}  // namespace toucanet
