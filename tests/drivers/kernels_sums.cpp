// What becomes of sums of products, and the sums of depthwise convolutions: every entry that this host can run beside the
// scalar definitions, bit for bit.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "fenced_rows.h"
#include "kernels/depthwise_sums/depthwise_sums_table.h"
#include "kernels/elementwise_f32/elementwise_f32_table.h"
#include "kernels/finish_sums/finish_sums_table.h"
#include "kernels/host_isa.h"
#include "kernels/requantize.h"
#include "ops/accumulate.h"

namespace toucanet {
namespace {

constexpr size_t lengths[] = {0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100};

std::mt19937_64 bits(5);
int64_t any(int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(bits); }

template <class Kernel, class F>
void on_every_isa(std::span<const Kernel* const> table, F f) {
  for (const Kernel* kernel : table) {
    if (kernel->isa > host_isa()) continue;
    SCOPED_TRACE(std::string(name(kernel->isa)));
    f(*kernel);
  }
}

// A row with a fence behind it, filled by a function.
template <class T>
struct Row {
  FencedRows<T> memory;
  template <class F>
  Row(size_t n, F make) : memory(1, n) {
    for (size_t i = 0; i < n; ++i) memory.row(0)[i] = static_cast<T>(make());
  }
  T* data() { return memory.row(0); }
  T operator[](size_t i) const { return memory.row(0)[i]; }
};

int32_t awkward_sum() {
  switch (any(0, 3)) {
    case 0: return static_cast<int32_t>(any(INT32_MIN, INT32_MAX));
    case 1: return static_cast<int32_t>((int64_t{1} << any(0, 31)) * (any(0, 1) ? 1 : -1) + any(-1, 1));
    default: return static_cast<int32_t>(any(-70000, 70000));
  }
}

int32_t expected(SumRounding rounding, int64_t sum, FixedMultiplier m, float scale, const FinishInteger& f) {
  const auto wrapped = static_cast<int32_t>(static_cast<uint32_t>(static_cast<uint64_t>(sum)));
  const auto within = [&](int64_t v) { return static_cast<int32_t>(std::clamp<int64_t>(v, f.low, f.high)); };
  const auto finished = [&](int32_t v) { return within(static_cast<int32_t>(static_cast<uint32_t>(v) + static_cast<uint32_t>(f.zero_point))); };
  switch (rounding) {
    case SumRounding::Twice: return finished(multiply_by_quantized_multiplier(wrapped, m));
    case SumRounding::Wide: return finished(multiply_by_quantized_multiplier_64(sum, m));
    case SumRounding::ToEven: {
      const float exact = static_cast<float>(wrapped) * scale;
      return within(static_cast<int64_t>(std::nearbyint(std::clamp(exact, -1e6f, 1e6f))) + f.zero_point);
    }
    case SumRounding::Once: break;
  }
  const int32_t shift = 31 - m.exponent;
  return within(((int64_t{wrapped} * m.mantissa + (int64_t{1} << (shift - 1))) >> shift) + f.zero_point);
}

// In one of two forms: one sum, or an upper and a lower one.
template <class T>
void check_finish(const FinishSums& kernel, SumRounding rounding, size_t n, bool halves) {
  constexpr int32_t least = std::numeric_limits<T>::min(), most = std::numeric_limits<T>::max();
  Row<int32_t> upper(n, [&] { return halves ? any(-1000000, 1000000) : 0; }), lower(n, awkward_sum);
  Row<int32_t> mantissas(n, [] { return any(0, 9) ? any(1 << 30, INT32_MAX) : 0; });
  Row<int32_t> exponents(n, [&] { return any(0, 3) ? any(-16, -4) : any(-31, rounding == SumRounding::Wide ? 7 : 30); });
  Row<float> scales(n, [] { return std::ldexp(static_cast<float>(any(1, 1000)), static_cast<int>(any(-24, -6))); });
  Row<int64_t> bias(n, [] { return any(-100000, 100000); });
  const FinishInteger f{rounding,
                        mantissas.data(),
                        exponents.data(),
                        scales.data(),
                        bias.data(),
                        static_cast<int32_t>(any(least, most)),
                        static_cast<int32_t>(any(least, 0)),
                        static_cast<int32_t>(any(1, most))};
  Row<T> y(n, [] { return 99; });
  if constexpr (sizeof(T) == 1) kernel.to_i8(n, lower.data(), f, y.data());
  else if (halves) kernel.halves_to_i16(n, upper.data(), lower.data(), f, y.data());
  else kernel.to_i16(n, lower.data(), f, y.data());
  for (size_t i = 0; i < n; ++i) {
    const int64_t sum = int64_t{upper[i]} * 256 + lower[i] + bias[i];
    ASSERT_EQ(int32_t{y[i]}, expected(rounding, sum, {mantissas[i], exponents[i]}, scales[i], f))
        << "rounding " << int(rounding) << ": " << sum << " · " << mantissas[i] << " e " << exponents[i] << " or " << scales[i] << ", " << i << " of " << n;
  }
}

TEST(FinishSums, integers_equal_the_scalar_definition) {
  on_every_isa(finish_sums_table(), [](const FinishSums& kernel) {
    for (const SumRounding rounding : {SumRounding::Twice, SumRounding::Once, SumRounding::Wide, SumRounding::ToEven})
      for (int turn = 0; turn < 60; ++turn)
        for (const size_t n : lengths) {
          check_finish<int8_t>(kernel, rounding, n, false);
          check_finish<int16_t>(kernel, rounding, n, false);
          check_finish<int16_t>(kernel, rounding, n, true);
        }
  });
}

TEST(FinishSums, floats_are_rounded_after_each_operation) {
  on_every_isa(finish_sums_table(), [](const FinishSums& kernel) {
    for (const size_t n : lengths) {
      const auto real = [] { return static_cast<float>(any(-20000, 20000)) / 777.0f; };
      Row<int32_t> sums(n, awkward_sum), weights(n, [] { return any(-1000, 1000); });
      Row<float> scales(n, real), bias(n, real), y(n, [] { return 99; });
      const float by = real();
      kernel.to_f32(n, sums.data(), -77, weights.data(), by, scales.data(), bias.data(), -3.0e6f, 5.0e6f, y.data());
      for (size_t i = 0; i < n; ++i) {
        const auto sum = static_cast<int32_t>(static_cast<uint32_t>(sums[i]) + 77u * static_cast<uint32_t>(weights[i]));
        const float scale = by * scales[i], product = static_cast<float>(sum) * scale;
        ASSERT_EQ(y[i], std::clamp(product + bias[i], -3.0e6f, 5.0e6f)) << i << " of " << n;
      }
    }
  });
}

TEST(FinishSums, an_int16_number_is_split_into_two) {
  on_every_isa(finish_sums_table(), [](const FinishSums& kernel) {
    for (const size_t n : lengths) {
      Row<int16_t> x(n, [] { return any(0, 4) ? any(-32768, 32767) : any(0, 1) ? 32767 : -32768; });
      Row<int8_t> upper(n, [] { return 99; }), lower(n, [] { return 99; });
      kernel.split(n, x.data(), upper.data(), lower.data());
      for (size_t i = 0; i < n; ++i) ASSERT_EQ(x[i], 256 * upper[i] + lower[i] + 128);
    }
  });
}

template <class T, class Run>
void check_depthwise_sums(Run run, size_t pixels, size_t channels, size_t taps) {
  const auto element = [] { return std::clamp<int64_t>(any(-1, 8) * 8000 + any(-32768, 300), std::numeric_limits<T>::min(), std::numeric_limits<T>::max()); };
  FencedRows<T> a(pixels * taps, channels);
  std::vector<const T*> pointers;
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t c = 0; c < channels; ++c) a.row(i)[c] = static_cast<T>(element());
    pointers.push_back(a.row(i));
  }
  Row<int8_t> w(taps * channels, [] { return any(-128, 127); });
  Row<int32_t> sums(pixels * channels, [] { return 99; });
  const auto zero = static_cast<int32_t>(any(-128, 127));
  run(pixels, channels, taps, pointers.data(), zero, w.data(), sums.data());
  for (size_t p = 0; p < pixels; ++p)
    for (size_t c = 0; c < channels; ++c) {
      int64_t sum = 0;
      for (size_t t = 0; t < taps; ++t) sum += int64_t{a.row(p * taps + t)[c] - zero} * w[t * channels + c];
      ASSERT_EQ(sums[p * channels + c], sum) << pixels << " pixels " << channels << " channels " << taps << " taps at " << p << ", " << c;
    }
}

TEST(DepthwiseSums, equal_the_plain_loop) {
  on_every_isa(depthwise_sums_table(), [](const DepthwiseSums& kernel) {
    for (size_t channels = 1; channels < 6u * kernel.lanes; channels += channels < 20 ? 1 : 7)
      for (const size_t taps : {0, 1, 3, 9, 25}) {
        check_depthwise_sums<int8_t>(kernel.run_i8, channels % 3 + 1, channels, taps);
        check_depthwise_sums<int16_t>(kernel.run_i16, channels % 3 + 1, channels, taps);
      }
  });
}

TEST(ElementwiseF32, rows_of_floats_become_int8_as_plain_evaluation_makes_them) {
  constexpr float inf = std::numeric_limits<float>::infinity();
  const float rare[] = {0.0f, -0.0f, inf, -inf, std::nanf(""), 1e-40f, 3e38f, -3e38f, 0.5f, 1.5f, -2.5f};
  on_every_isa(elementwise_f32_table(), [&](const ElementwiseF32& kernel) {
    for (int turn = 0; turn < 40; ++turn)
      for (const size_t n : lengths)
        for (const bool asymmetric : {false, true}) {
          Row<float> x(n,
                       [&] { return turn % 4 == 0 && any(0, 7) == 0 ? rare[any(0, std::ssize(rare) - 1)] : static_cast<float>(any(-254, 127 * turn)) / 2.0f; });
          std::vector<int8_t> want(n);
          const HybridRow row = quantize_row({x.data(), n}, want.data(), asymmetric);
          float low = 99, high = 99;
          kernel.extremes(n, x.data(), &low, &high);
          const HybridRow same = HybridRow::of(low, high, asymmetric);
          ASSERT_EQ(std::isnan(row.scale) ? 0 : row.scale, std::isnan(same.scale) ? 0 : same.scale);
          ASSERT_EQ(row.zero_point, same.zero_point);
          ASSERT_EQ(row.zero, same.zero);
          if (row.zero) continue;
          Row<int8_t> y(n, [] { return 99; });
          kernel.steps(n, x.data(), y.data(), row.inverse, row.zero_point, row.low);
          for (size_t i = 0; i < n; ++i) ASSERT_EQ(y[i], want[i]) << x[i] << " in steps of " << row.scale;
        }
  });
}

}  // namespace
}  // namespace toucanet
