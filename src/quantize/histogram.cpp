#include "quantize/histogram.h"

#include <bit>
#include <cmath>

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
constexpr HistogramSeen nothing{std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(), UINT32_MAX};
}  // namespace

HistogramCounter::HistogramCounter() : counts_(4 * 2 * sign), kernel_(best(histogram_f32_table())), seen_(nothing) {}

void HistogramCounter::clear() {
  std::fill(counts_.begin(), counts_.end(), 0u);
  seen_ = nothing;
}

Extremes HistogramCounter::count(std::span<const float> values) {
  HistogramSeen s{nothing.low, nothing.high, seen_.least};
  kernel_.count(values.data(), values.size(), counts_.data(), &s);
  seen_ = {std::min(seen_.low, s.low), std::max(seen_.high, s.high), s.least};
  return {s.low + 0.0f, s.high + 0.0f};  // −0 is 0, whoever saw it first
}

bool HistogramCounter::flush(Histogram& to) {
  const auto take = [&](uint32_t step) {
    uint32_t* at = &counts_[4 * size_t{step}];
    const uint64_t n = uint64_t{at[0]} + at[1] + at[2] + at[3];
    at[0] = at[1] = at[2] = at[3] = 0;
    return n;
  };
  uint64_t infinite = 0;
  for (uint32_t k = 0; k < 16; ++k) infinite += take(Histogram::steps + k) + take(sign + Histogram::steps + k);
  if (infinite) return clear(), false;
  to.zeros += take(0) + take(sign);
  const uint32_t first = std::max(1u, seen_.least >> 19);
  std::vector<uint64_t> counts;
  const auto side = [&](float end, uint32_t base, Histogram::Side& s) {
    counts.clear();
    for (uint32_t step = first; step <= histogram_step(end); ++step) counts.push_back(take(base + step));
    s.add(first, counts, 1);
  };
  if (seen_.low < 0) side(seen_.low, sign, to.negative);
  if (seen_.high > 0) side(seen_.high, 0, to.positive);
  seen_ = nothing;
  return true;
}

}  // namespace toucanet
