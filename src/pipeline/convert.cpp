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

Expected<Converted> convert(const GraphDef& def, const ConvertOptions& options, Trace* trace) {
  TRY(Imported imported, import_graph_def(def, options.import));
  Converted c;
  c.notices = std::move(imported.notices);
  c.source_nodes = std::move(imported.nodes);
  c.pruned = std::move(imported.pruned);
  c.found_inputs = imported.found_inputs;
  c.found_outputs = imported.found_outputs;
  CHECK_OK(verify(imported.module));
  CHECK_OK(check_given(imported.module.main(), options.verification.inputs));
  const bool bypass_dropout = !options.keep_dropout && !options.disabled.count("drop_dropout") && is_random(imported.module);
  if (options.verify || options.keep_source || bypass_dropout) c.source = imported.module.clone();
  c.module = std::move(imported.module);
  if (trace && trace->after_stage) trace->after_stage(Stage::Import, c.module);
  for (NodeId id : c.module.main().topological())
    if (const Node& n = c.module.main()[id]; n.is<FusedBatchNorm>() && n.as<FusedBatchNorm>().is_training)
      c.notices.push_back(
          {"TN4004", fmt::format("the batch normalisation '{}' is in training mode: it uses the statistics of the batch it is given, not those of training",
                                 n.outputs[0].name)});
  if (bypass_dropout) {
    // The reference loses its dropout too: compared is what keeps every value.
    const auto& all = all_rewrites();
    const auto drop = std::find_if(all.begin(), all.end(), [](auto* r) { return std::string_view(r->name) == "drop_dropout"; });
    if (drop != all.end()) {
      TRY(const int n, apply_alone(c.source, **drop, nullptr, true));
      if (n)
        c.notices.push_back(
            {"TN4003", fmt::format("dropout is bypassed in {} place{}, as with keep probability 1 (--keep-dropout keeps it)", n, n == 1 ? "" : "s")});
    }
    if (!options.verify && !options.keep_source) c.source = Module{};
  }
  DriverOptions driver;
  driver.disabled = options.disabled;
  driver.shuffle = options.shuffle;
  if (options.keep_dropout) driver.disabled.insert("drop_dropout");
  CHECK_OK(optimise(c.module, driver, trace));
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
  if (!options.verify) {
    c.verification.reason = "turned off";
    if (file) CHECK_OK(file->commit());
    return c;
  }
  VerifyOptions how = options.verification;
  std::shared_ptr<const MappedFile> mapped;
  if (file) {
    TRY(mapped, file->map());
  }
  if (auto again = read_tflite(mapped, mapped ? mapped->bytes() : std::string_view(c.bytes))) {
    c.verification = verify_numbers(c.source, *again, c.module, how);
  } else {
    c.verification.status = Verification::Status::Wrong;
    c.verification.reason = "the written file cannot be read: " + again.error()[0].what;
  }
  if (file && (options.keep_unverified || c.verification.status != Verification::Status::Wrong)) CHECK_OK(file->commit());
  return c;
}

}  // namespace toucanet
