#include "quantize/histogram.h"

#include <bit>
#include <cstring>

#include "kernels/histogram_f32/histogram_f32_table.h"
#include "kernels/host_isa.h"

namespace toucanet {

double histogram_edge(uint32_t step) { return static_cast<double>(std::bit_cast<float>(step << 19)); }
uint32_t histogram_step(float x) { return (std::bit_cast<uint32_t>(x) & 0x7fffffffu) >> 19; }

void Histogram::Side::add(uint32_t step, std::span<const uint64_t> more, uint64_t times) {
  while (!more.empty() && !more.front()) more = more.subspan(1), ++step;
  while (!more.empty() && !more.back()) more = more.first(more.size() - 1);
  if (more.empty() || !times) return;
  if (counts.empty()) first = step;
  if (step < first) counts.insert(counts.begin(), first - step, 0), first = step;
  if (const size_t end = step - first + more.size(); end > counts.size()) counts.resize(end);
  for (size_t i = 0; i < more.size(); ++i) counts[step - first + i] += more[i] * times;
}

void Histogram::add(std::span<const float> values) {
  HistogramCounter counter;
  counter.count(values);
  counter.flush(*this);
}

void Histogram::merge(const Histogram& o, uint64_t times) {
  zeros += o.zeros * times;
  negative.add(o.negative.first, o.negative.counts, times);
  positive.add(o.positive.first, o.positive.counts, times);
}

uint64_t Histogram::count() const {
  uint64_t n = zeros;
  for (const Side* s : {&negative, &positive})
    for (uint64_t k : s->counts) n += k;
  return n;
}

std::vector<Histogram::Bin> Histogram::bins() const {
  std::vector<Bin> all;
  for (size_t i = negative.counts.size(); i-- > 0;)
    if (const auto step = negative.first + static_cast<uint32_t>(i); negative.counts[i])
      all.push_back({-histogram_edge(step + 1), -histogram_edge(step), negative.counts[i]});
  if (zeros) all.push_back({0, 0, zeros});
  for (size_t i = 0; i < positive.counts.size(); ++i)
    if (const auto step = positive.first + static_cast<uint32_t>(i); positive.counts[i])
      all.push_back({histogram_edge(step), histogram_edge(step + 1), positive.counts[i]});
  return all;
}

namespace {
constexpr uint32_t sign = 4096;
constexpr size_t lanes = 8;  // of HistogramF32::count
constexpr HistogramSeen nothing{std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(), UINT32_MAX, 0};
}  // namespace

HistogramCounter::HistogramCounter() : counts_(lanes * 2 * sign), sums_(sign), kernel_(best(histogram_f32_table())), seen_(nothing) {}

void HistogramCounter::clear() {
  std::fill(counts_.begin(), counts_.end(), 0u);
  seen_ = nothing;
}

Extremes HistogramCounter::look(std::span<const float> values) {
  HistogramSeen s{nothing.low, nothing.high, seen_.least, seen_.most};
  kernel_.look(values.data(), values.size(), &s);
  seen_ = {std::min(seen_.low, s.low), std::max(seen_.high, s.high), s.least, s.most};
  return {s.low + 0.0f, s.high + 0.0f};  // −0 is 0, whoever saw it first
}

Extremes HistogramCounter::count(std::span<const float> values) {
  kernel_.count(values.data(), values.size(), counts_.data());
  return look(values);
}

// One block of each window, at a place that does not keep step with channels or rows. Looking first, from front to back,
// brings the values near.
Extremes HistogramCounter::count_some(std::span<const float> values) {
  const size_t window = std::clamp<size_t>(values.size() / whole, 1, rarest) * block;
  const Extremes seen = look(values);
  if (window == block) {
    kernel_.count(values.data(), values.size(), counts_.data());
    return seen;
  }
  uint32_t random = 0;
  for (size_t i = 0; i < values.size(); i += window) {
    random = random * 1664525u + 1013904223u;
    const size_t from = i + (random >> 16) % (window / block) * block;
    if (from < values.size()) kernel_.count(&values[from], std::min(block, values.size() - from), counts_.data());
  }
  return seen;
}

bool HistogramCounter::flush(Histogram& to) {
  if (seen_.most >> 19 >= Histogram::steps) return clear(), false;
  const auto take = [&](uint32_t step, size_t n) {
    uint32_t* at = &counts_[lanes * size_t{step}];
    for (size_t i = 0; i < n; ++i) {
      uint32_t sum = 0;
      for (size_t k = 0; k < lanes; ++k) sum += at[lanes * i + k];
      sums_[i] = sum;
    }
    std::memset(at, 0, sizeof(uint32_t) * lanes * n);
    return std::span(sums_).first(n);
  };
  to.zeros += take(0, 1)[0];
  to.zeros += take(sign, 1)[0];
  const uint32_t first = std::max(1u, seen_.least >> 19);
  const auto side = [&](float end, uint32_t base, Histogram::Side& s) {
    if (const uint32_t last = histogram_step(end); last >= first) s.add(first, take(base + first, last + 1 - first), 1);
  };
  if (seen_.low < 0) side(seen_.low, sign, to.negative);
  if (seen_.high > 0) side(seen_.high, 0, to.positive);
  seen_ = nothing;
  return true;
}

}  // namespace toucanet
