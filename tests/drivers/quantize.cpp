// Quantisation: parameters by TensorFlow's rules, observations that merge exactly, files that keep the answers.
#include "quantize/quantize.h"

#include <gtest/gtest.h>

#include <random>

#include "export/write_tflite.h"
#include "ir/text.h"
#include "runtime/model_runner.h"

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

Module module() {
  auto m = parse_module(network);
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

std::vector<float> answers(const Module& m, unsigned seed) {
  auto bytes = write_tflite(m);
  EXPECT_TRUE(bytes) << str(bytes.error());
  auto owner = std::make_shared<const std::string>(*bytes);
  auto model = ModelRunner::load(owner, *owner);
  EXPECT_TRUE(model) << str(model.error());
  EXPECT_TRUE((*model)->allocate());
  const Tensor x = sample(seed);
  std::memcpy((*model)->tensor(0, (*model)->file().inputs[0])->raw_mutable(), x.raw(), x.bytes());
  const auto ran = (*model)->invoke();
  EXPECT_TRUE(ran) << str(ran.error());
  const auto y = (*model)->tensor(0, (*model)->file().outputs[0])->as<float>();
  return {y.begin(), y.end()};
}

TEST(Quantize, ActivationsHaveTensorFlowsParameters) {
  const Quant relu6 = activation_quant({0, 6}, DType::I8);
  EXPECT_EQ(relu6.scale[0], static_cast<float>(6.0 / 255));
  EXPECT_EQ(relu6.zero_point[0], -128);
  EXPECT_EQ(activation_quant({2, 6}, DType::I8).zero_point[0], -128) << "the range holds 0";
  EXPECT_EQ(activation_quant({-1, 1}, DType::I16).scale[0], static_cast<float>(1.0 / 32767));
  EXPECT_NEAR(activation_quant({0, 0}, DType::I8).scale[0], 3.92157e-9, 1e-13);
}

TEST(Quantize, WeightsAreSymmetricAlongTheirAxis) {
  const Tensor w = Tensor::of<float>(DType::F32, {2, 2}, {1, -2, 0.5f, 0.25f});
  const auto q = std::make_shared<const Quant>(weight_quant(w, 0));
  EXPECT_EQ(q->scale, (std::vector<float>{static_cast<float>(2.0 / 127), static_cast<float>(0.5 / 127)}));
  const Tensor stored = quantize_tensor(w, q, DType::I8, true);
  EXPECT_EQ(stored.as<int8_t>()[1], -127);
  EXPECT_EQ(stored.as<int8_t>()[2], 127);
  EXPECT_EQ(stored.as<int8_t>()[0], 64) << "halves go away from zero";
}

TEST(Quantize, ABiasThatDoesNotFitRaisesItsWeightsScale) {
  Quant w{{1e-9f, 1.0f}, {0, 0}, 0, {}, {}};
  const Tensor stored = quantize_bias(Tensor::of<float>(DType::F32, {2}, {4, 4}), 0.5, w, DType::I8);
  EXPECT_GT(w.scale[0], 1e-9f);
  EXPECT_EQ(w.scale[1], 1.0f);
  EXPECT_NEAR(static_cast<double>(stored.as<int32_t>()[0]) * static_cast<double>(stored.quant->scale[0]), 4, 1e-6);
  EXPECT_EQ(stored.as<int32_t>()[1], 8);
}

TEST(Quantize, EveryModeKeepsTheAnswers) {
  const Module floats = module();
  const auto seen = observe(floats, 0, 20);
  const auto want = answers(floats, 100);
  const std::map<QuantMode, float> within{
      {QuantMode::Float16, 2e-3f}, {QuantMode::WeightOnly, 0.03f}, {QuantMode::DynamicRange, 0.03f}, {QuantMode::Int8, 0.06f}, {QuantMode::Int16x8, 0.03f}};
  for (const auto& [mode, bound] : within) {
    SCOPED_TRACE(quant_mode_names[static_cast<size_t>(mode)]);
    Module m = floats.clone();
    const auto done = quantize(m, {.mode = mode, .min_weight_elements = 500}, seen);
    ASSERT_TRUE(done) << str(done.error());
    const auto got = answers(m, 100);
    ASSERT_EQ(got.size(), want.size());
    bool same = true;
    for (size_t i = 0; i < got.size(); ++i) {
      EXPECT_NEAR(got[i], want[i], bound);
      same = same && got[i] == want[i];
    }
    EXPECT_FALSE(same) << "nothing was quantised";
    EXPECT_TRUE(done->floats.empty());
  }
}

TEST(Quantize, ResultsThatAreFixedHaveTheirParameters) {
  Module m = module();
  const auto done = quantize(m, {.mode = QuantMode::Int8}, observe(m, 0, 3));
  ASSERT_TRUE(done) << str(done.error());
  for (const auto& r : done->ranges)
    if (r.tensor == "softmax") {
      EXPECT_EQ(r.source, "fixed by SOFTMAX");
      EXPECT_EQ(r.quant.scale[0], 1.0f / 256);
      EXPECT_EQ(r.quant.zero_point[0], -128);
    }
}

TEST(Quantize, WhatCannotBeIsRefusedWithItsReason) {
  Module m = module();
  EXPECT_EQ(quantize(m, {.mode = QuantMode::Int8}, {}).error()[0].code, "TN7002") << "no samples";
  EXPECT_EQ(quantize(m, {.mode = QuantMode::Float16, .input_type = DType::I8}, {}).error()[0].code, "TN7012");
  ASSERT_TRUE(quantize(m, {.mode = QuantMode::Int8}, observe(m, 0, 3)));
  EXPECT_EQ(quantize(m, {.mode = QuantMode::Float16}, {}).error()[0].code, "TN7004") << "twice";

  auto sines = parse_module("graph main\n  %x = input \"x\" : f32[1,9,9,3]\n  %y = sin(%x) \"y\"\n  return %y \"y\"\n");
  ASSERT_TRUE(sines) << str(sines.error());
  const auto seen = observe(*sines, 0, 2);
  const auto strict = quantize(*sines, {.mode = QuantMode::Int8, .allow_float = false}, seen);
  ASSERT_FALSE(strict);
  EXPECT_EQ(strict.error()[0].code, "TN7003");
}

TEST(Quantize, ARecipeComesBackFromItsText) {
  const Recipe r{.mode = QuantMode::Int8,
                 .allow_float = false,
                 .input_type = DType::U8,
                 .output_type = DType::I8,
                 .ranges = {.algorithm = RangeAlgorithm::Percentile, .percentile = 99.9}};
  const auto back = parse_recipe(to_json(r));
  ASSERT_TRUE(back) << str(back.error());
  EXPECT_EQ(*back, r);
  const auto wrong = parse_recipe(R"({"mode": "int8", "bits": 4, "percentile": 3, "ranges": "k"})");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().size(), 3u) << "all at once";
}

}  // namespace
}  // namespace toucanet
