#pragma once
// One call: GraphDef → verified .tflite.
#include <functional>

#include "export/write_tflite.h"
#include "import/graphdef/import_graph_def.h"
#include "pipeline/driver.h"
#include "pipeline/verify_numbers.h"

namespace toucanet {

struct ConvertOptions {
  ImportOptions import;
  bool keep_dropout = false;
  std::set<std::string> disabled;  ///< rewrites and passes by name
  uint64_t shuffle = 0;
  bool verify = true;
  VerifyOptions verification;
};

struct Converted {
  Module source;                    ///< as imported
  Module module;                    ///< as written
  std::string bytes;                ///< the file, where it is small enough to be verified in memory
  WrittenModel written;
  std::vector<Notice> notices;
  std::vector<SourceNode> source_nodes;
  std::map<std::string, int> pruned;
  bool found_inputs = false, found_outputs = false;
  Verification verification;
};

/// Import, stages, export, verification; nothing is written to disk.
Expected<Converted> convert(const GraphDef&, const ConvertOptions&, Trace* = nullptr);
/// Runs the stages from Clean to Export on an imported module.
Status optimise(Module&, const DriverOptions&, Trace*);

}  // namespace toucanet
