#pragma once
// One file a verb. A verb adds its options to the application and runs when it was named.
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "diag/diag.h"

namespace toucanet::cli {

enum Exit : int { Done = 0, ConversionFailed = 1, Usage = 2, Unsupported = 3, VerificationFailed = 4, Interrupted = 130 };

struct Terminal {
  bool quiet = false, json = false, verbose = false;
  bool color() const;
  void say(const std::string& line) const;  ///< to stderr, unless quiet
  void report(const Diags&) const;          ///< errors, to stderr
};

void add_benchmark(CLI::App&, int& exit_code);
void add_calibrate(CLI::App&, int& exit_code);
void add_compare(CLI::App&, int& exit_code);
void add_convert(CLI::App&, int& exit_code);
void add_evaluate(CLI::App&, int& exit_code);
void add_explain(CLI::App&, int& exit_code);
void add_explain_kernels(CLI::App& explain, int& exit_code);
void add_explain_ranges(CLI::App& explain, int& exit_code);
void add_inspect(CLI::App&, int& exit_code);
void add_merge(CLI::App&, int& exit_code);
void add_quantize(CLI::App&, int& exit_code);
void add_run(CLI::App&, int& exit_code);
void add_tflite_convert(CLI::App&, int& exit_code);

}  // namespace toucanet::cli
