// Observation: every float value of every graph, counted by kernels that agree, and where a bad number came from.
#include "quantize/observe.h"

#include <bit>
#include <cmath>
#include <numeric>

#include "calibration_samples.h"
#include "fenced_rows.h"
#include "kernels/histogram_f32/histogram_f32_table.h"
#include "kernels/host_isa.h"

namespace toucanet {
namespace {

Observations observe(const Module& m, std::vector<std::vector<Tensor>> samples) {
  Observer o(m, 1);
  for (size_t i = 0; i < samples.size(); ++i) {
    const auto s = o.add(i, samples[i]);
    EXPECT_TRUE(s) << str(s.error());
  }
  auto seen = o.seen();
  EXPECT_TRUE(seen) << str(seen.error());
  return std::move(*seen);
}

TEST(Observe, every_kernel_counts_what_a_plain_loop_counts) {
  std::mt19937 random(3);
  for (const HistogramF32* kernel : histogram_f32_table()) {
    if (kernel->isa > host_isa()) continue;
    SCOPED_TRACE(name(kernel->isa));
    for (size_t n = 0; n < 70; ++n) {
      FencedRows<float> x(1, n);
      std::vector<uint32_t> want(8192), counts(8 * 8192);
      HistogramSeen seen{INFINITY, -INFINITY, UINT32_MAX, 0}, expected = seen;
      for (size_t i = 0; i < n; ++i) {
        const float v = random() % 4 ? std::bit_cast<float>(static_cast<uint32_t>(random() % 0x7f000000u | (random() & 1u) << 31)) : 0.0f;
        x.row(0)[i] = v;
        const auto bits = std::bit_cast<uint32_t>(v), magnitude = bits & 0x7fffffffu;
        ++want[bits >> 19];
        expected.low = std::min(expected.low, v), expected.high = std::max(expected.high, v);
        if (magnitude) expected.least = std::min(expected.least, magnitude);
        expected.most = std::max(expected.most, magnitude);
      }
      kernel->look(x.row(0), n, &seen);
      kernel->count(x.row(0), n, counts.data());
      EXPECT_EQ(seen.low, expected.low) << n;
      EXPECT_EQ(seen.high, expected.high) << n;
      EXPECT_EQ(seen.least, expected.least) << n;
      EXPECT_EQ(seen.most, expected.most) << n;
      for (size_t b = 0; b < want.size(); ++b) ASSERT_EQ(std::accumulate(&counts[8 * b], &counts[8 * b] + 8, 0u), want[b]) << n;
    }
  }
}

TEST(Observe, a_histogram_keeps_every_value_within_its_bin) {
  Histogram h;
  const std::vector<float> values{-3.5f, -3.5f, -1e-20f, 0.0f, -0.0f, 1e-44f, 0.75f, 1e30f};
  h.add(values);
  EXPECT_EQ(h.count(), 8u);
  EXPECT_EQ(h.zeros, 3u) << "what is almost nothing is nothing";
  const auto bins = h.bins();
  ASSERT_EQ(bins.size(), 5u);
  const double within[] = {-3.5, -1e-20, 0, 0.75, 1e30};
  for (size_t i = 0; i < bins.size(); ++i) {
    EXPECT_LE(bins[i].low, within[i] * (within[i] > 0 ? 1.0000001 : 0.9999999));
    EXPECT_GE(bins[i].high, within[i]);
    EXPECT_LE(bins[i].high - bins[i].low, std::fabs(within[i]) / 16 * 1.07);
  }
}

TEST(Observe, merged_histograms_are_the_histogram_of_all) {
  std::mt19937 random(5);
  std::normal_distribution<float> normal(0.5f, 3);
  std::vector<float> values(5000);
  for (float& v : values) v = normal(random);
  Histogram all, parts, other;
  all.add(values);
  for (size_t i = 0; i < values.size(); i += 700) {
    Histogram h;
    h.add(std::span(values).subspan(i, std::min<size_t>(700, values.size() - i)));
    (i / 700 % 2 ? parts : other).merge(h);
  }
  other.merge(parts);
  EXPECT_EQ(other, all);
}

TEST(Observe, of_large_tensors_a_part_is_counted_and_all_values_make_the_extremes) {
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  std::vector<float> values(1 << 17);
  for (float& v : values) v = normal(random);
  values[12345] = 100, values[54321] = -50;
  HistogramCounter counter;
  Histogram part, whole;
  EXPECT_EQ(counter.count_some(values), (Extremes{-50, 100}));
  ASSERT_TRUE(counter.flush(part));
  whole.add(values);
  EXPECT_EQ(part.count(), values.size() / HistogramCounter::rarest);
  const auto below = [](const Histogram& h, double x) {
    double n = 0;
    for (const auto& b : h.bins()) n += b.high <= x ? static_cast<double>(b.count) : 0;
    return n / static_cast<double>(h.count());
  };
  for (double x : {-1.0, -0.25, 0.5, 1.5}) EXPECT_NEAR(below(part, x), below(whole, x), 0.015) << x;

  // Neither channels nor rows of any width keep step with the blocks.
  for (size_t channels : {8u, 64u, 96u, 128u, 512u, 1024u}) {
    for (size_t i = 0; i < values.size(); ++i) values[i] = i % channels < channels / 2 ? 1.0f : -1.0f;
    Histogram h;
    counter.count_some(values);
    ASSERT_TRUE(counter.flush(h));
    EXPECT_NEAR(below(h, 0), 0.5, 0.1) << channels;
  }
}

TEST(Observe, every_float_value_but_constants_is_seen) {
  const auto seen = observe(parsed(convolutions), {{sample_of(1)}, {sample_of(2)}});
  std::vector<std::string> names;
  for (const auto& [name, t] : seen.tensors) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"conv", "depthwise", "pool", "softmax", "x"}));
  EXPECT_EQ(seen.tensors.at("conv").histogram.count(), 2u * 9 * 9 * 32);
  EXPECT_EQ(seen.samples, 2u);
}

TEST(Observe, observing_does_not_change_what_is_computed) {
  const Module m = parsed(convolutions);
  const auto seen = observe(m, {{sample_of(4)}});
  std::map<std::string, Extremes> plain;
  ExecuteOptions o{.semantics = Semantics::TfLite};
  o.observe = [&](Value v, const Tensor& t) {
    for (float x : t.as<float>()) plain[m.main().result(v).name].join({x, x});
  };
  ASSERT_TRUE(execute(m, 0, {sample_of(4)}, o));
  for (const auto& [name, t] : seen.tensors) {
    EXPECT_NEAR(t.extremes.low, plain.at(name).low, 1e-5) << name;
    EXPECT_NEAR(t.extremes.high, plain.at(name).high, 1e-5) << name;
  }
}

TEST(Observe, channels_have_their_own_extremes) {
  const Module m = parsed("graph main\n  %x = input \"x\" : f32[1,2,3]\n  %y = neg(%x) \"y\"\n  return %y \"y\"\n");
  Observer o(m, {.batch = 1, .channels = true});
  ASSERT_TRUE(o.add(0, {Tensor::of<float>(DType::F32, {1, 2, 3}, {1, 2, 3, -4, 5, 0})}));
  const auto seen = o.seen();
  EXPECT_EQ(seen->tensors.at("x").channels, (std::vector<Extremes>{{-4, 1}, {2, 5}, {0, 3}}));
  EXPECT_EQ(seen->tensors.at("y").channels, (std::vector<Extremes>{{-1, 4}, {-5, -2}, {-3, 0}}));
}

constexpr const char* branches = R"(graph main
  %c = input "c" : bool[]
  %x = input "x" : f32[2]
  %t0 = effect_start()
  %y, %t1 = if(%c, %x, %t0) {then_subgraph_index=graph1, else_subgraph_index=graph2} "y"
  %z = neg(%y) "z"
  return %z "z"

graph yes
  %x = input "x" : f32[2]
  %r = sin(%x) "r"
  return %r "r"

graph no
  %x = input "x" : f32[2]
  %r = exp(%x) "r"
  return %r "r"
)";

TEST(Observe, graphs_that_are_called_are_seen_under_their_names) {
  const Module m = parsed(branches);
  const auto flag = [](bool b) { return Tensor::of<uint8_t>(DType::Bool, {}, {static_cast<uint8_t>(b)}); };
  const Tensor x = Tensor::of<float>(DType::F32, {2}, {1, 2});
  auto seen = observe(m, {{flag(false), x}});
  EXPECT_EQ(seen.tensors.at("no::r").extremes, (Extremes{std::exp(1.0f), std::exp(2.0f)}));
  EXPECT_EQ(seen.tensors.at("x").extremes, (Extremes{1, 2}));
  EXPECT_TRUE(seen.never_computed("yes::r"));
  EXPECT_FALSE(seen.never_computed("no::r"));
  EXPECT_FALSE(seen.never_computed("nothing"));
  seen = observe(m, {{flag(false), x}, {flag(true), x}});
  EXPECT_FALSE(seen.never_computed("yes::r"));
  EXPECT_LE(seen.tensors.at("yes::r").extremes.high, 1);
}

TEST(Observe, values_of_one_name_are_told_apart) {
  const Module m = parsed("graph main\n  %x = input \"a\" : f32[2]\n  %y = neg(%x) \"a\"\n  %z = neg(%y) \"a\"\n  return %z \"a\"\n");
  std::vector<std::string> names;
  for (const auto& v : observed_values(m)) names.push_back(v.name);
  EXPECT_EQ(names, (std::vector<std::string>{"a", "a#2", "a#3"}));
}

TEST(Observe, a_value_that_follows_from_constants_is_seen_too) {
  const Module m =
      parsed("graph main\n  %x = input \"x\" : f32[2]\n  %k = const : f32[2] = [-1.5, 2]\n  %f = neg(%k) \"f\"\n  %y = add(%x, %f) \"y\"\n  return %y \"y\"\n");
  const Tensor x = Tensor::of<float>(DType::F32, {2}, {1, 2});
  const auto seen = observe(m, {{x}, {x}, {x}});
  EXPECT_EQ(seen.tensors.at("f").extremes, (Extremes{-2, 1.5f}));
  EXPECT_EQ(seen.tensors.at("f").histogram.count(), 6u);
}

TEST(Observe, a_number_that_is_not_finite_names_its_first_producer) {
  const Module m = parsed("graph main\n  %x = input \"x\" : f32[1,4]\n  %l = log(%x) \"net/Log\"\n  %e = exp(%l) \"net/Exp\"\n  return %e \"net/Exp\"\n");
  const auto problem = [&](std::vector<float> values) {
    Observer o(m, 1);
    const auto s = o.add(3, {Tensor::of<float>(DType::F32, {1, 4}, values)});
    return s ? Diag{} : s.error()[0];
  };
  EXPECT_EQ(problem({1, 2, 3, 4}).code, "");
  EXPECT_EQ(problem({1, 2, 0, 4}).what, "sample 3: 'net/Log' holds -inf");
  EXPECT_EQ(problem({1, -2, 3, 4}).what, "sample 3: 'net/Log' holds nan");
  EXPECT_EQ(problem({1, NAN, 3, 4}).what, "sample 3: 'x' holds nan");
  EXPECT_EQ(problem({1, NAN, 3, 4}).code, "TN7002");
}

TEST(Observe, samples_that_do_not_fit_are_refused_all_at_once) {
  const Module m = parsed("graph main\n  %a = input \"a\" : f32[1,4]\n  %b = input \"b\" : f32[1,4]\n  %y = add(%a, %b) \"y\"\n  return %y \"y\"\n");
  Observer o(m, 1);
  const auto one = o.add(0, {Tensor::zeros(DType::F32, {1, 4})});
  ASSERT_FALSE(one);
  EXPECT_EQ(one.error()[0].what, "sample 0 has 1 arrays, the model has 2 inputs");
  const auto both = o.add(0, {Tensor::zeros(DType::F32, {1, 5}), Tensor::zeros(DType::I32, {1, 4})});
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().size(), 2u);
}

}  // namespace
}  // namespace toucanet
