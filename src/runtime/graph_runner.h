#pragma once
// A graph made ready to run for given input shapes: order, kernels, packed weights, lifetimes, one arena.
#include "runtime/execute.h"
#include "runtime/kernel.h"

namespace toucanet {

struct RunnerOptions {
  Resolver resolver = Resolver::Fast;
  bool preserve_all_tensors = false;     ///< no tensor shares memory with another
  bool constants_are_mapped = false;     ///< they lie in a read-only mapping of a file
  size_t arena_limit = size_t{1} << 36;  ///< bytes of the arena, of folded constants and packed weights; beyond: TN3009
};

/// Called before each step; false cancels the run with TN3005.
using KeepGoing = std::function<bool()>;

/// One operator of a plan.
struct Step {
  NodeId node;
  const Kernel* kernel = nullptr;  ///< nullptr: plain evaluation
  std::unique_ptr<KernelState> state;
  std::string_view isa;                  ///< of the kernel's machine code
  std::vector<std::string> passed_over;  ///< why no faster kernel
  bool dynamic = false;                  ///< shapes follow from data
  double microseconds = 0;               ///< of the last run, where timing is on
  std::vector<const Tensor*> in;
  std::vector<Tensor*> out;
  size_t shared_bytes = 0, scratch_bytes = 0;  ///< of all threads together, of each
  std::byte* scratch = nullptr;
  std::optional<EvalContext> context;  ///< of a plain evaluation with static shapes
};

using StepObserver = std::function<Status(const Step&)>;

class GraphRunner {
  const Module& module_;
  const Graph& graph_;
  uint32_t index_;
  PlainExecutor& executor_;
  Threads* threads_ = nullptr;
  RunnerOptions options_;
  std::vector<NodeId> order_;
  std::vector<uint32_t> first_slot_;  // of each node in the graph's arena
  std::deque<Tensor> slots_;          // a tensor for each value
  std::vector<uint8_t> kinds_;        // of each slot
  std::vector<Step> steps_;
  std::vector<std::vector<int64_t>> input_dims_;
  std::shared_ptr<std::byte> memory_;
  size_t arena_bytes_ = 0, prepared_bytes_ = 0;  // prepared: folded constants, packed weights
  bool planned_ = false;
  StepObserver observer_;

  struct Planning;
  enum Kind : uint8_t { Absent, Constant, Static, Owned };
  uint32_t slot(Value v) const { return first_slot_[v.node.index] + v.slot; }
  Status infer_node(NodeId, Planning&);
  void choose_kernel(Step&, Planning&);
  Status place(Planning&);
  void release_packed(const Planning&);
  Status run_dynamic(Step&);
  Status run_plain(Step&);

 public:
  GraphRunner(const Module&, uint32_t graph, PlainExecutor&, RunnerOptions);
  GraphRunner(const GraphRunner&) = delete;

  /// Shapes of the inputs; plan() follows.
  void set_input_dims(size_t input, std::vector<int64_t> dims);
  const std::vector<int64_t>& input_dims(size_t input) const { return input_dims_[input]; }
  Status plan(Threads&);
  bool planned() const { return planned_; }
  /// Runs every step; timed steps note their microseconds. Nothing is allocated where shapes are static.
  Status run(bool timed = false, const KeepGoing& = {});

  /// Called after each step with its results, before others may take their memory; problems end the run.
  void set_observer(StepObserver f) { observer_ = std::move(f); }

  const Graph& graph() const { return graph_; }
  std::span<const Step> steps() const { return steps_; }
  /// Bytes that the tensors span; scratch may reach beyond.
  size_t arena_bytes() const { return arena_bytes_; }
  /// The tensor of a value; its data is valid between plan() and the next plan().
  Tensor& tensor(Value v) { return slots_[slot(v)]; }
  bool is_constant(Value v) const { return kinds_[slot(v)] == Constant; }
};

/// Runs the main graph once, planned for these inputs, under the options' semantics, seed and limits.
Expected<std::vector<Tensor>> run_once(const Module&, const std::vector<Tensor>& inputs, const ExecuteOptions&, size_t threads);

/// What of the module cannot be run here: operator, version and types of each kind, all at once. Empty: everything can.
Diags unsupported(const Module&, PlainExecutor&);

}  // namespace toucanet
