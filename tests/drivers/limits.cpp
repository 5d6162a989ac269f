// A model that asks for more memory or time than it is given ends with a problem of a name, whichever way it asks.
#include <gtest/gtest.h>

#include "export/write_tflite.h"
#include "ir/text.h"
#include "runtime/model_runner.h"

namespace toucanet {
namespace {

std::unique_ptr<ModelRunner> load(const char* text, size_t limit) {
  auto m = parse_module(text);
  EXPECT_TRUE(m) << str(m.error());
  auto bytes = write_tflite(*m);
  EXPECT_TRUE(bytes) << str(bytes.error());
  auto owner = std::make_shared<const std::string>(std::move(*bytes));
  auto model = ModelRunner::load(owner, *owner, {.runner = {.arena_limit = limit}});
  EXPECT_TRUE(model) << str(model.error());
  return model ? std::move(*model) : nullptr;
}

std::string code(const Status& s) { return s ? "" : s.error()[0].code; }

TEST(Limits, ConstantsComputedWhilePlanningCountTogether) {
  constexpr const char* text = R"(graph main
  %x = input "x" : f32[1]
  %c = const : f32[1] = [2]
  %d = const : i32[1] = [100000]
  %a = broadcast_to(%c, %d)
  %b = exp(%a)
  %e = exp(%b)
  %y = add(%x, %e)
  return %y "y"
)";
  EXPECT_EQ(code(load(text, 1'900'000)->allocate()), "");
  EXPECT_EQ(code(load(text, 1'000'000)->allocate()), "TN3009");
  EXPECT_EQ(code(load(text, 300'000)->allocate()), "TN3004");
}

TEST(Limits, ShapesThatFollowFromDataCount) {
  constexpr const char* text = R"(graph main
  %n = input "n" : i32[]
  %zero = const : i32[] = [0]
  %one = const : i32[] = [1]
  %r = range(%zero, %n, %one)
  return %r "r"
)";
  auto m = load(text, 1 << 20);
  ASSERT_EQ(code(m->allocate()), "");
  Tensor& n = m->graph().tensor(m->graph().graph().inputs[0]);
  n.as_mutable<int32_t>()[0] = 1000;
  EXPECT_EQ(code(m->invoke()), "");
  n.as_mutable<int32_t>()[0] = 1 << 30;
  EXPECT_EQ(code(m->invoke()), "TN3004");
}

constexpr const char* loop = R"(graph "main"
  %x = input "x" : f32[2]
  %t0 = effect_start() : token[]
  %y, %t1 = while(%x, %t0) {cond_subgraph_index=graph1, body_subgraph_index=graph2}
  return %y "y"
graph "cond"
  %x = input "x" : f32[*]
  %go = const : bool[] = [1]
  return %go
graph "body"
  %x = input "x" : f32[*]
  %y = BODY
  return %y
)";

std::string with_body(const char* body) { return std::string(loop).replace(std::string(loop).find("BODY"), 4, body); }

TEST(Limits, ALoopThatGrowsEndsAtTheMemoryLimit) {
  auto m = load(with_body("concatenation(%x, %x)").c_str(), 1 << 20);
  ASSERT_EQ(code(m->allocate()), "");
  EXPECT_EQ(code(m->invoke()), "TN3004");
}

TEST(Limits, ALoopWithoutEndIsCancelled) {
  auto m = load(with_body("tanh(%x)").c_str(), 1 << 20);
  ASSERT_EQ(code(m->allocate()), "");
  int steps = 1000;
  EXPECT_EQ(code(m->invoke(0, false, [&] { return steps-- > 0; })), "TN3005");
  EXPECT_LT(steps, 0);
}

}  // namespace
}  // namespace toucanet
