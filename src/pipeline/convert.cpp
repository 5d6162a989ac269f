#include "pipeline/convert.h"

#include <algorithm>

#include "import/tflite/read_tflite.h"
#include "ir/text.h"
#include "ops/fused_batch_norm/fused_batch_norm.h"
#include "passes/legalize.h"
#include "passes/remove_dead.h"
#include "passes/separate_outputs.h"

namespace toucanet {

Status optimise(Module& m, const DriverOptions& options, Trace* trace) {
  for (Stage s : {Stage::Clean, Stage::Lower, Stage::Fuse}) CHECK_OK(run_stage(m, s, options, trace));
  CHECK_OK(legalize(m));
  // Casts and constants that legalising added fold and merge like any others.
  CHECK_OK(run_stage(m, Stage::Export, options, trace));
  separate_outputs(m);
  return verify(m);
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
  c.source = imported.module.clone();
  c.module = std::move(imported.module);
  if (trace && trace->after_stage) trace->after_stage(Stage::Import, c.module);
  for (NodeId id : c.module.main().topological())
    if (const Node& n = c.module.main()[id]; n.is<FusedBatchNorm>() && n.as<FusedBatchNorm>().is_training)
      c.notices.push_back({"TN4004", fmt::format("the batch normalisation '{}' is in training mode: it uses the statistics of the batch it is given, not those of training", n.outputs[0].name)});
  if (!options.keep_dropout && !options.disabled.count("drop_dropout")) {
    // The reference loses its dropout too: compared is what keeps every value.
    const auto& all = all_rewrites();
    const auto drop = std::find_if(all.begin(), all.end(), [](auto* r) { return std::string_view(r->name) == "drop_dropout"; });
    const Graph& g = c.source.main();
    bool random = false;
    for (NodeId id : g.topological()) random = random || g[id].op->is(Random);
    if (random && drop != all.end()) {
      TRY(const int n, apply_alone(c.source, **drop, nullptr, true));
      if (n) c.notices.push_back({"TN4003", fmt::format("dropout is bypassed in {} place{}, as with keep probability 1 (--keep-dropout keeps it)", n, n == 1 ? "" : "s")});
    }
  }
  DriverOptions driver;
  driver.disabled = options.disabled;
  driver.shuffle = options.shuffle;
  if (options.keep_dropout) driver.disabled.insert("drop_dropout");
  CHECK_OK(optimise(c.module, driver, trace));
  TRY(c.bytes, write_tflite(c.module, &c.written));
  if (!options.verify) {
    c.verification.reason = "turned off";
    return c;
  }
  VerifyOptions how = options.verification;
  for (const auto& [name, value] : imported.fixed_inputs) how.fixed.emplace(name, value);
  auto owner = std::make_shared<const std::string>(c.bytes);
  auto again = read_tflite(owner, *owner);
  if (!again) {
    c.verification.status = Verification::Status::Wrong;
    c.verification.reason = "the written file cannot be read: " + again.error()[0].what;
    return c;
  }
  c.verification = verify_numbers(c.source, *again, c.module, how);
  return c;
}

}  // namespace toucanet
