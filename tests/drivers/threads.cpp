// What may run at once: interpreters, their own threads, conversions. Worth most under `make tsan`.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "export/write_tflite.h"
#include "ir/text.h"
#include "runtime/threads.h"
#include "toucanet/convert.h"
#include "toucanet/interpreter.h"

namespace toucanet {
namespace {

constexpr const char* network = R"(graph main
  %x = input "x" : f32[1,9,9,8]
  %w = const : f32[16,3,3,8]
  %b = const : f32[16]
  %c = conv_2d(%x, %w, %b) {fused_activation_function=relu}
  %v = const : f32[1,3,3,16]
  %d = depthwise_conv_2d(%c, %v, %b)
  %a = add(%c, %d)
  %p = softmax(%a)
  return %p "p"
)";

std::shared_ptr<const std::string> file() {
  auto m = parse_module(network);
  EXPECT_TRUE(m) << str(m.error());
  auto bytes = write_tflite(*m);
  EXPECT_TRUE(bytes) << str(bytes.error());
  return std::make_shared<const std::string>(std::move(*bytes));
}

std::vector<float> run(const std::shared_ptr<const std::string>& bytes, size_t threads) {
  auto it = Interpreter::from_bytes(bytes, *bytes, {.threads = threads});
  if (!it || !it->allocate()) return {};
  auto x = it->input<float>(0);
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 17) * 0.1f - 0.8f;
  for (int k = 0; k < 3; ++k)
    if (!it->invoke()) return {};
  const auto y = it->output<float>(0);
  return {y.begin(), y.end()};
}

TEST(Threads, EachTaskRunsOnce) {
  Threads pool(4);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::atomic<int>> count(37);
    pool.parallel(count.size(), [&](size_t task, size_t) { ++count[task]; });
    for (const auto& c : count) ASSERT_EQ(c, 1);
  }
}

TEST(Threads, SeveralInterpretersShareAModelsBytes) {
  const auto bytes = file();
  const auto want = run(bytes, 1);
  ASSERT_FALSE(want.empty());
  std::vector<std::vector<float>> got(4);
  {
    std::vector<std::jthread> all;
    for (size_t i = 0; i < got.size(); ++i) all.emplace_back([&, i] { got[i] = run(bytes, i % 3 + 1); });
  }
  for (const auto& g : got) EXPECT_EQ(g, want);
}

TEST(Threads, TwoConversionsRunAtOnce) {
  constexpr const char* graph =
      "node { name: 'x' op: 'Placeholder' attr { key: 'dtype' value { type: DT_FLOAT } } attr { key: 'shape' value { shape { dim { size: 2 } } } } }\n"
      "node { name: 'a' op: 'Cos' input: 'x' attr { key: 'T' value { type: DT_FLOAT } } }\n"
      "node { name: 'y' op: 'Relu' input: 'a' attr { key: 'T' value { type: DT_FLOAT } } }\n";
  std::vector<std::string> got(2);
  {
    std::vector<std::jthread> all;
    for (auto& g : got)
      all.emplace_back([&] {
        auto done = convert_graph_def(graph);
        if (done && done->verified == Conversion::Verified::Right) g = done->bytes;
      });
  }
  EXPECT_FALSE(got[0].empty());
  EXPECT_EQ(got[0], got[1]);
}

}  // namespace
}  // namespace toucanet
