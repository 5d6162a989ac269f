#pragma once
#include <set>

#include "pipeline/rewrite.h"
#include "pipeline/trace.h"

namespace toucanet {

struct DriverOptions {
  std::set<std::string> disabled;          ///< rewrites and passes by name
  size_t fold_budget = size_t{256} << 20;  ///< bytes that folding may add
  std::function<bool()> keep_going = {};
  uint64_t shuffle = 0;  ///< other than 0: seed of a random order of rewrites
};

/// Runs folding, dead-code removal, merging of duplicates and the stage's rewrites to a fixed point.
Status run_stage(Module&, Stage, const DriverOptions&, Trace*);

/// Applies one rewrite alone wherever it matches, constants folded first if asked. Returns how often.
Expected<int> apply_alone(Module&, const Rewrite&, Trace*, bool fold = false);

}  // namespace toucanet
