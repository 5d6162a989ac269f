// Plans: memory that tensors share, steps that allocate nothing, threads that change no result.
#include <gtest/gtest.h>

#include <random>

#include "allocations.h"
#include "export/write_tflite.h"
#include "ir/text.h"
#include "runtime/arena.h"
#include "runtime/model_runner.h"

namespace toucanet {
namespace {

TEST(Runtime, TensorsThatLiveTogetherDoNotOverlap) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<Lifetime> all;
    size_t most = 0, sum = 0;
    for (int i = 0; i < 40; ++i) {
      const uint32_t first = random() % 30;
      all.push_back({random() % 5000, first, first + static_cast<uint32_t>(random() % 6), i % 5 == 0});
      sum += (all.back().bytes + 63) / 64 * 64;
    }
    const Arena arena = plan_arena(all);
    std::vector<Lifetime> tensors;
    std::copy_if(all.begin(), all.end(), std::back_inserter(tensors), [](const Lifetime& l) { return !l.scratch; });
    EXPECT_EQ(arena.tensor_bytes, plan_arena(tensors).bytes) << "scratch moves no tensor";
    for (uint32_t step = 0; step < 40; ++step) {
      size_t live = 0;
      for (const auto& l : all)
        if (l.first <= step && step <= l.last) live += l.bytes;
      most = std::max(most, live);
    }
    for (size_t i = 0; i < all.size(); ++i) {
      EXPECT_EQ(arena.offsets[i] % 64, 0u);
      EXPECT_LE(arena.offsets[i] + all[i].bytes, all[i].scratch ? arena.bytes : arena.tensor_bytes);
      for (size_t k = 0; k < i; ++k) {
        const bool together = all[i].first <= all[k].last && all[k].first <= all[i].last;
        const bool overlap = arena.offsets[i] < arena.offsets[k] + all[k].bytes && arena.offsets[k] < arena.offsets[i] + all[i].bytes;
        EXPECT_FALSE(together && overlap && all[i].bytes && all[k].bytes);
      }
    }
    EXPECT_GE(arena.bytes, most);
    EXPECT_LE(arena.bytes, sum);
  }
}

constexpr const char* network = R"(graph main
  %x = input "x" : f32[1,13,11,3]
  %w1 = const : f32[20,3,3,3]
  %b1 = const : f32[20]
  %c1 = conv_2d(%x, %w1, %b1) {stride_w=2, fused_activation_function=relu6}
  %w2 = const : f32[1,3,3,20]
  %d = depthwise_conv_2d(%c1, %w2, %b1)
  %w3 = const : f32[20,1,1,20]
  %c2 = conv_2d(%d, %w3, %b1)
  %a = add(%c1, %c2) {fused_activation_function=relu}
  %w4 = const : f32[40,3,2,20]
  %b4 = const : f32[40]
  %c3 = conv_2d(%a, %w4, %b4) {padding=valid, dilation_h_factor=2}
  %s = const : i32[2] = [1, -1]
  %f = reshape(%c3, %s)
  %w5 = const : f32[7,1800]
  %y = fully_connected(%f, %w5, _)
  %p = softmax(%y) {beta=1}
  return %p "p"
)";

std::unique_ptr<ModelRunner> load(const char* text, ModelOptions options = {}) {
  auto m = parse_module(text);
  EXPECT_TRUE(m) << str(m.error());
  auto bytes = write_tflite(*m);
  EXPECT_TRUE(bytes) << str(bytes.error());
  auto owner = std::make_shared<const std::string>(std::move(*bytes));
  auto model = ModelRunner::load(owner, *owner, std::move(options));
  EXPECT_TRUE(model) << str(model.error());
  return model ? std::move(*model) : nullptr;
}

void fill_inputs(ModelRunner& m, unsigned seed = 3) {
  std::mt19937 random(seed);
  for (Value v : m.graph().graph().inputs)
    for (float& f : m.graph().tensor(v).as_mutable<float>()) f = static_cast<float>(random() % 2001) / 1000.0f - 1.0f;
}
std::vector<float> results(ModelRunner& m) {
  const auto y = m.graph().tensor(m.graph().graph().outputs()[0].value).as<float>();
  return {y.begin(), y.end()};
}
std::vector<float> run(ModelRunner& m) {
  EXPECT_TRUE(m.allocate());
  fill_inputs(m);
  const auto s = m.invoke();
  EXPECT_TRUE(s) << str(s.error());
  return results(m);
}

TEST(Runtime, FastKernelsAgreeWithPlainEvaluation) {
  auto fast = load(network), plain = load(network, {.runner = {.resolver = Resolver::Plain}});
  const auto a = run(*fast), b = run(*plain);
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-5f);
  size_t kernels = 0;
  for (const Step& s : fast->graph().steps()) kernels += s.kernel != nullptr;
  EXPECT_GE(kernels, 6u);
  for (const Step& s : plain->graph().steps()) EXPECT_EQ(s.kernel, nullptr);
}

// Its third operand dies there, and the sum may take its memory.
TEST(Runtime, ASumOfManyTakesTheMemoryOfAnyOperand) {
  for (const char* order : {"%x, %y, %m", "%m, %x, %y", "%x, %m, %y", "%x, %m, %m"}) {
    SCOPED_TRACE(order);
    auto m = load(fmt::format("graph main\n  %x = input \"x\" : f32[8]\n  %y = input \"y\" : f32[8]\n  %m = mul(%x, %y)\n  %s = add_n({})\n"
                              "  return %s \"s\"\n",
                              order)
                      .c_str());
    const auto got = run(*m);
    const auto x = m->graph().tensor(m->graph().graph().inputs[0]).as<float>(), y = m->graph().tensor(m->graph().graph().inputs[1]).as<float>();
    const bool twice = std::string_view(order) == "%x, %m, %m";
    for (size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], twice ? x[i] + 2 * x[i] * y[i] : x[i] + y[i] + x[i] * y[i], 1e-5f);
  }
}

TEST(Runtime, ThreadsDoNotChangeTheResult) {
  const auto one = run(*load(network));
  for (size_t threads : {2, 3, 8}) EXPECT_EQ(one, run(*load(network, {.threads = threads})));
}

TEST(Runtime, RunningAllocatesNothing) {
  for (const size_t threads : {1, 3}) {
    auto m = load(network, {.threads = threads});
    run(*m);
    const size_t before = allocations;
    ASSERT_TRUE(m->invoke());
    EXPECT_EQ(allocations - before, 0u);
  }
}

TEST(Runtime, RunningTwiceGivesTheSame) {
  auto m = load(network);
  const auto first = run(*m);
  ASSERT_TRUE(m->invoke());
  EXPECT_EQ(first, results(*m));
}

TEST(Runtime, PreservedTensorsShareNoMemory) {
  auto m = load(network, {.runner = {.preserve_all_tensors = true}});
  auto shared = load(network);
  EXPECT_EQ(run(*m), run(*shared));
  EXPECT_GT(m->graph().arena_bytes(), shared->graph().arena_bytes());
  std::set<const std::byte*> places;
  for (const Step& s : m->graph().steps())
    for (const Tensor* t : s.out) EXPECT_TRUE(places.insert(t->raw()).second);
}

TEST(Runtime, AnotherInputShapeIsPlannedAnew) {
  constexpr const char* text = R"(graph main
  %x = input "x" : f32[n,3]
  %w = const : f32[4,3]
  %y = fully_connected(%x, %w, _)
  %s = shape_of(%x)
  %z = tanh(%y)
  return %z "z", %s "s"
)";
  auto m = load(text);
  for (const int64_t rows : {1, 5, 33, 2}) {
    m->resize_input(0, 0, {rows, 3});
    EXPECT_FALSE(m->graph().planned() && rows != 1);
    run(*m);
    EXPECT_EQ(m->graph().tensor(m->graph().graph().outputs()[0].value).dims, (std::vector<int64_t>{rows, 4}));
    EXPECT_EQ(m->graph().tensor(m->graph().graph().outputs()[1].value).as<int32_t>()[0], rows);
  }
  m->resize_input(0, 0, {2, 4});
  const auto s = m->allocate();
  ASSERT_FALSE(s);
  EXPECT_EQ(s.error()[0].code, "TN1203");
}

TEST(Runtime, XnnpacksRoundingIsOnceAndToEven) {
  constexpr const char* dense = R"(graph main
  %x = input "x" : i8[1,1]{scale=1;zero=0}
  %w = const : i8[6,1]{scale=0.5} = [1, 3, 5, -1, -3, -5]
  %y = fully_connected(%x, %w, _) : i8[1,6]{scale=1;zero=0}
  return %y "y"
)";
  constexpr const char* convolution = R"(graph main
  %x = input "x" : i8[1,1,1,1]{scale=1;zero=0}
  %w = const : i8[6,1,1,1]{scale=0.5} = [1, 3, 5, -1, -3, -5]
  %b = const : i32[6] = [0, 0, 0, 0, 0, 0]
  %y = conv_2d(%x, %w, %b) : i8[1,1,1,6]{scale=1;zero=0}
  return %y "y"
)";
  constexpr const char* depthwise = R"(graph main
  %x = input "x" : i8[1,1,1,6]{scale=1;zero=0}
  %w = const : i8[1,1,1,6]{scale=0.5} = [1, 3, 5, -1, -3, -5]
  %b = const : i32[6] = [0, 0, 0, 0, 0, 0]
  %y = depthwise_conv_2d(%x, %w, %b) : i8[1,1,1,6]{scale=1;zero=0}
  return %y "y"
)";
  const std::vector<int8_t> even{0, 2, 2, 0, -2, -2}, upwards{1, 2, 3, 0, -1, -2};
  for (const char* text : {dense, convolution, depthwise})
    for (const Resolver resolver : {Resolver::Fast, Resolver::Plain})
      for (const Rounding rounding : {Rounding::Reference, Rounding::Xnnpack}) {
        auto m = load(text, {.runner = {.resolver = resolver}, .rounding = rounding});
        ASSERT_TRUE(m->allocate());
        for (int8_t& x : m->graph().tensor(m->graph().graph().inputs[0]).as_mutable<int8_t>()) x = 1;
        ASSERT_TRUE(m->invoke());
        const auto y = m->graph().tensor(m->graph().graph().outputs()[0].value).as<int8_t>();
        EXPECT_EQ(std::vector<int8_t>(y.begin(), y.end()), rounding == Rounding::Xnnpack ? even : upwards) << text;
      }
}

TEST(Runtime, ShapesThatFollowFromDataAreFoundWhenRunning) {
  constexpr const char* text = R"(graph main
  %x = input "x" : f32[6]
  %zero = const : f32[] = [0]
  %c = greater(%x, %zero)
  %w = where(%c)
  %y = gather_nd(%x, %w)
  return %y "y"
)";
  auto m = load(text);
  ASSERT_TRUE(m->allocate());
  auto x = m->graph().tensor(m->graph().graph().inputs[0]).as_mutable<float>();
  const std::vector<float> values{1, -2, 3, -4, 5, 6};
  std::copy(values.begin(), values.end(), x.begin());
  ASSERT_TRUE(m->invoke());
  EXPECT_EQ(results(*m), (std::vector<float>{1, 3, 5, 6}));
  std::fill(x.begin(), x.end(), -1.0f);
  ASSERT_TRUE(m->invoke());
  EXPECT_TRUE(results(*m).empty());
}

TEST(Runtime, WhatCannotRunIsSaidAtOnce) {
  constexpr const char* text = R"(graph main
  %x = input "x" : f32[2]
  %a = custom(%x) {custom_code="Mine", types=[0]} : f32[2]
  %b = custom(%a) {custom_code="Yours", types=[0]} : f32[2]
  return %b "b"
)";
  auto m = parse_module(text);
  ASSERT_TRUE(m) << str(m.error());
  auto bytes = write_tflite(*m);
  ASSERT_TRUE(bytes) << str(bytes.error());
  auto owner = std::make_shared<const std::string>(*bytes);
  auto model = ModelRunner::load(owner, *owner);
  ASSERT_FALSE(model);
  ASSERT_EQ(model.error().size(), 2u);
  EXPECT_EQ(model.error()[0].code, "TN3007");
  EXPECT_NE(model.error()[0].what.find("Mine"), std::string::npos);
  ModelOptions options;
  const auto twice = [](const Bytes&, std::span<const Tensor* const> in) -> Expected<std::vector<Tensor>> {
    Tensor t = in[0]->copy();
    for (float& f : t.as_mutable<float>()) f *= 2;
    return std::vector<Tensor>{t};
  };
  options.customs = {{"Mine", twice}, {"Yours", twice}};
  auto known = ModelRunner::load(owner, *owner, options);
  ASSERT_TRUE(known) << str(known.error());
  ASSERT_TRUE((*known)->allocate());
  auto x = (*known)->graph().tensor((*known)->graph().graph().inputs[0]).as_mutable<float>();
  x[0] = 1, x[1] = -3;
  ASSERT_TRUE((*known)->invoke());
  EXPECT_EQ(results(**known), (std::vector<float>{4, -12}));
}

// No memory is asked for, so no limit holds: tables for its rows would take gigabytes.
TEST(Runtime, AnEmptyResultOfHugeShapeIsPlannedAtOnce) {
  auto m = load(R"(graph main
  %x = input "x" : f32[0,2,2,1]
  %s = const : i32[2] = [100000000, 10]
  %y = resize_bilinear(%x, %s)
  return %y "y"
)");
  const auto planned = m->allocate();
  EXPECT_TRUE(planned) << str(planned.error());
  EXPECT_TRUE(m->invoke());
}

TEST(Runtime, AbsurdMemoryIsRefusedByName) {
  constexpr const char* text = R"(graph main
  %x = input "x" : f32[n,4]
  %y = tanh(%x)
  %z = exp(%x)
  %a = add(%y, %z)
  return %a "a"
)";
  auto m = load(text, {.runner = {.arena_limit = 1 << 20}});
  m->resize_input(0, 0, {1 << 20, 4});
  const auto s = m->allocate();
  ASSERT_FALSE(s);
  EXPECT_EQ(s.error()[0].code, "TN3009");
  EXPECT_EQ(m->invoke().error()[0].code, "TN3010");
  m->resize_input(0, 0, {16, 4});
  run(*m);
}

}  // namespace
}  // namespace toucanet
