// Every int8 micro-kernel that this host can run beside a plain loop, bit for bit.
#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

#include "fenced_rows.h"
#include "kernels/depthwise_i8/depthwise_i8_table.h"
#include "kernels/depthwise_i8/pack_depthwise_i8.h"
#include "kernels/gemm_i8/gemm_i8_table.h"
#include "kernels/gemm_i8/pack_gemm_i8.h"
#include "kernels/host_isa.h"

namespace toucanet {
namespace {

constexpr int8_t untouched = 99;
constexpr int32_t lowest = std::numeric_limits<int32_t>::min(), highest = std::numeric_limits<int32_t>::max();
constexpr RequantI8 widest{3, -128, 127};

std::mt19937 random_bits(11);
int32_t random_int(int32_t low, int32_t high) { return std::uniform_int_distribution<int32_t>(low, high)(random_bits); }

// The ends of the range come often.
int8_t random_byte() {
  const int32_t x = random_int(-160, 160);
  return static_cast<int8_t>(x < -128 ? -128 : x > 127 ? 127 : x);
}

std::vector<int8_t> random_bytes(size_t count) {
  std::vector<int8_t> v(count);
  for (int8_t& x : v) x = random_byte();
  return v;
}

std::vector<int32_t> random_biases(size_t count) {
  std::vector<int32_t> v(count);
  for (int32_t& x : v) x = random_int(-100000, 100000);
  return v;
}

// Those that bring sums of this many products back to about one byte.
std::vector<FixedMultiplier> random_multipliers(size_t count, size_t terms) {
  std::vector<FixedMultiplier> v(count);
  for (FixedMultiplier& m : v) m = quantize_multiplier(std::uniform_real_distribution<double>(0.001, 0.1)(random_bits) / static_cast<double>(1 + terms / 16));
  return v;
}

void fill(FencedRows<int8_t>& rows, size_t length) {
  for (size_t i = 0; i < rows.size(); ++i)
    for (size_t k = 0; k < length; ++k) rows.row(i)[k] = random_byte();
}

template <class Kernel, class F>
void for_each_supported(std::span<const Kernel* const> table, F f) {
  for (const Kernel* kernel : table) {
    if (kernel->isa > host_isa()) continue;
    SCOPED_TRACE(std::string(name(kernel->isa)));
    f(*kernel);
  }
}

void check_gemm(const GemmI8& kernel, size_t rows, size_t n, size_t taps, size_t depth, int32_t zero_point) {
  FencedRows<int8_t> a(taps * rows, depth);
  fill(a, depth);
  std::vector<const int8_t*> p;
  for (size_t t = 0; t < taps; ++t)
    for (size_t m = 0; m < kernel.mr; ++m) p.push_back(a.row(t * rows + std::min(m, rows - 1)));
  const auto filter = random_bytes(n * taps * depth);
  const auto bias = random_biases(n);
  const auto multipliers = random_multipliers(n, taps * depth);
  FencedRows<int8_t> packed(1, gemm_i8_packed_bytes(kernel, n, taps, depth));
  pack_gemm_i8(kernel, n, taps, depth, filter.data(), bias.data(), zero_point, multipliers.data(), packed.row(0));
  const size_t stride = n + 5;
  const RequantI8 q{random_int(-128, 127), random_int(-128, 0), random_int(0, 127)};
  std::vector<int8_t> c(rows * stride, untouched);
  std::vector<int32_t> raw(rows * stride, untouched);
  const size_t whole = (depth + kernel.kr - 1) / kernel.kr * kernel.kr;
  FencedRows<int8_t> b(taps * rows, whole);
  fill(b, whole);
  std::vector<const int8_t*> p_flipped;
  std::vector<int8_t> flipped = c;
  for (size_t i = 0; i < a.size(); ++i)
    for (size_t k = 0; k < depth; ++k) b.row(i)[k] = static_cast<int8_t>(a.row(i)[k] ^ -128);
  for (size_t t = 0; t < taps; ++t)
    for (size_t m = 0; m < kernel.mr; ++m) p_flipped.push_back(b.row(t * rows + std::min(m, rows - 1)));
  for (size_t first = 0, panel = 0; first < n; first += kernel.nr, ++panel) {
    const size_t cols = std::min<size_t>(kernel.nr, n - first);
    const int8_t* w = packed.row(0) + panel * gemm_i8_panel_bytes(kernel, taps, depth);
    kernel.run(rows, cols, taps, depth, p.data(), w, c.data() + first, stride, &q);
    kernel.run_acc(rows, cols, taps, depth, p.data(), w, raw.data() + first, stride);
    if (kernel.run_flipped) kernel.run_flipped(rows, cols, taps, depth, p_flipped.data(), w, flipped.data() + first, stride, &q);
  }
  if (kernel.run_flipped) {
    ASSERT_EQ(flipped, c) << "rows " << rows << " n " << n << " taps " << taps << " depth " << depth;
  }
  for (size_t m = 0; m < rows; ++m)
    for (size_t i = 0; i < stride; ++i) {
      int32_t sum = i < n ? bias[i] : untouched;
      for (size_t t = 0; i < n && t < taps; ++t)
        for (size_t k = 0; k < depth; ++k) sum += (a.row(t * rows + m)[k] - zero_point) * filter[(i * taps + t) * depth + k];
      ASSERT_EQ(raw[m * stride + i], sum) << "rows " << rows << " n " << n << " taps " << taps << " depth " << depth << " at " << m << ", " << i;
      const int8_t y = i < n ? requantized_i8(multiply_by_quantized_multiplier(sum, multipliers[i]), q) : untouched;
      ASSERT_EQ(c[m * stride + i], y) << "rows " << rows << " n " << n << " taps " << taps << " depth " << depth << " at " << m << ", " << i << " of " << sum;
    }
}

TEST(GemmI8, equals_the_plain_loop_for_every_number_of_rows_and_columns) {
  for_each_supported(gemm_i8_table(), [](const GemmI8& kernel) {
    const size_t depths[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33};
    size_t turn = 0;
    for (size_t rows = 1; rows <= kernel.mr; ++rows)
      for (size_t n = 1; n <= kernel.nr; ++n, ++turn) check_gemm(kernel, rows, n, turn % 3 + 1, depths[turn % std::size(depths)], random_byte());
  });
}

TEST(GemmI8, equals_the_plain_loop_over_many_taps_panels_and_depths) {
  for_each_supported(gemm_i8_table(), [](const GemmI8& kernel) {
    for (const size_t taps : {1, 2, 9})
      for (const size_t depth : {1, 63, 64, 65, 200, 511, 512, 513, 1100})
        for (const size_t n : {1, 2 * kernel.nr + 3}) check_gemm(kernel, kernel.mr, n, taps, depth, random_byte());
  });
}

TEST(GemmI8, the_lowest_bytes_of_all_add_up_exactly) {
  for_each_supported(gemm_i8_table(), [](const GemmI8& kernel) {
    const size_t depth = 64;
    const std::vector<int8_t> bytes(depth, -128), filter(kernel.nr * depth, -128);
    const std::vector<const int8_t*> p(kernel.mr, bytes.data());
    std::vector<int32_t> packed(gemm_i8_packed_bytes(kernel, kernel.nr, 1, depth) / 4), c(kernel.mr * kernel.nr);
    pack_gemm_i8(kernel, kernel.nr, 1, depth, filter.data(), nullptr, 0, nullptr, packed.data());
    kernel.run_acc(kernel.mr, kernel.nr, 1, depth, p.data(), packed.data(), c.data(), kernel.nr);
    for (const int32_t sum : c) ASSERT_EQ(sum, 64 * 128 * 128);
  });
}

std::vector<int32_t> awkward_accumulators() {
  std::vector<int32_t> v{0, 1, -1, 2, -2, 3, -3, lowest, lowest + 1, highest, highest - 1, 1 << 30, -(1 << 30)};
  for (int i = 0; i < 30; ++i)
    for (const int32_t d : {-1, 0, 1}) v.push_back((1 << i) + d), v.push_back(-(1 << i) + d), v.push_back(static_cast<int32_t>(3u << i) + d);
  for (int i = 0; i < 200; ++i) v.push_back(random_int(lowest, highest)), v.push_back(random_int(-5000, 5000));
  return v;
}

std::vector<FixedMultiplier> awkward_multipliers() {
  std::vector<FixedMultiplier> v{{0, 0}};
  for (int32_t e = -31; e <= 8; ++e)
    for (const int32_t m : {1 << 30, (1 << 30) + 1, highest, highest - 1, random_int(1 << 30, highest), 3 << 29}) v.push_back({m, e});
  return v;
}

TEST(GemmI8, rescales_awkward_accumulators_as_the_scalar_definition) {
  const auto accumulators = awkward_accumulators();
  for_each_supported(gemm_i8_table(), [&](const GemmI8& kernel) {
    const auto n = accumulators.size();
    const int8_t zero = 0;
    const std::vector<const int8_t*> p(kernel.mr, &zero);
    const std::vector<int8_t> filter(n, 0);
    std::vector<int32_t> packed(gemm_i8_packed_bytes(kernel, n, 1, 1) / 4);
    std::vector<int8_t> c(n);
    for (const FixedMultiplier& m : awkward_multipliers()) {
      const std::vector<FixedMultiplier> multipliers(n, m);
      pack_gemm_i8(kernel, n, 1, 1, filter.data(), accumulators.data(), 0, multipliers.data(), packed.data());
      for (size_t first = 0, panel = 0; first < n; first += kernel.nr, ++panel)
        kernel.run(1, std::min<size_t>(kernel.nr, n - first), 1, 1, p.data(), packed.data() + panel * gemm_i8_panel_bytes(kernel, 1, 1) / 4, c.data() + first,
                   n, &widest);
      for (size_t i = 0; i < n; ++i)
        ASSERT_EQ(c[i], requantized_i8(multiply_by_quantized_multiplier(accumulators[i], m), widest))
            << accumulators[i] << " · " << m.mantissa << " e " << m.exponent;
    }
  });
}

void check_depthwise(const DepthwiseI8& kernel, size_t pixels, size_t channels, size_t taps, int32_t zero_point) {
  FencedRows<int8_t> a(pixels * taps, channels);
  fill(a, channels);
  std::vector<const int8_t*> p;
  for (size_t i = 0; i < a.size(); ++i) p.push_back(a.row(i));
  const auto filter = random_bytes(taps * channels);
  const auto bias = random_biases(channels);
  const auto multipliers = random_multipliers(channels, taps);
  FencedRows<int8_t> packed(1, depthwise_i8_packed_bytes(kernel, channels, taps));
  pack_depthwise_i8(kernel, channels, taps, filter.data(), bias.data(), zero_point, multipliers.data(), packed.row(0));
  const size_t stride = channels + 3;
  const RequantI8 q{random_int(-128, 127), random_int(-128, 0), random_int(0, 127)};
  std::vector<int8_t> y(pixels * stride, untouched);
  kernel.run(pixels, channels, taps, p.data(), packed.row(0), y.data(), stride, &q);
  for (size_t i = 0; i < pixels; ++i)
    for (size_t c = 0; c < stride; ++c) {
      int32_t sum = c < channels ? bias[c] : 0;
      for (size_t t = 0; c < channels && t < taps; ++t) sum += (a.row(i * taps + t)[c] - zero_point) * filter[t * channels + c];
      const int8_t expected = c < channels ? requantized_i8(multiply_by_quantized_multiplier(sum, multipliers[c]), q) : untouched;
      ASSERT_EQ(y[i * stride + c], expected) << pixels << " pixels " << channels << " channels " << taps << " taps at " << i << ", " << c << " of " << sum;
    }
}

TEST(DepthwiseI8, equals_the_plain_loop) {
  for_each_supported(depthwise_i8_table(), [](const DepthwiseI8& kernel) {
    for (size_t channels = 1; channels <= 2u * kernel.lanes + 3; ++channels)
      check_depthwise(kernel, channels % 7 + 1, channels, channels % 10 + 1, random_byte());
    for (size_t pixels = 1; pixels < 12; ++pixels)
      for (const size_t taps : {1, 2, 3, 4, 5, 9, 25}) check_depthwise(kernel, pixels, kernel.lanes + 5, taps, random_byte());
  });
}

TEST(DepthwiseI8, rescales_awkward_accumulators_as_the_scalar_definition) {
  const auto accumulators = awkward_accumulators();
  for_each_supported(depthwise_i8_table(), [&](const DepthwiseI8& kernel) {
    const auto n = accumulators.size();
    const std::vector<int8_t> x(n, 0), filter(n, 0);
    const int8_t* p[] = {x.data()};
    std::vector<int32_t> packed(depthwise_i8_packed_bytes(kernel, n, 1) / 4);
    std::vector<int8_t> y(n);
    for (const FixedMultiplier& m : awkward_multipliers()) {
      const std::vector<FixedMultiplier> multipliers(n, m);
      pack_depthwise_i8(kernel, n, 1, filter.data(), accumulators.data(), 0, multipliers.data(), packed.data());
      kernel.run(1, n, 1, p, packed.data(), y.data(), n, &widest);
      for (size_t i = 0; i < n; ++i)
        ASSERT_EQ(y[i], requantized_i8(multiply_by_quantized_multiplier(accumulators[i], m), widest))
            << accumulators[i] << " · " << m.mantissa << " e " << m.exponent;
    }
  });
}

}  // namespace
}  // namespace toucanet
