// doc/operators.md is made from the operators' definitions. TOUCANET_WRITE_DOCS=1 writes it, otherwise it is compared.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "ir/op_def.h"

namespace toucanet {
namespace {

std::string types_text(DTypes types) {
  if (types.empty()) return "any";
  std::string s;
  for (size_t i = 0; i < dtype_count; ++i)
    if (const auto t = static_cast<DType>(i); types.has(t)) s += fmt::format("{}{}", s.empty() ? "" : ", ", tf_name(t));
  return s;
}

std::string imports_text(const OpDef& op) {
  std::string s;
  for (const TfImport& i : op.import_tf) s += fmt::format("{}{}", s.empty() ? "" : ", ", i.op);
  return s;
}

std::string cell(std::string s) {
  for (size_t at = 0; (at = s.find('|', at)) != s.npos; at += 2) s.insert(at, "\\");
  return s;
}

std::string page() {
  std::string written, lowered, inner;
  size_t tf_ops = 0;
  for (const OpDef* op : all_ops()) {
    tf_ops += op->import_tf.size();
    const auto link = fmt::format("[{0}](../src/ops/{0})", op->name);
    const auto from = imports_text(*op);
    if (!op->tflite.builtin.empty()) {
      const auto operand = op->tflite.typed_operand ? fmt::format(" (operand {})", op->tflite.typed_operand) : std::string{};
      written += fmt::format("| {} | {} | {} | {}{} | {}{} |\n", link, from, op->tflite.builtin, types_text(op->tflite.types), operand, op->tflite.max_rank,
                             op->tflite.refuses ? ", and more" : "");
    } else if (!from.empty()) {
      lowered += fmt::format("| {} | {} | {} |\n", link, from, cell(std::string(op->summary)));
    } else {
      inner += fmt::format("| {} | {} |\n", link, cell(std::string(op->summary)));
    }
  }
  return fmt::format(
      "# Operators\n\n"
      "Made from the operators' definitions by `make docs`; do not edit. {} operators, {} TensorFlow ops.\n"
      "`Placeholder`, `Const`, `Switch`, `Merge`, `If` and `StatelessIf` with a constant predicate, and calls of functions are read by the importer\n"
      "itself.\n\n"
      "## Written to .tflite\n\n"
      "Element types and dimensions are what TensorFlow Lite's kernels take. Other types are cast where that changes no value; what is\n"
      "left is reported as [TN2002](diagnostics.md#tn2002). \"any\": no limit is checked. \"and more\": there are further limits, which\n"
      "the function `refuses` in the operator's folder tells. No TensorFlow op: made by rewrites, or only read from `.tflite`.\n\n"
      "| operator | TensorFlow ops | TensorFlow Lite | element types | dimensions at most |\n|---|---|---|---|---|\n{}\n"
      "## Expressed by others\n\n"
      "TensorFlow Lite has no such operator; rewrites replace it, and [transformations.md](transformations.md) tells how.\n\n"
      "| operator | TensorFlow ops | what it computes |\n|---|---|---|\n{}\n"
      "## Inside Toucanet\n\n"
      "| operator | what it is |\n|---|---|\n{}",
      all_ops().size(), tf_ops, written, lowered, inner);
}

TEST(Documentation, the_page_of_operators_is_up_to_date) {
  const std::string path = TOUCANET_SOURCE_DIR "/doc/operators.md";
  if (std::getenv("TOUCANET_WRITE_DOCS")) {
    std::ofstream(path) << page();
    return;
  }
  std::ifstream in(path);
  std::stringstream have;
  have << in.rdbuf();
  EXPECT_TRUE(have.str() == page()) << "run: make docs";
}

}  // namespace
}  // namespace toucanet
