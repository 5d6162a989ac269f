#pragma once
// Spellings shared by the verbs.
#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "import/graphdef/import_graph_def.h"
#include "pipeline/convert.h"
#include "pipeline/driver.h"

namespace toucanet::cli {

/// "a,b" → {"a","b"}.
std::vector<std::string> split_names(const std::string&);
/// "1,-1,3:2::*" → shapes: -1 unknown, `*` unknown rank, nothing a scalar.
Expected<std::vector<Shape>> parse_shapes(const std::string&);
/// CLI11 takes `--shapes= --outputs c` for `--shapes=--outputs`: an option ending in '=' gets an explicit empty value.
std::vector<std::string> normalise(int argc, char** argv);
inline constexpr const char* empty_value = "\x01";  ///< stands for an empty value between normalise() and the verbs

/// TN0003 for the name of a rewrite that is none of these, with the nearest of them.
Diag no_rewrite(std::string_view name, const std::vector<std::string_view>& known);

/// The options that name a model and what to take of it.
struct ModelArguments {
  std::string path, inputs, outputs, shapes, types;
  bool has_shapes = false;
  std::vector<std::string> disabled;
  bool keep_dropout = false;
  bool allow_custom_ops = false;
  bool float16_as_float32 = false;
  void add(CLI::App&);
  Expected<ConvertOptions> options() const;
};

}  // namespace toucanet::cli
