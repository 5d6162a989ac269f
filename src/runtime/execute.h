#pragma once
// The plain executor: runs any module through the operators' eval, in order. Judge of rewrites and constant folder.
#include <functional>

#include "runtime/eval_context.h"

namespace toucanet {

struct ExecuteOptions {
  Semantics semantics = Semantics::TensorFlow;
  uint64_t seed = 1;                      ///< of random operators
  size_t memory_limit = size_t{6} << 30;  ///< bytes of live tensors; beyond: TN3004
  /// Called with every computed value of the main graph.
  std::function<void(Value, const Tensor&)> observe = {};
  /// Called before each graph and each node; false cancels with TN3005.
  std::function<bool()> keep_going = {};
};

/// Runs graph `graph` of the module. Inputs in the order of graph.inputs, results in the order of its outputs.
Expected<std::vector<Tensor>> execute(const Module&, uint32_t graph, std::vector<Tensor> inputs, const ExecuteOptions& = {});

/// Evaluates one node on constant operands (nullptr: absent). Results in slot order.
Expected<std::vector<Tensor>> evaluate(const Node&, const Module&, std::vector<const Tensor*> operands, Semantics = Semantics::TensorFlow);

/// The value of v if it follows from constants alone within a small budget (looks through any pure operators).
std::shared_ptr<const Tensor> constant_value(const Graph&, Value v, int64_t max_elements = 1 << 16);

}  // namespace toucanet
