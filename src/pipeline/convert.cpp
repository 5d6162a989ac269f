#include "pipeline/convert.h"

#include <algorithm>

#include "export/output_file.h"
#include "import/tflite/read_tflite.h"
#include "ir/text.h"
#include "ops/fused_batch_norm/fused_batch_norm.h"
#include "passes/legalize.h"
#include "passes/remove_dead.h"
#include "passes/separate_outputs.h"
#include "pipeline/input_domain.h"

namespace toucanet {

Status optimise(Module& m, const DriverOptions& options, Trace* trace) {
  for (Stage s : {Stage::Clean, Stage::Lower, Stage::Fuse}) CHECK_OK(run_stage(m, s, options, trace));
  CHECK_OK(legalize(m));
  // Casts and constants that legalising added fold and merge like any others.
  CHECK_OK(run_stage(m, Stage::Export, options, trace));
  separate_outputs(m);
  return verify(m);
}

static bool is_random(const Module& m) {
  for (const Graph& g : m.graphs)
    for (uint32_t i = 0; i < g.arena_size(); ++i)
      if (const NodeId id{i}; g.alive(id) && g[id].op->is(Random)) return true;
  return false;
}

static const Rewrite* rewrite_named(std::string_view name) {
  const auto& all = all_rewrites();
  const auto found = std::find_if(all.begin(), all.end(), [&](auto* r) { return name == r->name; });
  return found == all.end() ? nullptr : *found;
}

// A narrow FakeQuant's range is needed until integers are chosen.
static bool lowers_fake_quant_late(const ConvertOptions& o) { return is_integer(o.recipe.mode) && !o.disabled.count("lower_fake_quant"); }

static bool chooses_ranges(const Recipe& r) {
  return is_integer(r.mode) || std::any_of(r.rules.begin(), r.rules.end(), [](const Rule& rule) { return rule.mode && is_integer(*rule.mode); });
}

// What is left out of the source and of the module alike: dropout that is bypassed.
static Status bypass_dropout(Converted& c) {
  // The reference loses its dropout too: compared is what keeps every value.
  const Rewrite* drop = rewrite_named("drop_dropout");
  if (!drop) return ok();
  TRY(const int n, apply_alone(c.source, *drop, nullptr, true));
  if (n)
    c.notices.push_back(
        {"TN4003", fmt::format("dropout is bypassed in {} place{}, as with keep probability 1 (--keep-dropout keeps it)", n, n == 1 ? "" : "s")});
  return ok();
}

static void note_training_mode(Converted& c) {
  for (NodeId id : c.module.main().topological())
    if (const Node& n = c.module.main()[id]; n.is<FusedBatchNorm>() && n.as<FusedBatchNorm>().is_training)
      c.notices.push_back(
          {"TN4004", fmt::format("the batch normalisation '{}' is in training mode: it uses the statistics of the batch it is given, not those of training",
                                 n.outputs[0].name)});
}

// The written bytes, read again, beside the source.
static void verify_written(Converted& c, std::shared_ptr<const void> owner, std::string_view bytes, const VerifyOptions& how) {
  if (auto again = read_tflite(std::move(owner), bytes)) {
    c.verification = verify_numbers(c.source, *again, c.module, how);
  } else {
    c.verification.status = Verification::Status::Wrong;
    c.verification.reason = "the written file cannot be read: " + again.error()[0].what;
  }
}

static Status quantize_converted(Converted& c, const ConvertOptions& options, const TrainedRanges& trained) {
  WrittenModel floats;
  TRY(const std::string bytes, write_tflite(c.module, &floats));
  c.float_bytes = floats.bytes;
  if (options.verify) verify_written(c, nullptr, bytes, options.verification);
  if (c.verification.status == Verification::Status::Wrong && !options.keep_unverified) return ok();
  if (options.observe) {
    TRY(c.observations, options.observe(c.module));
  }
  TRY(c.quantized, quantize(c.module, options.recipe, c.observations, trained));
  if (const Rewrite* lower = rewrite_named("lower_fake_quant"); lower && lowers_fake_quant_late(options)) {
    TRY([[maybe_unused]] const int n, apply_alone(c.module, *lower, nullptr));
  }
  return ok();
}

static Expected<Converted> convert_imported(Converted c, const ConvertOptions& options, Trace* trace) {
  CHECK_OK(verify(c.module));
  CHECK_OK(check_given(c.module.main(), options.verification.inputs));
  const bool quantises = options.recipe.mode != QuantMode::None || !options.recipe.rules.empty();
  TrainedRanges trained;
  if (quantises) {
    TRY(trained, take_trained_ranges(c.module, options.recipe.move_fake_quant));
  }
  const bool bypass = !options.keep_dropout && !options.disabled.count("drop_dropout") && is_random(c.module);
  if (options.verify || options.keep_source || bypass) c.source = c.module.clone();
  if (trace && trace->after_stage) trace->after_stage(Stage::Import, c.module);
  note_training_mode(c);
  if (bypass) {
    CHECK_OK(bypass_dropout(c));
    if (!options.verify && !options.keep_source) c.source = Module{};
  }
  DriverOptions driver;
  driver.disabled = options.disabled;
  if (lowers_fake_quant_late(options)) driver.disabled.insert("lower_fake_quant");
  if (chooses_ranges(options.recipe))
    for (const Rewrite* r : all_rewrites())
      if (r->makes_values) driver.disabled.insert(r->name);
  driver.shuffle = options.shuffle;
  if (options.keep_dropout) driver.disabled.insert("drop_dropout");
  CHECK_OK(optimise(c.module, driver, trace));
  if (quantises) {
    CHECK_OK(quantize_converted(c, options, trained));
    if (trace && trace->after_stage) trace->after_stage(Stage::Quantize, c.module);
    if (c.verification.status == Verification::Status::Wrong && !options.keep_unverified) return c;
  }
  std::unique_ptr<OutputFile> file;
  if (options.output.empty()) {
    TRY(c.bytes, write_tflite(c.module, &c.written));
  } else {
    TRY(file, OutputFile::create(options.output));
    auto written = write_tflite(c.module, [&](const void* p, size_t n) { return file->write(p, n); });
    if (!written) {
      CHECK_OK(file->failure());
      return std::move(written.error());
    }
    c.written = std::move(*written);
  }
  if (!options.verify) c.verification.reason = "turned off";
  else if (!quantises && file) {
    TRY(const auto mapped, file->map());
    verify_written(c, mapped, mapped->bytes(), options.verification);
  } else if (!quantises) {
    verify_written(c, nullptr, c.bytes, options.verification);
  }
  if (file && (options.keep_unverified || c.verification.status != Verification::Status::Wrong)) CHECK_OK(file->commit());
  return c;
}

Expected<Converted> convert(const GraphDef& def, const ConvertOptions& options, Trace* trace) {
  TRY(Imported imported, import_graph_def(def, options.import));
  Converted c;
  c.notices = std::move(imported.notices);
  c.source_nodes = std::move(imported.nodes);
  c.pruned = std::move(imported.pruned);
  c.found_inputs = imported.found_inputs;
  c.found_outputs = imported.found_outputs;
  c.module = std::move(imported.module);
  return convert_imported(std::move(c), options, trace);
}

Expected<Converted> convert(Module m, const ConvertOptions& options, Trace* trace) {
  if (is_quantized(m)) return diag("TN7004", "the model is quantised already").note("its operators are as small as they get; `toucanet inspect` lists them");
  ConvertOptions o = options;
  o.verification.source = Semantics::TfLite;
  Converted c;
  for (NodeId id : m.main().topological())
    if (const Node& n = m.main()[id]; !n.is<Input>() && !n.is<Const>()) c.source_nodes.push_back({n.outputs[0].name, std::string(n.op->tflite.builtin), true});
  c.module = std::move(m);
  return convert_imported(std::move(c), o, trace);
}

}  // namespace toucanet
