#pragma once
// One call: GraphDef or float .tflite → verified, quantised .tflite.
#include <functional>

#include "export/write_tflite.h"
#include "import/graphdef/import_graph_def.h"
#include "pipeline/driver.h"
#include "pipeline/verify_numbers.h"
#include "quantize/quantize.h"

namespace toucanet {

struct ConvertOptions {
  ImportOptions import;
  bool keep_dropout = false;
  std::set<std::string> disabled;  ///< rewrites and passes by name
  uint64_t shuffle = 0;
  bool verify = true;
  VerifyOptions verification;
  std::string output;            ///< the file to write; empty: into Converted.bytes
  bool keep_unverified = false;  ///< the file appears also where verification finds it wrong
  bool keep_source = true;       ///< Converted.source is wanted, also without verification
  Recipe recipe;                 ///< mode none: floats
  /// Observes the float model, where the recipe stores activations; not set: ranges are given, or training fixed them.
  std::function<Expected<Observations>(const Module&)> observe = {};
};

struct Converted {
  Module source;      ///< as imported; no graph where it was not kept
  Module module;      ///< as written
  std::string bytes;  ///< the file, where none was named
  WrittenModel written;
  std::vector<Notice> notices;
  std::vector<SourceNode> source_nodes;
  std::map<std::string, int> pruned;
  bool found_inputs = false, found_outputs = false;
  Verification verification;  ///< of the float model
  uint64_t float_bytes = 0;   ///< size of the file before quantisation; 0: it was not quantised
  Quantized quantized;
  Observations observations;
};

/// Import, stages, export, verification. A named file appears at the end, whole, or not at all.
Expected<Converted> convert(const GraphDef&, const ConvertOptions&, Trace* = nullptr);
/// The same from a .tflite model as read. TN7004: it is quantised already.
Expected<Converted> convert(Module, const ConvertOptions&, Trace* = nullptr);
/// Runs the stages from Clean to Export on an imported module.
Status optimise(Module&, const DriverOptions&, Trace*);

}  // namespace toucanet
