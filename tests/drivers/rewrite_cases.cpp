// The cases beside each rewrite: src/rewrites/NAME/NAME.cases.
//
//   case the only reader is fused
//   numbers differ because the random numbers are gone      (optional: the numbers are not compared)
//   input keep = 1                                          (optional: an input held at a value)
//   before
//     …                                                     (a module in text form)
//   after                                                   (a constant without values: any values)
//     …
//
// Instead of `after`: `unchanged because TEXT` (a refusal whose reason contains TEXT), or `unchanged` (no match).
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "ir/text.h"
#include "passes/fold_constants.h"
#include "passes/remove_dead.h"
#include "pipeline/driver.h"
#include "pipeline/input_domain.h"
#include "pipeline/verify_numbers.h"
#include "runtime/execute.h"

namespace toucanet {
namespace {

namespace fs = std::filesystem;

struct Case {
  std::string rewrite, name, before, after, because;
  bool unchanged = false;
  bool numbers = true;
  std::map<std::string, double> fixed;
  std::string problem;  // of the file itself
};
void PrintTo(const Case& c, std::ostream* o) { *o << c.rewrite << ": " << c.name; }

std::vector<Case> read_cases(const fs::path& file) {
  std::vector<Case> cases;
  std::ifstream in(file);
  std::string* text = nullptr;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    const bool indented = line.starts_with(" ");
    if (line.empty() || line[0] == '#') continue;
    if (!indented) text = nullptr;
    const auto starts = [&](std::string_view s) { return line.starts_with(s); };
    if (starts("case ")) {
      cases.push_back({.rewrite = file.stem().string(), .name = line.substr(5)});
      continue;
    }
    if (cases.empty()) cases.push_back({.rewrite = file.stem().string(), .name = "the file", .problem = "the first line is no case"});
    Case& c = cases.back();
    if (indented) {
      if (text) *text += line + "\n";
      else c.problem = "line " + std::to_string(number) + " belongs to nothing";
    } else if (line == "before") {
      text = &c.before;
    } else if (line == "after") {
      text = &c.after;
    } else if (line == "unchanged") {
      c.unchanged = true;
    } else if (starts("unchanged because ")) {
      c.unchanged = true;
      c.because = line.substr(18);
    } else if (starts("numbers differ because ")) {
      c.numbers = false;
    } else if (starts("input ")) {
      std::istringstream words(line.substr(6));
      std::string name, equals;
      double value = 0;
      words >> name >> equals >> value;
      c.fixed[name] = value;
    } else {
      c.problem = "line " + std::to_string(number) + " is not understood: " + line;
    }
  }
  return cases;
}

std::vector<Case> all_cases() {
  std::vector<Case> all;
  std::vector<fs::path> files;
  for (const auto& folder : fs::directory_iterator(fs::path(TOUCANET_SOURCE_DIR) / "src/rewrites"))
    if (folder.is_directory())
      for (const auto& f : fs::directory_iterator(folder.path()))
        if (f.path().extension() == ".cases") files.push_back(f.path());
  std::sort(files.begin(), files.end());
  for (const auto& f : files)
    for (auto& c : read_cases(f)) all.push_back(std::move(c));
  return all;
}

std::string words(const Diags& d) {
  std::string s;
  for (const auto& x : d) s += x.code + " " + x.what + "\n";
  return s;
}

// Constants of the expected module that were written without values get this name: any values will do.
constexpr std::string_view any_values = "any values";

Expected<Module> parse_expected(const std::string& text) {
  std::istringstream in(text);
  std::string line, out;
  while (std::getline(in, line)) {
    const auto at = line.find("= const :");
    if (at != std::string::npos && line.find('=', at + 1) == std::string::npos) line += " \"" + std::string(any_values) + "\"";
    out += line + "\n";
  }
  return parse_module(out);
}

// Structural comparison of two graphs from their outputs; empty, or what differs.
class Isomorphism {
  const Graph &a_, &b_;
  std::map<NodeId, NodeId> there_, back_;

 public:
  Isomorphism(const Graph& a, const Graph& b) : a_(a), b_(b) {}
  std::string run() {
    if (a_.inputs.size() != b_.inputs.size()) return "the number of inputs";
    for (size_t i = 0; i < a_.inputs.size(); ++i) pair(a_.inputs[i].node, b_.inputs[i].node);
    if (a_.outputs().size() != b_.outputs().size()) return "the number of outputs";
    for (size_t i = 0; i < a_.outputs().size(); ++i)
      if (auto why = value(a_.outputs()[i].value, b_.outputs()[i].value); !why.empty()) return why;
    return {};
  }

 private:
  void pair(NodeId x, NodeId y) { there_[x] = y, back_[y] = x; }
  std::string value(Value x, Value y) {
    if (static_cast<bool>(x) != static_cast<bool>(y)) return "an absent operand";
    if (!x) return {};
    if (x.slot != y.slot) return "the slot of " + print_value(a_, x);
    if (a_.type(x).dtype != b_.type(y).dtype || !(a_.type(x).shape == b_.type(y).shape))
      return fmt::format("the type of {}: {}, expected {}", print_value(a_, x), a_.type(x).str(), b_.type(y).str());
    return node(x.node, y.node);
  }
  std::string node(NodeId x, NodeId y) {
    const Node &m = a_[x], &n = b_[y];
    const bool leaf = m.constant && n.constant;  // equal constants may be one or several
    if (!leaf) {
      if (const auto it = there_.find(x); it != there_.end()) return it->second == y ? "" : "how often " + a_.describe(x) + " is computed";
      if (back_.count(y)) return "how often " + b_.describe(y) + " is computed";
      pair(x, y);
    }
    if (m.op != n.op) return fmt::format("{}, expected {}", print_node(a_, x), print_node(b_, y));
    if (!(m.attrs.str() == n.attrs.str())) return fmt::format("the attributes of {}, expected {}", print_node(a_, x), print_node(b_, y));
    if (leaf && n.outputs[0].name != any_values) {
      const Tensor &s = *m.constant, &t = *n.constant;
      for (int64_t i = 0; i < s.elements(); ++i) {
        if (!is_float(s.dtype) && !s.identical(t)) return "the values of " + print_value(a_, {x, 0}) + ", expected " + print_value(b_, {y, 0});
        const double p = s.number(i), q = t.number(i);
        if (!(std::fabs(p - q) <= 1e-6 * std::max(1.0, std::fabs(q)) || (std::isnan(p) && std::isnan(q)) || p == q))
          return fmt::format("the values of {}: {} at {}, expected {}", print_value(a_, {x, 0}), p, i, q);
      }
    }
    if (m.inputs.size() != n.inputs.size()) return fmt::format("the operands of {}, expected {}", print_node(a_, x), print_node(b_, y));
    for (size_t i = 0; i < m.inputs.size(); ++i)
      if (auto why = value(m.inputs[i], n.inputs[i]); !why.empty()) return why;
    return {};
  }
};

std::string difference(const Module& a, const Module& b) {
  if (a.graphs.size() != b.graphs.size()) return "the number of graphs";
  for (size_t i = 0; i < a.graphs.size(); ++i)
    if (auto why = Isomorphism(a.graphs[i], b.graphs[i]).run(); !why.empty()) return why;
  return {};
}

const PrintOptions plain{.origins = false};

void fold(Module& m) {
  for (Graph& g : m.graphs) {
    size_t budget = size_t{1} << 26;
    for (bool again = true; again;) {
      again = false;
      for (NodeId id : g.topological()) {
        std::vector<NodeId> touched;
        if (!g.alive(id) || !fold_constants(g, id, budget, touched)) continue;
        again = true;
        remove_dead(g, id);
      }
    }
    remove_dead(g);
  }
}

class RewriteCases : public testing::TestWithParam<Case> {};

TEST_P(RewriteCases, hold) {
  const Case& c = GetParam();
  ASSERT_EQ(c.problem, "");
  const Rewrite* rewrite = nullptr;
  for (const Rewrite* r : registered_rewrites())
    if (c.rewrite == r->name) rewrite = r;
  ASSERT_TRUE(rewrite) << "no rewrite is called " << c.rewrite;

  auto parsed = parse_module(c.before);
  ASSERT_TRUE(parsed) << words(parsed.error());
  Module& module = *parsed;
  const Module before = module.clone();
  const std::string text = print(before, plain);
  auto again = parse_module(print(before));
  ASSERT_TRUE(again) << words(again.error()) << print(before);
  EXPECT_EQ(print(*again), print(before));
  ASSERT_EQ(difference(*again, before), "");

  Trace trace;
  auto times = apply_alone(module, *rewrite, &trace);
  ASSERT_TRUE(times) << words(times.error()) << print(module, plain);
  if (auto s = verify(module); !s) FAIL() << words(s.error()) << print(module, plain);

  std::string reasons;
  bool found = false;
  for (const auto& e : trace.events)
    if (!e.applied && e.rewrite == c.rewrite) {
      reasons += e.reason + "\n";
      found = found || e.reason.find(c.because) != std::string::npos;
    }
  if (c.unchanged) {
    EXPECT_EQ(*times, 0) << print(module, plain);
    EXPECT_EQ(difference(module, before), "");
    if (!c.because.empty()) {
      EXPECT_TRUE(found) << "the reasons given: " << reasons;
    }
    return;
  }
  EXPECT_GT(*times, 0) << "not applied\n" << reasons << text;
  fold(module);
  auto expected = parse_expected(c.after);
  ASSERT_TRUE(expected) << words(expected.error());
  fold(*expected);
  if (const auto why = difference(module, *expected); !why.empty())
    FAIL() << why << "\ngot\n" << print(module, plain) << "expected\n" << print(*expected, plain);

  if (c.numbers) {
    int runs = 0;
    for (int64_t size : {1, 3}) {
      for (uint64_t seed : {1, 2}) {
        auto inputs = sample_inputs(before, size, seed, c.fixed, {});
        ASSERT_TRUE(inputs) << words(inputs.error());
        auto want = execute(before, 0, *inputs);
        if (!want && size == 1) continue;  // one of the sizes must do
        ASSERT_TRUE(want) << words(want.error());
        auto got = execute(module, 0, *inputs);
        ASSERT_TRUE(got) << words(got.error());
        ++runs;
        ASSERT_EQ(want->size(), got->size());
        for (size_t i = 0; i < want->size(); ++i) EXPECT_EQ(compare((*want)[i], (*got)[i], nullptr), "") << print(module, plain);
      }
    }
    EXPECT_GT(runs, 0);
  }

  const std::string once = print(module, plain);
  auto more = apply_alone(module, *rewrite, nullptr);
  ASSERT_TRUE(more) << words(more.error());
  fold(module);
  EXPECT_EQ(print(module, plain), once) << "a second application changes it";
}

// All rewrites together, in several orders, come to an end and keep the numbers.
TEST_P(RewriteCases, survive_all_rewrites) {
  const Case& c = GetParam();
  auto parsed = parse_module(c.before);
  ASSERT_TRUE(parsed) << words(parsed.error());
  const Module before = parsed->clone();
  for (uint64_t shuffle = 0; shuffle < 4; ++shuffle) {
    Module module = before.clone();
    DriverOptions options;
    options.shuffle = shuffle;
    bool left = false;  // an operator that has no lowering
    for (Stage s : {Stage::Clean, Stage::Lower, Stage::Fuse, Stage::Export}) {
      const auto done = run_stage(module, s, options, nullptr);
      left = left || (!done && done.error()[0].code == "TN2006");
      if (!left) {
        ASSERT_TRUE(done) << words(done.error()) << "order " << shuffle << "\n" << print(module, plain);
      }
    }
    if (left) continue;
    ASSERT_TRUE(verify(module));
    if (!c.numbers || c.rewrite == "drop_dropout") continue;
    for (int64_t size : {1, 3}) {
      auto inputs = sample_inputs(before, size, 5, c.fixed, {});
      if (!inputs) continue;
      auto want = execute(before, 0, *inputs);
      if (!want) continue;
      auto got = execute(module, 0, *inputs);
      ASSERT_TRUE(got) << words(got.error()) << "order " << shuffle << "\n" << print(module, plain);
      for (size_t i = 0; i < want->size(); ++i) EXPECT_EQ(compare((*want)[i], (*got)[i], nullptr), "") << "order " << shuffle << "\n" << print(module, plain);
    }
  }
}

std::string test_name(const testing::TestParamInfo<Case>& info) {
  std::string s = info.param.rewrite + "__";
  for (char ch : info.param.name) s += std::isalnum(static_cast<unsigned char>(ch)) ? ch : '_';
  return s + "__" + std::to_string(info.index);
}

INSTANTIATE_TEST_SUITE_P(All, RewriteCases, testing::ValuesIn(all_cases()), test_name);

TEST(Rewrites, EachHasCases) {
  for (const Rewrite* r : registered_rewrites())
    EXPECT_TRUE(fs::exists(fs::path(TOUCANET_SOURCE_DIR) / "src/rewrites" / r->name / (std::string(r->name) + ".cases"))) << r->name;
}

}  // namespace
}  // namespace toucanet
