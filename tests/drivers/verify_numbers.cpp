// What the comparison of a conversion with its source lets pass, and what not.
#include "pipeline/verify_numbers.h"

#include <gtest/gtest.h>

#include "ir/text.h"
#include "ops/fake_quant_levels.h"

namespace toucanet {
namespace {

Module fake_quant(std::string_view max) {
  auto m = parse_module(
      fmt::format("graph main\n  %x = input \"x\" : f32[2]\n  %y = fake_quant(%x) {{min=-1, max={}, num_bits=8}} \"y\"\n  return %y \"y\"\n", max));
  EXPECT_TRUE(m) << str(m.error());
  return std::move(*m);
}

TEST(VerifyNumbers, ATieOfFakeQuantsLevelsIsRightAndSaid) {
  const FakeQuantLevels l(-1, 1, 8, false);
  float tie = -1;
  for (int k = 0; k < 255; ++k) {
    const float middle = l.least + (static_cast<float>(k) + 0.5f) * l.scale;
    for (float x : {std::nextafter(middle, -2.0f), middle, std::nextafter(middle, 2.0f)})
      if (std::fabs(l.tensorflow(x) - l.tflite(x)) > l.scale / 2) tie = x;
  }
  ASSERT_NE(tie, -1) << "no number lies between two levels";
  const VerifyOptions options{.inputs = {{"x", Tensor::of<float>(DType::F32, {2}, {0.25f, tie})}}};
  const Module source = fake_quant("1"), other = fake_quant("1.2");

  const Verification same = verify_numbers(source, source, source, options);
  EXPECT_EQ(same.status, Verification::Status::Right) << same.reason;
  EXPECT_NE(same.reason.find("'y' differs by a level"), std::string::npos) << same.reason;
  EXPECT_NEAR(same.largest_difference, static_cast<double>(l.scale), 1e-6);

  const Verification wrong = verify_numbers(source, other, other, options);
  EXPECT_EQ(wrong.status, Verification::Status::Wrong) << "the range is another";
}

}  // namespace
}  // namespace toucanet
