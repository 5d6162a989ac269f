#pragma once
// What `explain` asks for. Conversion runs with a trace only when somebody asks.
#include <string>
#include <vector>

#include "ir/graph.h"

namespace toucanet {

struct TraceEvent {
  Stage stage;
  std::string rewrite;
  bool applied = true;
  std::string at;                    ///< the root's name in the user's model
  std::vector<std::string> sources;  ///< TensorFlow nodes concerned
  std::string before, after;         ///< in text form
  std::string reason;                ///< of a refusal
  bool nearly = true;                ///< the refusal might be lifted by a change of the model
};

struct StageSummary {
  Stage stage;
  size_t nodes_before = 0, nodes_after = 0;
};

struct Trace {
  std::vector<TraceEvent> events;
  std::vector<StageSummary> stages;
  /// Called after each stage with the module as it is (dumps).
  std::function<void(Stage, const Module&)> after_stage;
  bool words = true;  ///< collect events, not only stages
};

}  // namespace toucanet
