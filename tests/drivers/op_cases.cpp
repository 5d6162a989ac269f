// Cases beside the operators: src/ops/*/*.cases. Expected numbers are TensorFlow's.
#include "op_cases.h"

#include "ir/text.h"
#include "pipeline/verify_numbers.h"
#include "runtime/execute.h"

namespace toucanet {
namespace {

class OpCase : public testing::TestWithParam<OperatorCase> {};

TEST_P(OpCase, GivesWhatTensorFlowGives) {
  const OperatorCase& c = GetParam();
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

INSTANTIATE_TEST_SUITE_P(Ops, OpCase, testing::ValuesIn(load_operator_cases()), name_of_case);

}  // namespace
}  // namespace toucanet
