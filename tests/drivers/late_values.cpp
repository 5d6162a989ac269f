// Axes and positions that are known only when running are checked then: planning has not seen them.
#include <gtest/gtest.h>

#include "export/write_tflite.h"
#include "ir/text.h"
#include "kernels/requantize.h"
#include "runtime/model_runner.h"

namespace toucanet {
namespace {

// What running says of these values of the input "i"; "" if it runs.
std::string run(const std::string& text, const std::vector<int32_t>& values) {
  auto m = parse_module(text);
  EXPECT_TRUE(m) << str(m.error());
  auto bytes = write_tflite(*m);
  EXPECT_TRUE(bytes) << str(bytes.error());
  auto owner = std::make_shared<const std::string>(std::move(*bytes));
  auto model = ModelRunner::load(owner, *owner);
  EXPECT_TRUE(model) << str(model.error());
  EXPECT_TRUE((*model)->allocate());
  const auto to = (*model)->graph().tensor((*model)->graph().graph().inputs[0]).as_mutable<int32_t>();
  std::copy(values.begin(), values.end(), to.begin());
  const auto s = (*model)->invoke();
  return s ? "" : s.error()[0].code;
}

TEST(LateValues, ASliceStaysInside) {
  const std::string text = R"(graph main
  %i = input "i" : i32[2]
  %x = const : f32[4,5]
  %s = const : i32[2] = [2, 3]
  %y = slice(%x, %i, %s)
  return %y "y"
)";
  EXPECT_EQ(run(text, {2, 2}), "");
  EXPECT_EQ(run(text, {2, 3}), "TN3001");
  EXPECT_EQ(run(text, {-1, 0}), "TN3001");
  EXPECT_EQ(run(text, {INT32_MAX, INT32_MIN}), "TN3001");
}

TEST(LateValues, AnAxisIsReversedOnce) {
  const std::string text = R"(graph main
  %i = input "i" : i32[2]
  %x = const : f32[4,5]
  %y = reverse(%x, %i)
  return %y "y"
)";
  EXPECT_EQ(run(text, {0, -1}), "");
  EXPECT_EQ(run(text, {1, 1}), "TN3001");
  EXPECT_EQ(run(text, {0, 2}), "TN3001");
}

TEST(LateValues, SumsOf64BitsWrap) {
  const FixedMultiplier half{1 << 30, 0};
  EXPECT_EQ(multiply_by_quantized_multiplier_64(1001, half), 501);
  EXPECT_EQ(multiply_by_quantized_multiplier_64(-1001, half), -500);
  (void)multiply_by_quantized_multiplier_64(INT64_MIN, half);
}

}  // namespace
}  // namespace toucanet
