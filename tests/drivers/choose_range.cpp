// Ranges from histograms, beside searches over the values themselves.
#include "quantize/choose_range.h"

#include <cmath>
#include <functional>

#include "calibration_samples.h"

namespace toucanet {
namespace {

using Draw = std::function<float(std::mt19937&)>;

struct Drawn {
  std::vector<float> values;
  Histogram histogram;
  Observation seen;
};

Drawn drawn(const Draw& draw, size_t n = 200000) {
  Drawn d;
  std::mt19937 random(11);
  for (size_t i = 0; i < n; ++i) d.values.push_back(draw(random));
  d.seen.histogram.add(d.values);
  for (float v : d.values) d.seen.extremes.join({v, v});
  return d;
}

// Mean square distance of the values from what is stored.
double error_of(const std::vector<float>& values, MinMax r, DType type) {
  const auto q = std::make_shared<const Quant>(activation_quant(r, type));
  const Tensor t = Tensor::of<float>(DType::F32, {static_cast<int64_t>(values.size())}, values), stored = quantize_tensor(t, q, type, false);
  double sum = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const double back = (stored.number(static_cast<int64_t>(i)) - static_cast<double>(q->zero_point[0])) * static_cast<double>(q->scale[0]);
    sum += (back - static_cast<double>(values[i])) * (back - static_cast<double>(values[i]));
  }
  return sum / static_cast<double>(values.size());
}

Draw normal(float mean, float sigma) {
  return [d = std::normal_distribution<float>(mean, sigma)](std::mt19937& r) mutable { return d(r); };
}
Draw laplace(float b) {
  return [b, d = std::exponential_distribution<float>(1)](std::mt19937& r) mutable { return (r() & 1 ? b : -b) * d(r); };
}
Draw rectified(Draw f) {
  return [f](std::mt19937& r) { return std::max(0.0f, f(r)); };
}
// One value in a thousand is fifty times as large.
Draw with_outliers(Draw f) {
  return [f](std::mt19937& r) { return f(r) * (r() % 1000 ? 1.0f : 50.0f); };
}

TEST(ChooseRange, the_cost_of_a_range_is_what_storing_the_values_costs) {
  for (const Draw& draw : {normal(0, 1), normal(3, 2), laplace(1), rectified(normal(0, 1)), with_outliers(normal(0, 1))}) {
    const Drawn d = drawn(draw);
    for (const MinMax r : {MinMax{-1, 1}, MinMax{-4, 4}, MinMax{0, 3}, MinMax{-0.01, 40}})
      for (DType type : {DType::I8, DType::U8}) {
        const double want = error_of(d.values, r, type);
        const RangeCost c = range_cost(d.seen.bins(), r, type);
        EXPECT_NEAR(c.error, want, 0.02 * want) << r.min << " " << r.max;
        double outside = 0, signal = 0;
        const Quant q = activation_quant(r, type);
        for (float v : d.values) {
          const double code = std::round(static_cast<double>(v) / static_cast<double>(q.scale[0])) + static_cast<double>(q.zero_point[0]);
          outside += type == DType::U8 ? code < 0 || code > 255 : code < -128 || code > 127;
          signal += static_cast<double>(v) * static_cast<double>(v);
        }
        EXPECT_NEAR(c.outside, outside / static_cast<double>(d.values.size()), 0.01);
        EXPECT_NEAR(c.signal, signal / static_cast<double>(d.values.size()), 0.01 * c.signal);
      }
  }
}

TEST(ChooseRange, mse_finds_the_least_error_of_the_values_themselves) {
  for (const Draw& draw : {normal(0, 1), laplace(1), rectified(normal(0, 1)), with_outliers(normal(0, 1)), normal(3, 2)}) {
    const Drawn d = drawn(draw, 20000);
    const double found = error_of(d.values, d.seen.by({.algorithm = RangeAlgorithm::MSE}, DType::I8), DType::I8);
    double least = error_of(d.values, d.seen.range(), DType::I8);
    for (int i = 1; i <= 20; ++i)
      for (int j = 1; j <= 20; ++j)
        least = std::min(least, error_of(d.values, {d.seen.range().min * std::pow(0.8, i - 1), d.seen.range().max * std::pow(0.8, j - 1)}, DType::I8));
    EXPECT_LE(found, least * 1.05);
  }
}

// For 8 bits and a normal distribution the least error lies at about 3.9 standard deviations, for Laplace's at 9.9 b
// (Banner et al., 2019, table 1 and section 3).
TEST(ChooseRange, mse_gives_the_known_limits_of_known_distributions) {
  const MinMax gauss = drawn(normal(0, 2), 2000000).seen.by({.algorithm = RangeAlgorithm::MSE}, DType::I8);
  EXPECT_NEAR(gauss.max / 2, 3.92, 0.25);
  EXPECT_NEAR(gauss.min / 2, -3.92, 0.25);
  const MinMax sharp = drawn(laplace(1), 2000000).seen.by({.algorithm = RangeAlgorithm::MSE}, DType::I8);
  EXPECT_NEAR(sharp.max, 9.9, 0.7);
  EXPECT_NEAR(sharp.min, -9.9, 0.7);
}

TEST(ChooseRange, kl_keeps_the_bulk_and_cuts_outliers) {
  const RangeChoice kl{.algorithm = RangeAlgorithm::KL};
  const MinMax gauss = drawn(normal(0, 1), 1000000).seen.by(kl, DType::I8);
  EXPECT_GT(gauss.max, 3.5);
  EXPECT_LT(gauss.max, 5);
  EXPECT_GT(gauss.min, -5);
  EXPECT_LT(gauss.min, -3.5);
  const MinMax far = drawn(with_outliers(normal(0, 1)), 1000000).seen.by(kl, DType::I8);
  EXPECT_GT(far.max, 3);
  EXPECT_LT(far.max, 12) << "the largest value is about 150";
  const MinMax one_sided = drawn(rectified(normal(0, 1)), 1000000).seen.by(kl, DType::I8);
  EXPECT_EQ(one_sided.min, 0);
  EXPECT_GT(one_sided.max, 3);
  // Nothing is gained by cutting values that lie evenly.
  const Drawn even = drawn([d = std::uniform_real_distribution<float>(-2, 5)](std::mt19937& r) mutable { return d(r); });
  const MinMax all = even.seen.by(kl, DType::I8);
  EXPECT_NEAR(all.min, -2, 0.05);
  EXPECT_NEAR(all.max, 5, 0.05);
  // As pixels are: many zeros, the others far from them. A range that ends where the others begin would store them all as one number.
  const Drawn pixels =
      drawn([d = std::uniform_int_distribution<int>(-500, 255)](std::mt19937& r) mutable { return static_cast<float>(std::max(0, d(r))) / 255; });
  EXPECT_GT(pixels.seen.by(kl, DType::I8).max, 0.9);
  const Drawn high = drawn([d = std::uniform_real_distribution<float>(0.5f, 1)](std::mt19937& r) mutable { return d(r); });
  EXPECT_GT(high.seen.by(kl, DType::I8).max, 0.9);
}

TEST(ChooseRange, sixteen_bits_need_no_cutting) {
  const Drawn d = drawn(with_outliers(normal(0, 1)));
  for (RangeAlgorithm a : {RangeAlgorithm::KL, RangeAlgorithm::MSE}) {
    const MinMax r = d.seen.by({.algorithm = a}, DType::I16);
    EXPECT_LE(error_of(d.values, r, DType::I16), error_of(d.values, d.seen.range(), DType::I16) * 1.001);
  }
}

TEST(ChooseRange, percentiles_leave_out_the_ends) {
  std::vector<float> values;
  for (int i = 0; i < 10000; ++i) values.push_back(static_cast<float>(i) / 1000.0f - 5.0f);
  values.push_back(1000.0f);
  Observation o;
  o.histogram.add(values);
  o.extremes = {-5, 1000};
  const MinMax r = o.by({.algorithm = RangeAlgorithm::Percentile, .percentile = 99}, DType::I8);
  EXPECT_NEAR(r.max, 4.95, 0.05);
  EXPECT_NEAR(r.min, -4.95, 0.05);
  EXPECT_EQ(o.by({.algorithm = RangeAlgorithm::Percentile, .percentile = 100}, DType::I8).max, 1000);
}

TEST(ChooseRange, a_moving_average_goes_by_the_samples_indices) {
  const std::vector<Extremes> rows{{-1, 1}, {-2, 4}, {}, {-3, 7}};
  const auto of = [&](std::vector<size_t> order) {
    auto parts = std::make_shared<std::vector<SampleRows>>();
    for (size_t i : order) parts->push_back({i, 1, &rows[i], nullptr});
    Observation o;
    o.extremes = {-3, 7};
    o.samples = parts, o.columns = 1;
    return o.by({.algorithm = RangeAlgorithm::MovingAverage, .moving_average_constant = 0.5}, DType::I8);
  };
  const MinMax r = of({0, 1, 2, 3});
  EXPECT_EQ(r.min, -2.25);
  EXPECT_EQ(r.max, 4.75);
}

TEST(ChooseRange, a_value_that_never_changes_is_kept) {
  for (float v : {0.0f, 5.0f, -3.0f}) {
    const Drawn d = drawn([v](std::mt19937&) { return v; }, 100);
    for (RangeAlgorithm a : {RangeAlgorithm::MinMax, RangeAlgorithm::Percentile, RangeAlgorithm::KL, RangeAlgorithm::MSE}) {
      const MinMax r = d.seen.by({.algorithm = a}, DType::I8);
      EXPECT_LE(error_of(d.values, r, DType::I8), 1e-6) << v << " " << range_algorithm_names[static_cast<size_t>(a)];
    }
  }
}

}  // namespace
}  // namespace toucanet
