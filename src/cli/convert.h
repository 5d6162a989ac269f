#pragma once
#include "cli/arguments.h"
#include "cli/quantize_arguments.h"
#include "cli/verbs.h"

namespace toucanet::cli {

struct ConvertArguments {
  ModelArguments model;
  std::string output;
  bool no_verify = false, keep_unverified = false;
  double verify_seconds = 8;
  std::string dump_ir, dump_graphviz, provenance, verify_data;
  QuantizeArguments quantize;
  std::optional<Recipe> recipe;  ///< instead of quantize's choices
  Terminal terminal;
};

/// Exit code of the conversion; reports to stderr and, with --json, to stdout.
int run_convert(const ConvertArguments&);

}  // namespace toucanet::cli
