#pragma once
// The plain executor: runs any module through the operators' eval, in order. Judge of rewrites and constant folder.
#include <functional>
#include <map>
#include <random>
#include <set>

#include "runtime/eval_context.h"

namespace toucanet {

struct ExecuteOptions {
  Semantics semantics = Semantics::TensorFlow;
  Rounding rounding = Rounding::Reference;
  uint64_t seed = 1;                      ///< of random operators
  size_t memory_limit = size_t{6} << 30;  ///< bytes of live tensors and variables, over all graphs that are running; beyond: TN3004
  /// Called with every computed value of the main graph.
  std::function<void(Value, const Tensor&)> observe = {};
  /// Called before each graph and each node; false cancels with TN3005.
  std::function<bool()> keep_going = {};
};

/// The plain executor with what lasts from run to run: variables, the random stream, which CALL_ONCE has been called.
class PlainExecutor : public Executor {
  const Module& module_;
  ExecuteOptions options_;
  std::map<std::string, Tensor> variables_;
  std::map<std::string, CustomFunction> customs_;
  std::set<int32_t> called_;
  std::mt19937_64 random_;
  std::function<void(uint32_t, Value, const Tensor&)> observer_;
  int depth_ = 0;
  size_t live_ = 0, variable_bytes_ = 0;  // live: values of the graphs that are running

 public:
  PlainExecutor(const Module& m, ExecuteOptions o) : module_(m), options_(std::move(o)), random_(options_.seed) {}

  Expected<std::vector<Tensor>> run(uint32_t graph, std::vector<Tensor> inputs);
  /// Infers and evaluates one node; operands are aligned.
  Expected<std::vector<Tensor>> run_node(const Node&, std::vector<const Tensor*> operands);
  /// Evaluates under these semantics what stands ready in the context.
  Status evaluate(EvalContext&) const;
  const ExecuteOptions& options() const { return options_; }

  Expected<std::vector<Tensor>> call(GraphRef, std::vector<Tensor> inputs) override;
  Tensor* variable(const std::string& name) override;
  void assign(const std::string& name, Tensor) override;
  bool first_call(GraphRef g) override { return called_.insert(g.index).second; }
  void uniform(float* out, size_t n) override;
  const CustomFunction* custom(const std::string& name) override;
  Rounding rounding() const override { return options_.rounding; }
  size_t memory_left() const override {
    const size_t used = live_ + variable_bytes_;
    return used < options_.memory_limit ? options_.memory_limit - used : 0;
  }
  void register_custom(const std::string& name, CustomFunction f) { customs_[name] = std::move(f); }
  /// Called with every computed value of every graph that is run, and the graph's index.
  void set_observer(std::function<void(uint32_t, Value, const Tensor&)> f) { observer_ = std::move(f); }
  void set_keep_going(std::function<bool()> f) { options_.keep_going = std::move(f); }
  /// As before the first run.
  void reset_variables();
};

/// Runs graph `graph` of the module. Inputs in the order of graph.inputs, results in the order of its outputs.
Expected<std::vector<Tensor>> execute(const Module&, uint32_t graph, std::vector<Tensor> inputs, const ExecuteOptions& = {});

/// Evaluates one node on constant operands (nullptr: absent). Results in slot order.
Expected<std::vector<Tensor>> evaluate(const Node&, const Module&, std::vector<const Tensor*> operands, Semantics = Semantics::TensorFlow);

/// The value of v if it follows from constants alone within a small budget (looks through any pure operators).
std::shared_ptr<const Tensor> constant_value(const Graph&, Value v, int64_t max_elements = 1 << 16);

}  // namespace toucanet
