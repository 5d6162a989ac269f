#include <chrono>
#include <iostream>

#include "cli/convert.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "export/output_file.h"
#include "import/file.h"
#include "import/npz.h"
#include "import/tflite/read_tflite.h"
#include "pipeline/dump_stages.h"

namespace toucanet::cli {
namespace {

class Stopwatch {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start_ = Clock::now();

 public:
  double milliseconds() const { return std::chrono::duration<double, std::milli>(Clock::now() - start_).count(); }
};

std::string singular(const std::string& what) {
  if (what.ends_with("ies")) return what.substr(0, what.size() - 3) + "y";
  if (what.ends_with("sses")) return what.substr(0, what.size() - 2);
  return what.ends_with("s") ? what.substr(0, what.size() - 1) : what;
}
std::string pruned_text(const std::map<std::string, int>& pruned) {
  std::string s;
  for (const auto& [what, n] : pruned) s += fmt::format("{}{} {}", s.empty() ? "" : ", ", n, n == 1 ? singular(what) : what);
  return s;
}

// A TensorFlow graph, or a .tflite model to be optimised anew.
Expected<Converted> convert_file(const ModelArguments& a, const ConvertOptions& options, Trace* trace) {
  TRY(const auto file, map_file(a.path));
  if (!is_tflite(file->bytes())) {
    TRY(const GraphDef graph, read_graph_def_file(a.path));
    return convert(graph, options, trace);
  }
  if (!a.inputs.empty() || !a.outputs.empty() || a.has_shapes || !a.types.empty())
    return diag("TN0004", "'{}' is a .tflite model: --inputs, --outputs, --shapes and --types cut TensorFlow graphs only", a.path);
  TRY(Module m, read_tflite(file, file->bytes()));
  return convert(std::move(m), options, trace);
}

void say_interface(const Converted& c, const Terminal& terminal) {
  const Graph& g = c.module.main();
  for (Value v : g.inputs)
    terminal.say(fmt::format("input   {:<36} {}{}", g.result(v).name, describe(g.type(v)), c.found_inputs ? "   (found: a placeholder)" : ""));
  for (const auto& o : g.outputs())
    terminal.say(fmt::format("output  {:<36} {}{}", o.name, describe(g.type(o.value)), c.found_outputs ? "   (found: read by nobody)" : ""));
  if (!c.pruned.empty()) terminal.say("pruned  " + pruned_text(c.pruned));
  for (const auto& n : c.notices) terminal.say("note    " + n.what);
}

void say_model(const Converted& c, double milliseconds, const Terminal& terminal) {
  int operators = 0;
  for (const auto& [n, k] : c.written.operators) operators += k;
  terminal.say(fmt::format("model   {} nodes -> {} operators, {}, {:.0f} ms", c.source_nodes.size(), operators,
                           bytes_text(c.float_bytes ? c.float_bytes : c.written.bytes), milliseconds));
}

void say_verification(const Verification& v, bool random, const Terminal& terminal) {
  if (v.status == Verification::Status::Right)
    terminal.say(fmt::format("checked {:.1e} largest difference on {} {} input{}, {:.1f} s{}{}", v.largest_difference, v.samples, random ? "random" : "given",
                             v.samples == 1 ? "" : "s", v.seconds, v.reason.empty() ? "" : "; ", v.reason));
  else if (v.status == Verification::Status::Wrong) terminal.say("WRONG   " + v.reason + " (kept: --keep-unverified)");
  else terminal.say("not verified: " + v.reason);
}

Diag nothing_written(const Verification& v) {
  Diag d = numbers_differ(v);
  d.notes.emplace_back("no file was written; --keep-unverified writes it anyway");
  if (!v.rewrite.empty()) d.notes.push_back(fmt::format("--disable {} leaves the rewrite out", v.rewrite));
  return d;
}

Status write_quantization(const ConvertArguments& a, const Recipe& recipe, const Converted& c, const nlohmann::ordered_json& quantisation) {
  const std::string path = quantization_path(a.output);
  CHECK_OK(write_file(path, quantisation.dump(1) + "\n"));
  const auto samples = c.observations.samples;
  a.terminal.say(fmt::format("small   {}: {}{}; {} tells each range", name(recipe.mode), bytes_text(c.written.bytes),
                             samples ? fmt::format(", {} sample{}", samples, samples == 1 ? "" : "s") : "", path));
  say_quantization(quantisation, a.terminal);
  return ok();
}

Expected<ConvertOptions> options_of(const ConvertArguments& a) {
  TRY(auto options, a.model.options());
  options.verify = !a.no_verify;
  options.verification.seconds = a.verify_seconds;
  options.output = a.output;
  options.keep_unverified = a.keep_unverified;
  options.keep_source = false;
  if (!a.verify_data.empty()) {
    TRY(options.verification.inputs, read_npz_file(a.verify_data));
  }
  if (a.recipe) options.recipe = *a.recipe;
  else {
    TRY(options.recipe, a.quantize.recipe());
  }
  if (a.quantize.has_samples()) options.observe = [&a](const Module& m) { return a.quantize.observe(m, a.terminal); };
  return options;
}

// Converts, writes and tells; `report` gets what is to be told as JSON.
Status convert_and_tell(const ConvertArguments& a, const Stopwatch& watch, nlohmann::ordered_json& report) {
  TRY(const auto options, options_of(a));
  Diags dump_problems;
  Trace trace = dump_stages(a.dump_ir, a.dump_graphviz, dump_problems);
  const bool dumps = !a.dump_ir.empty() || !a.dump_graphviz.empty();
  TRY(const Converted c, convert_file(a.model, options, dumps ? &trace : nullptr));
  if (!dump_problems.empty()) return dump_problems;
  report.update(json_of(c));
  const bool quantised = options.recipe.mode != QuantMode::None;
  const auto quantisation = quantised ? quantization_json(options.recipe, c.observations, c.quantized) : nlohmann::ordered_json();
  if (quantised) report["quantization"] = quantisation;

  say_interface(c, a.terminal);
  if (c.verification.status == Verification::Status::Wrong && !a.keep_unverified) return nothing_written(c.verification);
  say_model(c, watch.milliseconds() - c.verification.seconds * 1e3, a.terminal);
  say_verification(c.verification, a.verify_data.empty(), a.terminal);
  if (quantised) CHECK_OK(write_quantization(a, options.recipe, c, quantisation));
  if (!a.provenance.empty()) CHECK_OK(write_file(a.provenance, provenance(c).dump(1) + "\n"));
  return ok();
}

}  // namespace

int run_convert(const ConvertArguments& a) {
  const Stopwatch watch;
  nlohmann::ordered_json report{{"ok", false}, {"input", a.model.path}, {"output", a.output}};
  const auto done = convert_and_tell(a, watch, report);
  report["ok"] = static_cast<bool>(done);
  report["elapsed_ms"] = watch.milliseconds();
  report["errors"] = done ? nlohmann::ordered_json::array() : json_of(done.error());
  if (!done) a.terminal.report(done.error());
  if (a.terminal.json) std::cout << report.dump(2) << "\n";
  return done ? Done : exit_code(done.error());
}

void add_convert(CLI::App& app, int& code) {
  auto* verb = app.add_subcommand("convert", "Turn a TensorFlow graph into a .tflite file, or optimise a .tflite file anew");
  auto a = std::make_shared<ConvertArguments>();
  verb->footer(
      "Example: toucanet convert frozen_graph.pb -o model.tflite --inputs input --outputs MobilenetV1/Predictions/Softmax\n"
      "         toucanet convert frozen_graph.pb -o int8.tflite --quantize int8 --calibration photos/ --mean 127.5 --std 127.5");
  a->model.add(*verb);
  verb->add_option("-o,--output,--output_file", a->output, "the .tflite file to write")->required();
  auto* unchecked = verb->add_flag("--no-verify", a->no_verify, "do not check the numbers");
  verb->add_option("--verify-data", a->verify_data, "check with these inputs instead of random ones: a .npz of arrays by input name")
      ->check(CLI::ExistingFile)
      ->excludes(unchecked);
  verb->add_flag("--keep-unverified", a->keep_unverified, "write the file even if the check fails");
  verb->add_option("--verify-seconds", a->verify_seconds, "budget of the check")->capture_default_str();
  verb->add_option("--dump-ir", a->dump_ir, "write the graph as text after each stage into this folder")->type_name("DIR");
  verb->add_option("--dump-graphviz-dir,--dump_graphviz_dir", a->dump_graphviz, "write the graph as Graphviz after each stage into this folder")
      ->type_name("DIR");
  verb->add_option("--provenance", a->provenance, "write which TensorFlow nodes went into which tensor (JSON) to this file");
  a->quantize.add(*verb, "--quantize");
  verb->add_flag("--json", a->terminal.json, "the report as JSON on stdout");
  verb->add_flag("--quiet,-q", a->terminal.quiet, "no output but errors");
  verb->add_flag("--verbose,-v", a->terminal.verbose, "more output");
  verb->callback([a, &code] { code = run_convert(*a); });
}

}  // namespace toucanet::cli
