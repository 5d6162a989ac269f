// What the IR must hold beyond a chain of operators: loops, branches, variables, signatures, per-axis and symbolic types.
#include <gtest/gtest.h>

#include "export/write_tflite.h"
#include "import/tflite/read_tflite.h"
#include "ir/text.h"
#include "runtime/execute.h"

namespace toucanet {
namespace {

constexpr const char* text = R"(
graph "main"
  %x = input "x" : f32[n,3]
  %c = input "positive" : bool[]
  %w = const : i8[2,3]{scale=0.5:0.25;zero=0:0;axis=0} = [1, 2, 3, 4, 5, 6]
  %wf = cast(%w) {in_data_type=i8} : f32[2,3]
  %t0 = effect_start() : token[]
  %t1 = call_once(%t0) {init_subgraph_index=graph5} : token[]
  %y, %t2 = if(%c, %x, %t1) {then_subgraph_index=graph1, else_subgraph_index=graph2} : f32[n,3], token[]
  %zero = const : i32[] = [0]
  %i, %z, %t3 = while(%zero, %y, %t2) {cond_subgraph_index=graph3, body_subgraph_index=graph4} : i32[], f32[n,3], token[]
  %h = var_handle() {shared_name="count"} : resource[]
  %v, %t4 = read_variable(%h, %t3) {result_type="f32[]"} : f32[], token[]
  %one = const : f32[] = [1]
  %v1 = add(%v, %one) : f32[]
  %t5 = assign_variable(%h, %v1, %t4) : token[]
  %r = fully_connected(%z, %wf) : f32[n,2] "r" @dense/MatMul
  return %r "result", %v1 "count"
graph "then"
  %x = input "x" : f32[n,3]
  %y = neg(%x)
  return %y
graph "else"
  %x = input "x" : f32[n,3]
  %y = abs(%x)
  return %y
graph "cond"
  %i = input "i" : i32[]
  %x = input "x" : f32[n,3]
  %three = const : i32[] = [3]
  %go = less(%i, %three)
  return %go
graph "body"
  %i = input "i" : i32[]
  %x = input "x" : f32[n,3]
  %one = const : i32[] = [1]
  %next = add(%i, %one)
  %y = add(%x, %x)
  return %next, %y
graph "init"
  %h = var_handle() {shared_name="count"} : resource[]
  %ten = const : f32[] = [10]
  %t0 = effect_start() : token[]
  %t1 = assign_variable(%h, %ten, %t0) : token[]
  return
graph "double"
  %x = input "x" : f32[2]
  %y = add(%x, %x)
  return %y
signature "serving_default" graph0 inputs("x"=0, "positive"=1) outputs("result"=0, "count"=1)
signature "double" graph6 inputs("x"=0) outputs("y"=0)
)";

Module module() {
  auto m = parse_module(text);
  if (!m) {
    ADD_FAILURE() << str(m.error());
    return {};
  }
  return std::move(*m);
}

std::vector<float> run(const Module& m, bool positive, float* count) {
  const Tensor x = Tensor::of<float>(DType::F32, {1, 3}, {1, -2, 3});
  auto out = execute(m, 0, {x, Tensor::of<uint8_t>(DType::Bool, {}, {positive})}, {.semantics = Semantics::TfLite});
  if (!out) {
    ADD_FAILURE() << str(out.error());
    return {};
  }
  *count = (*out)[1].as<float>()[0];
  const auto r = (*out)[0].as<float>();
  return {r.begin(), r.end()};
}

TEST(HardCases, TextRoundTrips) {
  const Module m = module();
  const std::string once = print(m);
  auto again = parse_module(once);
  ASSERT_TRUE(again) << str(again.error());
  EXPECT_EQ(print(*again), once);
}

TEST(HardCases, VerifierAcceptsItAndCatchesAForkedToken) {
  Module m = module();
  const auto s = verify(m);
  EXPECT_TRUE(s) << str(s.error());
  std::string forked = text;
  const auto at = forked.find("assign_variable(%h, %v1, %t4)");
  forked.replace(at, 29, "assign_variable(%h, %v1, %t3)");
  auto bad = parse_module(forked);
  ASSERT_TRUE(bad) << str(bad.error());
  EXPECT_FALSE(verify(*bad));
}

TEST(HardCases, BothBranchesTheLoopAndTheVariableAreExecuted) {
  const Module m = module();
  float count = 0;
  // ±x doubled three times; w = [[1,2,3],[4,5,6]]
  EXPECT_EQ(run(m, true, &count), (std::vector<float>{-8 * (1 - 4 + 9), -8 * (4 - 10 + 18)}));
  EXPECT_EQ(count, 11);
  EXPECT_EQ(run(m, false, &count), (std::vector<float>{8 * (1 + 4 + 9), 8 * (4 + 10 + 18)}));
}

TEST(HardCases, TheFileGivesTheSameAnswers) {
  const Module m = module();
  auto bytes = write_tflite(m);
  ASSERT_TRUE(bytes) << str(bytes.error());
  auto owner = std::make_shared<const std::string>(std::move(*bytes));
  auto again = read_tflite(owner, *owner);
  ASSERT_TRUE(again) << str(again.error());
  EXPECT_TRUE(verify(*again));
  ASSERT_EQ(again->graphs.size(), 7u);
  ASSERT_EQ(again->signatures.size(), 2u);
  EXPECT_EQ(again->signatures[1].key, "double");
  float a = 0, b = 0;
  EXPECT_EQ(run(*again, true, &a), run(m, true, &b));
  EXPECT_EQ(a, b);
  // Written again, the bytes are the same.
  auto twice = write_tflite(*again);
  auto thrice = write_tflite(*read_tflite(std::make_shared<const std::string>(*twice), *twice));
  ASSERT_TRUE(twice);
  EXPECT_EQ(*twice, *thrice);
  bool per_axis = false;
  for (NodeId id : again->main().topological())
    if (const auto& q = again->main()[id].outputs; !q.empty() && q[0].type.quant) per_axis = q[0].type.quant->scale == std::vector<float>{0.5f, 0.25f};
  EXPECT_TRUE(per_axis);
}

}  // namespace
}  // namespace toucanet
