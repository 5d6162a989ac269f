// Ranges that training fixed, legacy uint8, rules, and inputs and outputs of other types.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "export/write_tflite.h"
#include "ir/text.h"
#include "ops/quantize/quantize.h"
#include "quantize/quantize.h"
#include "runtime/model_runner.h"

namespace toucanet {
namespace {

Module parsed(const std::string& text) {
  auto m = parse_module(text);
  EXPECT_TRUE(m) << str(m.error());
  return std::move(*m);
}

// Weights that are nobody's: the text form fills constants without numbers with different ones.
const std::string trained = R"(graph main
  %x = input "x" : f32[1,8,8,3]
  %qx = fake_quant(%x) {min=-1, max=1, num_bits=8} "x_quant"
  %w = const : f32[16,3,3,3] "w"
  %qw = fake_quant(%w) {min=-0.5, max=0.5, num_bits=8, narrow_range=true} "w_quant"
  %b = const : f32[16] "b"
  %c = conv_2d(%qx, %qw, %b) {fused_activation_function=relu6} "conv"
  %qc = fake_quant(%c) {min=0, max=3, num_bits=8} "conv_quant"
  %p = max_pool_2d(%qc) {filter_height=2, filter_width=2, stride_h=2, stride_w=2} "pool"
  return %p "pool"
)";

struct Answer {
  std::vector<float> values;  ///< in real numbers
  DType input, output;
  float scale = 0;
};

Answer answer(const Module& m, unsigned seed) {
  auto bytes = write_tflite(m);
  EXPECT_TRUE(bytes) << str(bytes.error());
  auto owner = std::make_shared<const std::string>(*bytes);
  auto model = ModelRunner::load(owner, *owner);
  EXPECT_TRUE(model) << str(model.error());
  EXPECT_TRUE((*model)->allocate());
  std::mt19937 random(seed);
  Tensor& x = *(*model)->tensor(0, (*model)->file().inputs[0]);
  Answer a{{}, x.dtype, DType::F32};
  dispatch(x.dtype, [&]<class T>(T) {
    for (T& v : x.as_mutable<T>()) {
      const double real = static_cast<double>(random() % 2001) / 1000.0 - 1.0;
      if constexpr (std::is_same_v<T, float>) v = static_cast<float>(real);
      else
        v = static_cast<T>(std::clamp(std::round(real / static_cast<double>(x.quant->scale[0])) + static_cast<double>(x.quant->zero_point[0]),
                                      static_cast<double>(std::numeric_limits<T>::min()), static_cast<double>(std::numeric_limits<T>::max())));
    }
  });
  const auto ran = (*model)->invoke();
  EXPECT_TRUE(ran) << str(ran.error());
  const Tensor& y = *(*model)->tensor(0, (*model)->file().outputs[0]);
  a.output = y.dtype;
  if (y.quant && is_int(y.dtype)) a.scale = y.quant->scale[0];
  for (int64_t i = 0; i < y.elements(); ++i)
    a.values.push_back(a.scale > 0 ? static_cast<float>((y.number(i) - static_cast<double>(y.quant->zero_point[0])) * static_cast<double>(a.scale))
                                   : static_cast<float>(y.number(i)));
  return a;
}

const RangeSource& range_of(const Quantized& q, std::string_view tensor) {
  for (const auto& r : q.ranges)
    if (r.tensor == tensor) return r;
  ADD_FAILURE() << "no range of " << tensor;
  return q.ranges.front();
}

int64_t elements_of(const Shape& s) {
  int64_t n = 1;
  for (const Dim& d : s.dims()) n *= d.value();
  return n;
}

int count(const Module& m, const OpDef& op) {
  int n = 0;
  for (NodeId id : m.main().topological()) n += m.main()[id].op == &op;
  return n;
}

TEST(QuantizeTrained, WhatTrainingSimulatedIsWhatTheIntegersCompute) {
  for (QuantMode mode : {QuantMode::Int8, QuantMode::UInt8}) {
    SCOPED_TRACE(name(mode));
    const Module floats = parsed(trained);
    Module m = floats.clone();
    const auto done = quantize(m, {.mode = mode, .allow_float = false, .input_type = stored_type(mode), .output_type = stored_type(mode)}, {});
    ASSERT_TRUE(done) << str(done.error());
    EXPECT_TRUE(done->floats.empty());
    const Answer got = answer(m, 1), want = answer(floats, 1);
    EXPECT_EQ(got.input, stored_type(mode));
    EXPECT_EQ(got.output, stored_type(mode));
    EXPECT_EQ(got.scale, static_cast<float>(3.0 / 255));
    ASSERT_EQ(got.values.size(), want.values.size());
    int same = 0;
    for (size_t i = 0; i < got.values.size(); ++i) {
      EXPECT_NEAR(got.values[i], want.values[i], 1.001f * got.scale);
      same += std::fabs(got.values[i] - want.values[i]) < 0.01f * got.scale;
    }
    EXPECT_GT(same, static_cast<int>(got.values.size() * 95 / 100)) << "only the bias is rounded";
    EXPECT_EQ(range_of(*done, "w").source.substr(0, 10), "FAKE_QUANT");
  }
}

TEST(QuantizeTrained, WeightsFromPerTensorLevels) {
  Module m = parsed(trained);
  const auto done = quantize(m, {.mode = QuantMode::Int8}, {});
  ASSERT_TRUE(done) << str(done.error());
  EXPECT_EQ(range_of(*done, "w").quant.scale, std::vector<float>{static_cast<float>(1.0 / 254)});
}

TEST(QuantizeTrained, LevelsAreFoundAgainAfterAFold) {
  Tensor w = Tensor::zeros(DType::F32, {2, 50});
  std::mt19937 random(3);
  for (int64_t i = 0; i < 100; ++i)
    w.as_mutable<float>()[static_cast<size_t>(i)] = static_cast<float>(static_cast<int>(random() % 255) - 127) * (i < 50 ? 0.013f : 1.7f);
  w.as_mutable<float>()[7] = 127 * 0.013f, w.as_mutable<float>()[77] = -126 * 1.7f;
  const auto grid = grid_of(w, 0, 127);
  ASSERT_TRUE(grid);
  EXPECT_NEAR((*grid)[0], 0.013f, 1e-8);
  EXPECT_NEAR((*grid)[1], 1.7f, 1e-6);
  w.as_mutable<float>()[3] += 0.006f;
  EXPECT_FALSE(grid_of(w, 0, 127)) << "a value between the levels";
}

TEST(QuantizeTrained, MoreBitsNeedInt16) {
  std::string text = trained;
  text.replace(text.find("max=3, num_bits=8"), 17, "max=3, num_bits=16");
  Module m = parsed(text);
  const auto refused = quantize(m, {.mode = QuantMode::Int8}, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error()[0].code, "TN7011");
  Module wide = parsed(text);
  const auto done = quantize(wide, {.mode = QuantMode::Int16x8, .allow_float = false}, {});
  ASSERT_TRUE(done) << str(done.error());
  // From 0 to 3: training's levels have a zero point, int16 has none.
  text.replace(text.find("max=1, num_bits=8"), 17, "max=1, num_bits=16");
  wide = parsed(text);
  ASSERT_TRUE(quantize(wide, {.mode = QuantMode::Int16x8}, {}));
  for (const RangeSource& r : done->ranges) EXPECT_EQ(r.quant.zero_point, std::vector<int64_t>(r.quant.scale.size(), 0)) << r.tensor;
  const Answer got = answer(wide, 1), want = answer(parsed(text), 1);
  ASSERT_EQ(got.values.size(), want.values.size());
  for (size_t i = 0; i < got.values.size(); ++i) EXPECT_NEAR(got.values[i], want.values[i], 5e-4f);
}

TEST(QuantizeTrained, TwoRangesOfOneSetAreCutWhereItIsSmallest) {
  Module m = parsed(R"(graph main
  %x = input "x" : f32[1,8,8,4]
  %q = fake_quant(%x) {min=-1, max=1, num_bits=8}
  %p = max_pool_2d(%q) {filter_height=2, filter_width=2, stride_h=2, stride_w=2} "pool"
  %s = const : i32[2] = [1, -1]
  %f = reshape(%p, %s) "flat"
  %r = fake_quant(%f) {min=-4, max=4, num_bits=8}
  return %r "y"
)");
  const auto done = quantize(m, {.mode = QuantMode::Int8, .input_type = DType::I8, .output_type = DType::I8}, {});
  ASSERT_TRUE(done) << str(done.error());
  ASSERT_EQ(count(m, Quantize::def), 1);
  for (NodeId id : m.main().topological()) {
    if (!m.main()[id].is<Quantize>()) continue;
    EXPECT_EQ(elements_of(m.main().type(m.main()[id].inputs[0]).shape), 64) << "after the pool, not before";
  }
}

TEST(QuantizeTrained, AValueThatIsReadInTwoRangesIsRequantised) {
  Module m = parsed(R"(graph main
  %x = input "x" : f32[1,8]
  %a = fake_quant(%x) {min=-1, max=1, num_bits=8}
  %b = fake_quant(%x) {min=-2, max=2, num_bits=8}
  %y = add(%a, %b) "sum"
  %z = fake_quant(%y) {min=-3, max=3, num_bits=8}
  return %z "z"
)");
  const Module floats = m.clone();
  const auto done = quantize(m, {.mode = QuantMode::Int8, .input_type = DType::I8, .output_type = DType::I8}, {});
  ASSERT_TRUE(done) << str(done.error());
  EXPECT_EQ(count(m, Quantize::def), 1);
  EXPECT_EQ(answer(m, 1).values.size(), 8u);
  EXPECT_EQ(range_of(*done, "x").range, (MinMax{-2, 2})) << "the wider one is the input's: it cuts off nothing";
}

// The numbers of `text` in floats, and in int8 within `steps` of the result's scale.
void expect_trained(const std::string& text, float steps) {
  const Module floats = parsed(text);
  Module m = floats.clone();
  const auto done = quantize(m, {.mode = QuantMode::Int8, .output_type = DType::I8}, {});
  ASSERT_TRUE(done) << str(done.error());
  const Answer got = answer(m, 1), want = answer(floats, 1);
  ASSERT_EQ(got.values.size(), want.values.size());
  for (size_t i = 0; i < got.values.size(); ++i) EXPECT_NEAR(got.values[i], want.values[i], steps * got.scale + 1e-6f);
}

TEST(QuantizeTrained, AnAverageOfWhatIsCutOffLater) {
  for (const char* op : {"average_pool_2d(%q) {filter_height=2, filter_width=2, stride_h=2, stride_w=2}", "resize_bilinear(%q, %s)"}) {
    SCOPED_TRACE(op);
    expect_trained(
        fmt::format("graph main\n  %x = input \"x\" : f32[1,8,8,3]\n  %q = fake_quant(%x) {{min=-1, max=1, num_bits=8}}\n  %s = const : i32[2] = [5, 5]\n"
                    "  %y = {}\n  %z = fake_quant(%y) {{min=-0.25, max=0.25, num_bits=8}} \"z\"\n  return %z \"z\"\n",
                    op),
        6);  // a step of the operand is four of the result, and a half in all
  }
}

TEST(QuantizeTrained, WhatTrainingCutOffStaysCutOffInASharedRange) {
  expect_trained(R"(graph main
  %x = input "x" : f32[1,8]
  %a = fake_quant(%x) {min=-1, max=1, num_bits=8}
  %b = sin(%x) "sin"
  %c = fake_quant(%b) {min=-0.25, max=0.25, num_bits=8}
  %y = concatenation(%a, %c) {axis=1} "y"
  return %y "y"
)",
                 1);
}

TEST(QuantizeTrained, ARangeBesideZeroIsMovedThere) {
  const Quant q = trained_quant({1, 5}, 8, false, DType::I8), n = trained_quant({-5, -1}, 8, false, DType::I8);
  EXPECT_FLOAT_EQ(q.scale[0], 4.0f / 255);
  EXPECT_EQ(q.zero_point[0], -128);
  EXPECT_FLOAT_EQ(n.scale[0], 4.0f / 255);
  EXPECT_EQ(n.zero_point[0], 127);
}

const std::string plain = R"(graph main
  %x = input "x" : f32[1,8,8,3]
  %w = const : f32[16,3,3,3] "w"
  %b = const : f32[16] "b"
  %c = conv_2d(%x, %w, %b) {fused_activation_function=relu6} "conv"
  %p = average_pool_2d(%c) {filter_height=2, filter_width=2, stride_h=2, stride_w=2} "pool"
  return %p "pool"
)";

TEST(QuantizeRules, LegacyUint8FromGivenRanges) {
  Module m = parsed(plain);
  const Module floats = m.clone();
  const Recipe r{.mode = QuantMode::UInt8,
                 .allow_float = false,
                 .input_type = DType::U8,
                 .output_type = DType::U8,
                 .default_range = MinMax{0, 6},
                 .input_stats = {{"x", {127.5, 127.5}}}};
  const auto done = quantize(m, r, {});
  ASSERT_TRUE(done) << str(done.error());
  EXPECT_EQ(range_of(*done, "pool").source, "shared along AVERAGE_POOL_2D with 'conv': given default");
  const Answer got = answer(m, 1), want = answer(floats, 1);
  EXPECT_EQ(got.input, DType::U8);
  EXPECT_EQ(got.scale, static_cast<float>(6.0 / 255));
  for (size_t i = 0; i < got.values.size(); ++i) EXPECT_NEAR(got.values[i], want.values[i], 0.12f);
}

TEST(QuantizeRules, TheLastRuleThatMatchesCounts) {
  Recipe r{.mode = QuantMode::Int8, .default_range = MinMax{-2, 6}};
  r.rules = {{.op = "CONV_2D", .mode = QuantMode::None},
             {.tensor = "conv", .mode = QuantMode::Int8, .weights = Granularity::PerTensor},
             {.tensor = "po*", .range = MinMax{0, 4}}};
  Module m = parsed(plain);
  const auto done = quantize(m, r, {});
  ASSERT_TRUE(done) << str(done.error());
  EXPECT_TRUE(done->floats.empty());
  EXPECT_EQ(range_of(*done, "w").quant.scale.size(), 1u);
  r.rules.pop_back(), r.rules.pop_back();
  Module n = parsed(plain);
  const auto floats = quantize(n, r, {});
  ASSERT_TRUE(floats) << str(floats.error());
  ASSERT_EQ(floats->floats.size(), 1u);
  EXPECT_EQ(floats->floats[0].node, "conv");
  r.rules = {{.op = "conv_2d", .mode = QuantMode::Int16x8}};
  EXPECT_EQ(quantize(n, r, {}).error()[0].code, "TN7001") << "two types of activations";
}

TEST(QuantizeRules, AFloatIslandKeepsSmallWeightsWhereARuleSaysSo) {
  Recipe r{.mode = QuantMode::Int8, .min_weight_elements = 1, .default_range = MinMax{0, 6}};
  r.rules = {{.tensor = "conv", .mode = QuantMode::WeightOnly}};
  Module m = parsed(plain);
  const auto done = quantize(m, r, {});
  ASSERT_TRUE(done) << str(done.error());
  EXPECT_EQ(range_of(*done, "w").source, "its own values, per channel");
  EXPECT_EQ(range_of(*done, "pool").source, "shared along AVERAGE_POOL_2D with 'conv': given default");
}

TEST(QuantizeRules, InputsAndOutputsTakeAnyTypeInAnyMode) {
  for (QuantMode mode : {QuantMode::DynamicRange, QuantMode::WeightOnly, QuantMode::Float16, QuantMode::Int8})
    for (DType type : {DType::I8, DType::U8}) {
      SCOPED_TRACE(fmt::format("{} {}", name(mode), tf_name(type)));
      Module m = parsed(plain);
      const Module floats = m.clone();
      Recipe r{.mode = mode, .input_type = type, .output_type = type, .min_weight_elements = 1};
      r.rules = {{.tensor = "x", .range = MinMax{-1, 1}}, {.tensor = "pool", .range = MinMax{0, 6}}, {.tensor = "conv", .range = MinMax{0, 6}}};
      const auto done = quantize(m, r, {});
      ASSERT_TRUE(done) << str(done.error());
      const Answer got = answer(m, 1), want = answer(floats, 1);
      EXPECT_EQ(got.input, type);
      EXPECT_EQ(got.output, type);
      for (size_t i = 0; i < got.values.size(); ++i) EXPECT_NEAR(got.values[i], want.values[i], 0.12f);
      Module n = parsed(plain);
      r.rules.clear();
      EXPECT_FALSE(quantize(n, r, {})) << "without ranges";
    }
}

TEST(QuantizeRules, ARecipeWithRulesComesBackFromItsText) {
  Recipe r{.mode = QuantMode::Int8, .default_range = MinMax{-1, 1}, .input_stats = {{"x", {-0.5, 127.5}}}};
  r.rules = {{.op = "CONV_*", .node = "block1/*", .tensor = "", .mode = QuantMode::None},
             {.tensor = "y",
              .ranges = RangeChoice{.algorithm = RangeAlgorithm::Percentile, .percentile = 99},
              .range = MinMax{0, 2},
              .weights = Granularity::PerTensor}};
  const auto back = parse_recipe(to_json(r));
  ASSERT_TRUE(back) << str(back.error());
  EXPECT_EQ(*back, r);
  const auto wrong = parse_recipe(R"({"mode": "int8", "rules": [{"op": "A"}, {"mode": "int4"}, {"range": [2, 1]}, {"nodes": "x", "mode": "none"}]})");
  ASSERT_FALSE(wrong);
  EXPECT_GE(wrong.error().size(), 4u) << "all at once";
}

}  // namespace
}  // namespace toucanet
