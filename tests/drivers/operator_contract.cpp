// What every operator owes, derived from the cases beside it: inference agrees with evaluation, whatever is known of the
// operands; text and .tflite forms come back; folding gives what evaluation gives.
#include "export/write_tflite.h"
#include "import/tflite/read_tflite.h"
#include "ir/text.h"
#include "op_cases.h"
#include "passes/fold_constants.h"
#include "passes/legalize.h"
#include "passes/remove_dead.h"
#include "rebuild.h"
#include "runtime/execute.h"

namespace toucanet {
namespace {

// What is known of an operand that is no constant.
enum class Known { Everything, Symbols, Rank, Nothing };
constexpr Known all_known[] = {Known::Everything, Known::Symbols, Known::Rank, Known::Nothing};
constexpr std::string_view known_names[] = {"static shape", "symbols", "rank", "nothing"};

using Symbols = std::vector<std::pair<std::string, int64_t>>;

struct Partly {
  std::string what;
  Known known;
  Variant variant;
  Symbols symbols;
};

std::vector<Value> constants_of(const Module& m) {
  std::vector<Value> out;
  for (NodeId id : m.main().topological())
    if (m.main()[id].is<Const>()) out.push_back({id, 0});
  return out;
}

// The case with constant `which` (or all) turned into an input of which `known` is known.
Expected<Partly> partly_known(const Module& m, std::optional<Value> which, Known known) {
  Symbols symbols;
  Changes changes;
  changes.constant = [&](Variant& v, Value old, const Tensor& t) {
    if (which && old != *which) return old;
    Shape s = known == Known::Nothing ? Shape::unranked() : known == Known::Rank ? Shape::of_rank(t.rank()) : Shape::of(t.dims);
    if (known == Known::Symbols) {
      Dims dims;
      for (int64_t d : t.dims) {
        symbols.emplace_back(fmt::format("n{}", symbols.size()), d);
        dims.push_back(Dim::symbol(symbols.back().first));
      }
      s = Shape(std::move(dims));
    }
    return as_input(v, t, std::move(s));
  };
  TRY(auto v, rebuild(m, changes));
  const std::string what = fmt::format("{} of {}", known_names[static_cast<size_t>(known)], which ? "%" + m.main().result(*which).name : "all constants");
  return Partly{what, known, std::move(v), std::move(symbols)};
}

// Each constant alone, and all of them, under each degree of knowledge.
std::vector<Partly> partly_known(const Module& m) {
  std::vector<Partly> out;
  std::vector<std::optional<Value>> which{std::nullopt};
  if (const auto cs = constants_of(m); cs.size() > 1) which.insert(which.end(), cs.begin(), cs.end());
  for (const auto& w : which)
    for (Known k : all_known) {
      auto p = partly_known(m, w, k);
      if (p) out.push_back(std::move(*p));
      else ADD_FAILURE() << known_names[static_cast<size_t>(k)] << (w ? " of one constant" : " of all constants") << ": " << str(p.error());
    }
  return out;
}

// Every inferred type is one of the tensor's, every known integer its element.
void expect_inferred(const Graph& g, Value v, const Tensor& t, const Symbols& symbols) {
  const Result& r = g.result(v);
  const std::string node = print_node(g, v.node);
  EXPECT_EQ(r.type.dtype, t.dtype) << node;
  if (r.type.shape.ranked()) {
    ASSERT_EQ(r.type.shape.rank(), t.rank()) << node;
    for (size_t i = 0; i < t.rank(); ++i) {
      const Dim d = r.type.shape[i].substitute(symbols);
      EXPECT_TRUE(!d.known() || d.is(t.dims[i])) << node << "\n  dimension " << i << " is " << t.dims[i];
    }
  }
  if (!r.ints) return;
  ASSERT_EQ(static_cast<int64_t>(r.ints->size()), t.elements()) << node;
  for (size_t i = 0; i < r.ints->size(); ++i) {
    const Dim d = (*r.ints)[i].substitute(symbols);
    EXPECT_TRUE(!d.known() || d.is(t.integer(static_cast<int64_t>(i)))) << node << "\n  element " << i << " is " << t.integer(static_cast<int64_t>(i));
  }
}

void expect_same(const std::vector<Tensor>& want, const Expected<std::vector<Tensor>>& got) {
  ASSERT_TRUE(got) << str(got.error());
  ASSERT_EQ(got->size(), want.size());
  for (size_t i = 0; i < want.size(); ++i) EXPECT_TRUE((*got)[i].identical(want[i])) << "result " << i << " has other elements";
}

void expect_text_comes_back(const Module& m) {
  const std::string text = print(m);
  const auto back = parse_module(text);
  ASSERT_TRUE(back) << str(back.error()) << text;
  EXPECT_EQ(print(*back), text);
}

// What is legal is written and read back as the same operators with the same numbers; the rest is refused with a reason.
void expect_tflite_comes_back(Variant v) {
  if (const auto legal = legalize(v.module); !legal) {
    for (const Diag& d : legal.error()) EXPECT_EQ(d.code, "TN2002") << d.str();
    return;
  }
  const ExecuteOptions options{.semantics = Semantics::TfLite};
  const auto want = execute(v.module, 0, v.inputs, options);
  if (!want && want.error()[0].code == "TN3001") return;  // values that TensorFlow Lite has no result for
  ASSERT_TRUE(want) << str(want.error());
  auto bytes = write_tflite(v.module);
  ASSERT_TRUE(bytes) << str(bytes.error());
  const auto owner = std::make_shared<const std::string>(std::move(*bytes));
  const auto back = read_tflite(owner, *owner);
  ASSERT_TRUE(back) << str(back.error());
  expect_same(*want, execute(*back, 0, v.inputs, options));
  const auto again = write_tflite(*back);
  ASSERT_TRUE(again) << str(again.error());
  EXPECT_TRUE(*again == *owner) << "read and written again it is another file:\n" << print(v.module) << print(*back);
}

class OperatorContract : public testing::TestWithParam<OperatorCase> {
 protected:
  Module module;
  std::vector<Tensor> want;
  void SetUp() override {
    auto m = parse_module(GetParam().graph);
    ASSERT_TRUE(m) << str(m.error());
    module = std::move(*m);
    if (!module.main().inputs.empty()) GTEST_SKIP() << "the case has inputs";
    auto out = execute(module, 0, {});
    ASSERT_TRUE(out) << str(out.error());
    want = std::move(*out);
  }
};

TEST_P(OperatorContract, InferenceAgreesWithEvaluation) {
  for (const Partly& p : partly_known(module)) {
    SCOPED_TRACE(p.what);
    ExecuteOptions options;
    options.observe = [&](Value v, const Tensor& t) { expect_inferred(p.variant.module.main(), v, t, p.symbols); };
    expect_same(want, execute(p.variant.module, 0, p.variant.inputs, options));
    const auto consistent = verify(p.variant.module);
    EXPECT_TRUE(consistent) << str(consistent.error());
  }
}

TEST_P(OperatorContract, TheTextFormComesBack) {
  expect_text_comes_back(module);
  for (const Partly& p : partly_known(module)) {
    SCOPED_TRACE(p.what);
    expect_text_comes_back(p.variant.module);
  }
}

TEST_P(OperatorContract, TheTfliteFormComesBackOrIsRefused) {
  expect_tflite_comes_back({module.clone(), {}});
  for (Partly& p : partly_known(module)) {
    if (p.known == Known::Nothing) continue;  // a file has the rank of every tensor
    SCOPED_TRACE(p.what);
    expect_tflite_comes_back(std::move(p.variant));
  }
}

TEST_P(OperatorContract, FoldingGivesWhatEvaluationGives) {
  Graph& g = module.main();
  size_t budget = size_t{1} << 20;
  for (NodeId id : g.topological()) {
    const Node& n = g[id];
    const bool pure = !n.is<Const>() && !n.op->is(Effect) && !n.op->is(Random) && !n.op->is(Keep) && !n.inputs.empty();
    const bool constant = std::all_of(n.inputs.begin(), n.inputs.end(), [&](Value v) { return !v || g.constant(v); });
    std::vector<NodeId> touched;
    EXPECT_EQ(fold_constants(g, id, budget, touched), pure && constant) << print_node(g, id);
  }
  remove_dead(g);
  expect_same(want, execute(module, 0, {}));
}

std::vector<OperatorCase> cases_with_results() {
  auto cases = load_operator_cases();
  std::erase_if(cases, [](const OperatorCase& c) { return c.gives.empty(); });
  return cases;
}
INSTANTIATE_TEST_SUITE_P(Ops, OperatorContract, testing::ValuesIn(cases_with_results()), name_of_case);

TEST(OperatorCases, EveryOperatorHasACase) {
  std::set<std::string> seen;
  for (const auto& c : cases_with_results()) seen.insert(c.op);
  seen.insert("custom");  // nobody here knows what it computes
  for (const OpDef* op : all_ops()) EXPECT_TRUE(seen.count(std::string(op->name))) << op->name;
}

}  // namespace
}  // namespace toucanet
