// Every float micro-kernel that this host can run beside a loop in double.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "fenced_rows.h"
#include "kernels/depthwise_f32/depthwise_f32_table.h"
#include "kernels/depthwise_f32/pack_depthwise_f32.h"
#include "kernels/gemm_f32/gemm_f32_table.h"
#include "kernels/gemm_f32/pack_gemm_f32.h"
#include "kernels/host_isa.h"

namespace toucanet {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float untouched = 12345.0f;

std::mt19937 random_bits(7);
float random_float() { return std::uniform_real_distribution<float>(-1.0f, 1.0f)(random_bits); }

std::vector<float> random_floats(size_t count) {
  std::vector<float> v(count);
  for (float& x : v) x = random_float();
  return v;
}

void fill(FencedRows<float>& rows, size_t length) {
  for (size_t i = 0; i < rows.size(); ++i)
    for (size_t k = 0; k < length; ++k) rows.row(i)[k] = random_float();
}

// A sum of n products in float, in any order, is off by at most n+1 roundings of the sum of magnitudes.
struct Sum {
  double value = 0, magnitude = 0;
  size_t terms = 1;

  void add(double x) {
    value += x;
    magnitude += std::abs(x);
    ++terms;
  }
  double bound() const { return static_cast<double>(terms + 1) * 0x1p-24 * magnitude; }
};

template <class Kernel, class F>
void for_each_supported(std::span<const Kernel* const> table, F f) {
  for (const Kernel* kernel : table) {
    if (kernel->isa > host_isa()) continue;
    SCOPED_TRACE(std::string(name(kernel->isa)));
    f(*kernel);
  }
}

struct Product {
  const GemmF32& kernel;
  size_t rows, n, taps, depth;
  FencedRows<float> a;
  std::vector<float> filter, bias, c;
  size_t stride;

  Product(const GemmF32& kernel, size_t rows, size_t n, size_t taps, size_t depth)
      : kernel(kernel),
        rows(rows),
        n(n),
        taps(taps),
        depth(depth),
        a(taps * rows, depth),
        filter(random_floats(n * taps * depth)),
        bias(random_floats(n)),
        stride(n + 5) {
    fill(a, depth);
  }

  std::vector<const float*> pointers(size_t first, size_t live) const {
    std::vector<const float*> p;
    for (size_t t = 0; t < taps; ++t)
      for (size_t m = 0; m < kernel.mr; ++m) p.push_back(a.row(t * rows + first + std::min(m, live - 1)));
    return p;
  }

  void run(float low = -infinity, float high = infinity) {
    FencedRows<float> packed(1, gemm_f32_packed_bytes(kernel, n, taps, depth) / sizeof(float));
    pack_gemm_f32(kernel, n, taps, depth, filter.data(), bias.data(), packed.row(0));
    c.assign(rows * stride, untouched);
    const auto p = pointers(0, rows);
    for (size_t first = 0, panel = 0; first < n; first += kernel.nr, ++panel)
      kernel.run(rows, std::min<size_t>(kernel.nr, n - first), taps, depth, p.data(), packed.row(0) + panel * gemm_f32_panel_floats(kernel, taps, depth),
                 c.data() + first, stride, low, high);
  }

  Sum expected(size_t m, size_t i) const {
    Sum sum;
    sum.add(bias[i]);
    for (size_t t = 0; t < taps; ++t)
      for (size_t k = 0; k < depth; ++k) sum.add(double{a.row(t * rows + m)[k]} * filter[(i * taps + t) * depth + k]);
    return sum;
  }

  void check() const {
    for (size_t m = 0; m < rows; ++m)
      for (size_t i = 0; i < stride; ++i) {
        const float got = c[m * stride + i];
        if (i >= n) {
          ASSERT_EQ(got, untouched) << "row " << m << " column " << i << " was written";
          continue;
        }
        const Sum sum = expected(m, i);
        ASSERT_NEAR(got, sum.value, sum.bound()) << "rows " << rows << " n " << n << " taps " << taps << " depth " << depth << " at " << m << ", " << i;
      }
  }
};

TEST(GemmF32, equals_the_plain_loop_for_every_number_of_rows_and_columns) {
  for_each_supported(gemm_f32_table(), [](const GemmF32& kernel) {
    const size_t depths[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17};
    size_t turn = 0;
    for (size_t rows = 1; rows <= kernel.mr; ++rows)
      for (size_t n = 1; n <= kernel.nr; ++n, ++turn) {
        Product product(kernel, rows, n, turn % 3 + 1, depths[turn % std::size(depths)]);
        product.run();
        product.check();
      }
  });
}

TEST(GemmF32, equals_the_plain_loop_over_many_taps_panels_and_depths) {
  for_each_supported(gemm_f32_table(), [](const GemmF32& kernel) {
    for (const size_t taps : {1, 2, 9})
      for (const size_t depth : {1, 31, 32, 33, 200})
        for (const size_t n : {1, 2 * kernel.nr + 3}) {
          Product product(kernel, kernel.mr, n, taps, depth);
          product.run();
          product.check();
        }
  });
}

TEST(GemmF32, a_row_does_not_depend_on_the_others) {
  for_each_supported(gemm_f32_table(), [](const GemmF32& kernel) {
    Product product(kernel, kernel.mr, kernel.nr, 2, 37);
    product.run();
    std::vector<float> packed(gemm_f32_packed_bytes(kernel, kernel.nr, 2, 37) / sizeof(float)), alone(kernel.mr * kernel.nr);
    pack_gemm_f32(kernel, kernel.nr, 2, 37, product.filter.data(), product.bias.data(), packed.data());
    for (size_t live = 1; live <= kernel.mr; ++live) {
      const auto p = product.pointers(kernel.mr - live, live);
      kernel.run(live, kernel.nr, 2, 37, p.data(), packed.data(), alone.data(), kernel.nr, -infinity, infinity);
      for (size_t m = 0; m < live; ++m)
        for (size_t i = 0; i < kernel.nr; ++i) ASSERT_EQ(alone[m * kernel.nr + i], product.c[(kernel.mr - live + m) * product.stride + i]) << live << " rows";
    }
  });
}

TEST(GemmF32, clamps_and_lets_nan_through) {
  for_each_supported(gemm_f32_table(), [](const GemmF32& kernel) {
    for (const size_t n : {size_t{3}, size_t{kernel.nr}}) {
      Product product(kernel, 3, n, 1, 1);
      for (size_t i = 0; i < n; ++i) product.filter[i] = 1.0f, product.bias[i] = 0.0f;
      product.a.row(0)[0] = nan, product.a.row(1)[0] = -3.0f, product.a.row(2)[0] = infinity;
      product.run(0.0f, 6.0f);
      for (size_t i = 0; i < n; ++i) {
        EXPECT_TRUE(std::isnan(product.c[i]));
        EXPECT_EQ(product.c[product.stride + i], 0.0f);
        EXPECT_EQ(product.c[2 * product.stride + i], 6.0f);
      }
    }
  });
}

TEST(GemmF32, a_matrix_on_the_right_packs_as_its_transpose) {
  const GemmF32& kernel = *gemm_f32_table().back();
  const size_t n = kernel.nr + 3, depth = 5;
  const auto filter = random_floats(n * depth);
  std::vector<float> turned(n * depth), one(gemm_f32_packed_bytes(kernel, n, 1, depth) / sizeof(float)), other(one.size(), 1.0f);
  for (size_t i = 0; i < n; ++i)
    for (size_t k = 0; k < depth; ++k) turned[k * n + i] = filter[i * depth + k];
  pack_gemm_f32(kernel, n, 1, depth, filter.data(), nullptr, one.data());
  pack_gemm_f32_right(kernel, n, depth, turned.data(), nullptr, other.data());
  EXPECT_EQ(one, other);
}

void check_depthwise(const DepthwiseF32& kernel, size_t pixels, size_t channels, size_t taps) {
  FencedRows<float> a(pixels * taps, channels);
  fill(a, channels);
  std::vector<const float*> p;
  for (size_t i = 0; i < a.size(); ++i) p.push_back(a.row(i));
  const auto filter = random_floats(taps * channels), bias = random_floats(channels);
  FencedRows<float> packed(1, depthwise_f32_packed_bytes(kernel, channels, taps) / sizeof(float));
  pack_depthwise_f32(kernel, channels, taps, filter.data(), bias.data(), packed.row(0));
  const size_t stride = channels + 3;
  std::vector<float> y(pixels * stride, untouched), alone(channels);
  kernel.run(pixels, channels, taps, p.data(), packed.row(0), y.data(), stride, -0.5f, infinity);
  for (size_t i = 0; i < pixels; ++i) {
    kernel.run(1, channels, taps, p.data() + i * taps, packed.row(0), alone.data(), stride, -0.5f, infinity);
    for (size_t c = 0; c < stride; ++c) {
      const float got = y[i * stride + c];
      if (c >= channels) {
        ASSERT_EQ(got, untouched);
        continue;
      }
      Sum sum;
      sum.add(bias[c]);
      for (size_t t = 0; t < taps; ++t) sum.add(double{a.row(i * taps + t)[c]} * filter[t * channels + c]);
      ASSERT_NEAR(got, std::max(sum.value, -0.5), sum.bound()) << pixels << " pixels " << channels << " channels " << taps << " taps at " << i << ", " << c;
      ASSERT_EQ(got, alone[c]) << "depends on the number of pixels";
    }
  }
}

TEST(DepthwiseF32, equals_the_plain_loop) {
  for_each_supported(depthwise_f32_table(), [](const DepthwiseF32& kernel) {
    for (size_t channels = 1; channels <= 2u * kernel.lanes + 3; ++channels) check_depthwise(kernel, channels % 11 + 1, channels, channels % 10 + 1);
    for (size_t pixels = 1; pixels < 20; ++pixels)
      for (const size_t taps : {1, 2, 9, 25}) check_depthwise(kernel, pixels, kernel.lanes * 2 + 1, taps);
  });
}

TEST(DepthwiseF32, lets_nan_through) {
  for_each_supported(depthwise_f32_table(), [](const DepthwiseF32& kernel) {
    const float x[3] = {nan, -1.0f, 9.0f}, filter[3] = {1.0f, 1.0f, 1.0f};
    const float* p[] = {x};
    std::vector<float> packed(depthwise_f32_packed_bytes(kernel, 3, 1) / sizeof(float)), y(3);
    pack_depthwise_f32(kernel, 3, 1, filter, nullptr, packed.data());
    kernel.run(1, 3, 1, p, packed.data(), y.data(), 3, 0.0f, 6.0f);
    EXPECT_TRUE(std::isnan(y[0]));
    EXPECT_EQ(y[1], 0.0f);
    EXPECT_EQ(y[2], 6.0f);
  });
}

}  // namespace
}  // namespace toucanet
