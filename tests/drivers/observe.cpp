// Observation: counts and extremes that merge exactly, ranges taken from them.
#include "quantize/observe.h"

#include <gtest/gtest.h>

#include <random>

#include "ir/text.h"

namespace toucanet {
namespace {

constexpr const char* network = R"(graph main
  %x = input "x" : f32[1,9,9,3]
  %w1 = const : f32[32,3,3,3]
  %b1 = const : f32[32]
  %c = conv_2d(%x, %w1, %b1) {fused_activation_function=relu6} "conv"
  %p = max_pool_2d(%c) {filter_height=2, filter_width=2, stride_h=2, stride_w=2} "pool"
  %s = const : i32[2] = [1, -1]
  %f = reshape(%p, %s) "flat"
  %w2 = const : f32[7,800]
  %b2 = const : f32[7]
  %y = fully_connected(%f, %w2, %b2) "logits"
  %q = softmax(%y) {beta=1} "softmax"
  return %q "softmax"
)";

Module module(const char* text = network) {
  auto m = parse_module(text);
  EXPECT_TRUE(m) << str(m.error());
  return std::move(*m);
}

Tensor sample(unsigned seed) {
  std::mt19937 random(seed);
  Tensor t = Tensor::zeros(DType::F32, {1, 9, 9, 3});
  for (float& f : t.as_mutable<float>()) f = static_cast<float>(random() % 2001) / 1000.0f - 1.0f;
  return t;
}

Observations observe(const Module& m, unsigned from, unsigned to) {
  Observer o(m, 1);
  for (unsigned i = from; i < to; ++i) {
    const auto s = o.add(i, {sample(i)});
    EXPECT_TRUE(s) << str(s.error());
  }
  auto seen = o.seen();
  EXPECT_TRUE(seen) << str(seen.error());
  return std::move(*seen);
}

TEST(Observe, every_float_value_but_constants_is_seen) {
  const auto seen = observe(module(), 0, 2);
  std::vector<std::string> names;
  for (const auto& [name, t] : seen.tensors) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"conv", "flat", "logits", "pool", "softmax", "x"}));
  EXPECT_EQ(seen.tensors.at("conv").histogram.count(), 2u * 9 * 9 * 32);
}

TEST(Observe, a_number_that_is_not_finite_names_its_first_producer) {
  const Module m = module();
  Observer o(m, 1);
  EXPECT_EQ(o.add(0, {}).error()[0].code, "TN7002");
  EXPECT_EQ(o.add(0, {Tensor::zeros(DType::F32, {1, 9, 9, 4})}).error()[0].code, "TN7002");
  Tensor nan = sample(1);
  nan.as_mutable<float>()[5] = std::numeric_limits<float>::quiet_NaN();
  const auto s = o.add(3, {nan});
  ASSERT_FALSE(s);
  EXPECT_EQ(s.error()[0].code, "TN7002");
  EXPECT_EQ(s.error()[0].what, "sample 3: 'x' holds nan");
}

}  // namespace
}  // namespace toucanet
