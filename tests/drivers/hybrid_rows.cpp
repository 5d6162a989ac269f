// Rows of floats made int8 for weights of int8: what is no number has a defined place.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ops/accumulate.h"

namespace toucanet {
namespace {

TEST(HybridRows, WhatIsNoNumberBecomesTheLowestOne) {
  const float nan = std::nanf(""), inf = std::numeric_limits<float>::infinity();
  const std::vector<float> x{1, nan, -2, 0.5f};
  std::vector<int8_t> q(4);
  quantize_row(x, q.data(), false);
  EXPECT_EQ(q, (std::vector<int8_t>{64, -127, -127, 32}));
  quantize_row(x, q.data(), true);
  EXPECT_EQ(q[1], -128);
  quantize_row(std::vector<float>{inf, 1, -1, 0}, q.data(), true);
  quantize_row(std::vector<float>{inf, -inf, nan, 0}, q.data(), false);
  EXPECT_EQ(q[0], -127);  // infinity times 0
}

// Halves are rounded away from zero before the zero point is added.
TEST(HybridRows, TheZeroPointIsAddedToWholeSteps) {
  std::vector<int8_t> q(4);
  const HybridRow row = quantize_row(std::vector<float>{-3, -0.5f, -2.5f, 0}, q.data(), true);
  EXPECT_EQ(row.zero_point, 127);
  EXPECT_EQ(q, (std::vector<int8_t>{-128, 84, -86, 127}));
}

}  // namespace
}  // namespace toucanet
