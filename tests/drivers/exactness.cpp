// doc/exactness.md and tests/oracle/kernel_exceptions.json are made from the operators' definitions. TOUCANET_WRITE_DOCS=1
// writes them, otherwise they are compared.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "ir/op_def.h"

namespace toucanet {
namespace {

enum Form { Plain, Quantized, Hybrid };
struct Column {
  std::string_view title;
  DType type;
  Form form;
};
constexpr std::array columns = {Column{"int8", DType::I8, Quantized}, Column{"uint8", DType::U8, Quantized}, Column{"int16", DType::I16, Quantized},
                                Column{"hybrid", DType::F32, Hybrid}, Column{"int32", DType::I32, Plain},    Column{"int64", DType::I64, Plain},
                                Column{"bool", DType::Bool, Plain}};

bool runs(const OpDef& op, const Column& c) {
  const TfliteForm& t = op.tflite;
  const bool moves = op.is(Movement);
  if (c.form == Hybrid) return !t.hybrid.empty();
  if (c.form == Plain) return !moves && t.types.has(c.type);
  return op.eval_quantized ? t.quantized.has(c.type) : moves && (t.types.empty() || t.types.has(c.type));
}

std::string_view truth(const OpDef& op, const Column& c) {
  for (const Truth& t : op.truth)
    if (c.form != Hybrid && t.types.has(c.type)) return t.resolver;
  return op.is(Movement) ? "moved" : "reference";
}

std::string types_text(DTypes types, std::string_view before, std::string_view between) {
  std::string s;
  for (size_t i = 0; i < dtype_count; ++i)
    if (const auto t = static_cast<DType>(i); types.has(t)) s += fmt::format("{}{}{}{}", s.empty() ? "" : between, before, tf_name(t), before);
  return s;
}

std::string page() {
  std::string rows, exceptions, head = "| operator |", rule = "|---|";
  std::map<std::string_view, size_t> counts;
  size_t pairs = 0;
  for (const Column& c : columns) {
    head += fmt::format(" {} |", c.title);
    rule += "---|";
  }
  for (const OpDef* op : all_ops()) {
    if (op->tflite.builtin.empty()) continue;
    std::string cells;
    bool any = false;
    for (const Column& c : columns) {
      const bool here = runs(*op, c);
      any |= here;
      if (here) {
        ++counts[truth(*op, c)];
        ++pairs;
      }
      cells += here ? fmt::format(" {} |", truth(*op, c)) : " |";
    }
    if (any) rows += fmt::format("| [{}](../src/ops/{}) |{}\n", op->tflite.builtin, op->name, cells);
    for (const Truth& t : op->truth)
      exceptions += fmt::format("| {} | {} | {} | {} |\n", op->tflite.builtin, types_text(t.types, "", ", "), t.resolver, t.reason);
  }
  std::string total;
  for (const auto& [kernel, n] : counts) total += fmt::format("| {} | {} |\n", kernel, n);
  return fmt::format(
      "# Exactness\n\n"
      "Made from the operators' definitions by `make docs`; do not edit. Which of LiteRT's kernels (ai-edge-litert 2.3.0) a result\n"
      "is equal to (integers bit for bit, floats within a bound), plain or fast. {} pairs of operator and type:\n\n"
      "| kernel | pairs |\n|---|---|\n{}\n"
      "- **reference**: `BUILTIN_REF`, the default here. Integers are rescaled as its portable code does it, rounding twice in most operators.\n"
      "- **optimized**: `BUILTIN_WITHOUT_DEFAULT_DELEGATES`; **xnnpack**: `BUILTIN`, the delegate that LiteRT applies by default.\n"
      "- **moved**: stored values are only moved; every kernel gives the same.\n"
      "- **hybrid**: float32 with weights of 8 bits. The operand is quantised as LiteRT does, the sums are exact, the result is float.\n\n"
      "XNNPACK's rounding can be asked for (`--rounding xnnpack`; `rounding=\"xnnpack\"` of Python's Interpreter; `Rounding::Xnnpack` of\n"
      "[types.h](../include/toucanet/types.h)): int8 CONV_2D, DEPTHWISE_CONV_2D, TRANSPOSE_CONV and FULLY_CONNECTED then equal **xnnpack**, bit for bit: sums "
      "times a float32 multiplier, once, ties to even.\n\n"
      "A version of an operator that the reference resolver does not have is compared with the optimised kernel. Files for which no\n"
      "answer of LiteRT is of use, and how close floats have to be, stand in [kernel_truth.json](../tests/oracle/kernel_truth.json) with\n"
      "the reasons. `make kernel-grid` compares.\n\n"
      "## Exceptions\n\n| operator | types | kernel | why not the reference |\n|---|---|---|---|\n{}\n"
      "## Operators\n\nEmpty: not there for this type. int32, int64 and bool are listed where the operator computes.\n\n{}\n{}\n{}",
      pairs, total, exceptions, head, rule, rows);
}

std::string table() {
  std::string s;
  for (const OpDef* op : all_ops())
    for (const Truth& t : op->truth)
      s += fmt::format("{} {{\"operator\": \"{}\", \"types\": [{}], \"resolver\": \"{}\", \"reason\": \"{}\"}}", s.empty() ? "" : ",\n", op->tflite.builtin,
                       types_text(t.types, "\"", ", "), t.resolver, t.reason);
  return fmt::format("[\n{}\n]\n", s);
}

void write_or_compare(const std::string& path, const std::string& want) {
  if (std::getenv("TOUCANET_WRITE_DOCS")) {
    std::ofstream(path) << want;
    return;
  }
  std::ifstream in(path);
  std::stringstream have;
  have << in.rdbuf();
  EXPECT_TRUE(have.str() == want) << path << ": run make docs";
}

TEST(Documentation, the_page_of_exactness_is_up_to_date) { write_or_compare(TOUCANET_SOURCE_DIR "/doc/exactness.md", page()); }
TEST(Documentation, the_grid_of_kernels_is_judged_by_the_operators_exceptions) {
  write_or_compare(TOUCANET_SOURCE_DIR "/tests/oracle/kernel_exceptions.json", table());
}
TEST(Documentation, exceptions_name_a_kernel_that_exists) {
  for (const OpDef* op : all_ops())
    for (const Truth& t : op->truth) {
      EXPECT_TRUE(t.resolver == "optimized" || t.resolver == "xnnpack") << op->name;
      EXPECT_FALSE(t.types.empty() || t.reason.empty() || op->tflite.builtin.empty()) << op->name;
      EXPECT_EQ(t.reason.find_first_of("\"\\|"), t.reason.npos) << op->name;  // stands in JSON and in a table
    }
}

}  // namespace
}  // namespace toucanet
