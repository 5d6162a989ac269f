// The fixed-point definitions of kernels/requantize.h and the choice of a kernel.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "kernels/depthwise_f32/depthwise_f32_table.h"
#include "kernels/depthwise_i8/depthwise_i8_table.h"
#include "kernels/gemm_f32/gemm_f32_table.h"
#include "kernels/gemm_i8/gemm_i8_table.h"
#include "kernels/host_isa.h"
#include "kernels/requantize.h"

namespace toucanet {
namespace {

constexpr int32_t lowest = std::numeric_limits<int32_t>::min(), highest = std::numeric_limits<int32_t>::max();

template <class Kernel>
void rises_from_scalar(std::span<const Kernel* const> table) {
  ASSERT_FALSE(table.empty());
  EXPECT_EQ(table.front()->isa, Isa::Scalar);
  for (size_t i = 1; i < table.size(); ++i) EXPECT_LT(table[i - 1]->isa, table[i]->isa);
  EXPECT_LE(best(table).isa, host_isa());
  for (const Kernel* kernel : table) EXPECT_TRUE(kernel->isa > host_isa() || kernel->isa <= best(table).isa);
}

TEST(Kernels, tables_rise_by_isa_and_begin_with_scalar) {
  rises_from_scalar(gemm_f32_table());
  rises_from_scalar(gemm_i8_table());
  rises_from_scalar(depthwise_f32_table());
  rises_from_scalar(depthwise_i8_table());
}

TEST(Kernels, names_of_instruction_sets_are_read_back) {
  for (const Isa isa : {Isa::Scalar, Isa::Avx2, Isa::Avx512, Isa::Avx512Vnni}) EXPECT_EQ(parse_isa(name(isa)), isa);
  EXPECT_FALSE(parse_isa("AVX2"));
  EXPECT_FALSE(parse_isa(""));
}

TEST(Requantize, a_multiplier_is_a_mantissa_of_31_bits_and_an_exponent) {
  const auto is = [](double value, int32_t mantissa, int32_t exponent) {
    const FixedMultiplier m = quantize_multiplier(value);
    EXPECT_EQ(m.mantissa, mantissa) << value;
    EXPECT_EQ(m.exponent, exponent) << value;
  };
  is(0.0, 0, 0);
  is(0.5, 1 << 30, 0);
  is(1.0, 1 << 30, 1);
  is(0.75, 3 << 29, 0);
  is(std::nextafter(1.0, 0.0), 1 << 30, 1);
  is(-0.5, -(1 << 30), 0);
  is(0x1p-32, 1 << 30, -31);
  is(0x1p-33, 0, 0);
  is(std::numeric_limits<double>::infinity(), 0, 0);
  is(std::nan(""), 0, 0);
}

TEST(Requantize, high_products_round_to_nearest) {
  EXPECT_EQ(saturating_rounding_doubling_high_mul(lowest, lowest), highest);
  EXPECT_EQ(saturating_rounding_doubling_high_mul(lowest, highest), -highest);
  EXPECT_EQ(saturating_rounding_doubling_high_mul(1, 1 << 30), 1);
  EXPECT_EQ(saturating_rounding_doubling_high_mul(-1, 1 << 30), 0);
  EXPECT_EQ(saturating_rounding_doubling_high_mul(-3, 1 << 30), -1);
  EXPECT_EQ(saturating_rounding_doubling_high_mul_16(-32768, -32768), 32767);
  EXPECT_EQ(saturating_rounding_doubling_high_mul_16(1, 1 << 14), 1);
  EXPECT_EQ(saturating_rounding_doubling_high_mul_16(-1, 1 << 14), 0);
  std::mt19937 bits(3);
  for (int i = 0; i < 10000; ++i) {
    const auto a = static_cast<int32_t>(bits()), b = static_cast<int32_t>(bits());
    const int64_t p = int64_t{a} * b, nudge = p >= 0 ? int64_t{1} << 30 : 1 - (int64_t{1} << 30);
    ASSERT_EQ(saturating_rounding_doubling_high_mul(a, b), (p + nudge) / (int64_t{1} << 31)) << a << " · " << b;
  }
}

TEST(Requantize, divisions_round_ties_away_from_zero) {
  EXPECT_EQ(rounding_divide_by_power_of_two(5, 1), 3);
  EXPECT_EQ(rounding_divide_by_power_of_two(-5, 1), -3);
  EXPECT_EQ(rounding_divide_by_power_of_two(-6, 2), -2);
  EXPECT_EQ(rounding_divide_by_power_of_two(lowest, 31), -1);
  EXPECT_EQ(rounding_divide_by_power_of_two(highest, 31), 1);
  EXPECT_EQ(rounding_divide_by_power_of_two(lowest, 0), lowest);
  std::mt19937 bits(4);
  for (int i = 0; i < 10000; ++i) {
    const auto x = static_cast<int32_t>(bits());
    const int n = static_cast<int>(bits() % 32);
    ASSERT_EQ(rounding_divide_by_power_of_two(x, n), std::llround(std::ldexp(double{static_cast<double>(x)}, -n))) << x << " >> " << n;
  }
}

TEST(Requantize, rounds_twice) {
  EXPECT_EQ(multiply_by_quantized_multiplier(-119, quantize_multiplier(0.3558)), -43);
  EXPECT_EQ(multiply_by_quantized_multiplier(100, quantize_multiplier(3.0)), 300);
  EXPECT_EQ(multiply_by_quantized_multiplier(highest, quantize_multiplier(4.0)), -4);
  EXPECT_EQ(multiply_by_quantized_multiplier(highest, quantize_multiplier(0x1p+40)), 0);
  EXPECT_EQ(multiply_by_quantized_multiplier_64(int64_t{1} << 40, quantize_multiplier(0x1p-20)), 1 << 20);
  EXPECT_EQ(multiply_by_quantized_multiplier_64(-3, quantize_multiplier(0.5)), -1);
  EXPECT_EQ(multiply_by_quantized_multiplier_64(100, {highest, 0}), (100 * 32767 + 16384) >> 15);
}

TEST(Requantize, an_output_is_shifted_and_then_clamped) {
  EXPECT_EQ(requantized_i8(10, {-5, -128, 127}), 5);
  EXPECT_EQ(requantized_i8(10, {-5, 6, 127}), 6);
  EXPECT_EQ(requantized_i8(200, {-5, -128, 100}), 100);
  EXPECT_EQ(requantized_i8(-1000, {0, -128, 127}), -128);
}

}  // namespace
}  // namespace toucanet
