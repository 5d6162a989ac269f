// Cases beside the operators: src/ops/*/*.cases. Expected numbers are TensorFlow's.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "ir/text.h"
#include "pipeline/verify_numbers.h"
#include "runtime/execute.h"

namespace toucanet {
namespace {

struct Case {
  std::string op, name, graph, fails;
  std::vector<std::string> gives;
};

std::vector<Case> load() {
  std::vector<Case> out;
  for (const auto& folder : std::filesystem::directory_iterator(TOUCANET_SOURCE_DIR "/src/ops")) {
    const auto name = folder.path().filename().string();
    std::ifstream f(folder.path() / (name + ".cases"));
    std::string line;
    while (std::getline(f, line)) {
      if (line.starts_with("case ")) out.push_back({name, line.substr(5), {}, {}, {}});
      else if (line.starts_with("gives ")) out.back().gives.push_back(line.substr(6));
      else if (line.starts_with("fails ")) out.back().fails = line.substr(6);
      else if (!out.empty() && !line.empty() && line[0] == ' ') out.back().graph += line + "\n";
    }
  }
  std::sort(out.begin(), out.end(), [](auto& a, auto& b) { return std::tie(a.op, a.name) < std::tie(b.op, b.name); });
  return out;
}

void PrintTo(const Case& c, std::ostream* os) { *os << c.op << ": " << c.name; }

class OpCase : public testing::TestWithParam<Case> {};

TEST_P(OpCase, GivesWhatTensorFlowGives) {
  const Case& c = GetParam();
  auto m = parse_module(c.graph);
  std::optional<Diags> failure;
  std::vector<Tensor> got;
  if (!m) {
    failure = m.error();
  } else if (auto out = execute(*m, 0, {}, {}); out) {
    got = std::move(*out);
  } else {
    failure = out.error();
  }
  if (!c.fails.empty()) {
    ASSERT_TRUE(failure) << "it was accepted";
    EXPECT_EQ((*failure)[0].code, c.fails) << str(*failure);
    return;
  }
  ASSERT_FALSE(failure) << str(*failure);
  ASSERT_FALSE(c.gives.empty()) << "the case expects nothing";
  ASSERT_EQ(got.size(), c.gives.size());
  for (size_t i = 0; i < got.size(); ++i) {
    const auto& text = c.gives[i];
    const size_t space = text.find(' ');
    ASSERT_NE(space, text.npos) << text;
    auto want = parse_module("  %x = const : " + text.substr(0, space) + " =" + text.substr(space) + "\n  return %x\n");
    ASSERT_TRUE(want) << str(want.error());
    const Tensor& w = *want->main().constant(want->main().outputs()[0].value);
    EXPECT_EQ(compare(w, got[i], nullptr), "");
  }
}

INSTANTIATE_TEST_SUITE_P(Ops, OpCase, testing::ValuesIn(load()), [](const auto& info) {
  std::string n = info.param.op + "_" + info.param.name;
  for (char& ch : n)
    if (!std::isalnum(static_cast<unsigned char>(ch))) ch = '_';
  return n + "_" + std::to_string(info.index);
});

}  // namespace
}  // namespace toucanet
