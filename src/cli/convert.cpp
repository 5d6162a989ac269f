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

std::string pruned_text(const std::map<std::string, int>& pruned) {
  std::string s;
  for (const auto& [what, n] : pruned)
    s += fmt::format("{}{} {}", s.empty() ? "" : ", ", n, n == 1 && what.ends_with("s") ? what.substr(0, what.size() - 1) : what);
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

}  // namespace

int run_convert(const ConvertArguments& a) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  nlohmann::ordered_json report{{"ok", false}, {"input", a.model.path}, {"output", a.output}};
  const auto finish = [&](int code) {
    report["elapsed_ms"] = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    if (!report.contains("errors")) report["errors"] = nlohmann::ordered_json::array();
    if (a.terminal.json) std::cout << report.dump(2) << "\n";
    return code;
  };
  const auto fail = [&](const Diags& problems) {
    report["errors"] = json_of(problems);
    a.terminal.report(problems);
    return finish(exit_code(problems));
  };

  auto options = a.model.options();
  if (!options) return fail(options.error());
  options->verify = !a.no_verify;
  options->verification.seconds = a.verify_seconds;
  options->output = a.output;
  options->keep_unverified = a.keep_unverified;
  options->keep_source = false;
  if (!a.verify_data.empty()) {
    auto arrays = read_npz_file(a.verify_data);
    if (!arrays) return fail(arrays.error());
    options->verification.inputs = std::move(*arrays);
  }
  Diags dump_problems;
  Trace trace = dump_stages(a.dump_ir, a.dump_graphviz, dump_problems);
  const bool dumps = !a.dump_ir.empty() || !a.dump_graphviz.empty();

  auto recipe = a.recipe ? Expected<Recipe>(*a.recipe) : a.quantize.recipe();
  if (!recipe) return fail(recipe.error());
  options->recipe = *recipe;
  if (a.quantize.has_samples()) options->observe = [&](const Module& m) { return a.quantize.observe(m, a.terminal); };
  auto done = convert_file(a.model, *options, dumps ? &trace : nullptr);
  if (!done) return fail(done.error());
  if (!dump_problems.empty()) return fail(dump_problems);
  const Converted& c = *done;
  report.update(json_of(c));
  const bool quantised = recipe->mode != QuantMode::None;
  const auto quantisation = quantised ? quantization_json(*recipe, c.observations, c.quantized) : nlohmann::ordered_json();
  if (quantised) report["quantization"] = quantisation;

  const Graph& g = c.module.main();
  for (Value v : g.inputs)
    a.terminal.say(fmt::format("input   {:<36} {}{}", g.result(v).name, describe(g.type(v)), c.found_inputs ? "   (found: a placeholder)" : ""));
  for (const auto& o : g.outputs())
    a.terminal.say(fmt::format("output  {:<36} {}{}", o.name, describe(g.type(o.value)), c.found_outputs ? "   (found: read by nobody)" : ""));
  if (!c.pruned.empty()) a.terminal.say("pruned  " + pruned_text(c.pruned));
  for (const auto& n : c.notices) a.terminal.say("note    " + n.what);

  const auto& v = c.verification;
  if (v.status == Verification::Status::Wrong && !a.keep_unverified) {
    Diag d = numbers_differ(v);
    d.notes.emplace_back("no file was written; --keep-unverified writes it anyway");
    if (!v.rewrite.empty()) d.notes.push_back(fmt::format("--disable {} leaves the rewrite out", v.rewrite));
    report["errors"] = json_of(Diags{d});
    a.terminal.report({d});
    return finish(VerificationFailed);
  }
  int operators = 0;
  for (const auto& [n, k] : c.written.operators) operators += k;
  const double ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  a.terminal.say(fmt::format("model   {} nodes -> {} operators, {}, {:.0f} ms", c.source_nodes.size(), operators,
                             bytes_text(c.float_bytes ? c.float_bytes : c.written.bytes), ms - v.seconds * 1e3));
  if (v.status == Verification::Status::Right)
    a.terminal.say(fmt::format("checked {:.1e} largest difference on {} {} input{}, {:.1f} s{}{}", v.largest_difference, v.samples,
                               a.verify_data.empty() ? "random" : "given", v.samples == 1 ? "" : "s", v.seconds, v.reason.empty() ? "" : "; ", v.reason));
  else if (v.status == Verification::Status::Wrong) a.terminal.say("WRONG   " + v.reason + " (kept: --keep-unverified)");
  else a.terminal.say("not verified: " + v.reason);
  if (quantised) {
    const std::string path = quantization_path(a.output);
    if (const auto written = write_file(path, quantisation.dump(1) + "\n"); !written) return fail(written.error());
    const auto samples = c.observations.samples;
    a.terminal.say(fmt::format("small   {}: {}{}; {} tells each range", name(recipe->mode), bytes_text(c.written.bytes),
                               samples ? fmt::format(", {} sample{}", samples, samples == 1 ? "" : "s") : "", path));
    say_quantization(quantisation, a.terminal);
  }
  if (!a.provenance.empty()) {
    if (const auto written = write_file(a.provenance, provenance(c).dump(1) + "\n"); !written) return fail(written.error());
  }
  report["ok"] = true;
  return finish(Done);
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
