#pragma once
// A .tflite model ready to run: the module, its file's tensors, a runner for each graph that is asked for.
#include "import/tflite/read_tflite.h"
#include "runtime/graph_runner.h"

namespace toucanet {

struct ModelOptions {
  RunnerOptions runner = {};
  Rounding rounding = Rounding::Reference;
  size_t threads = 1;
  std::map<std::string, CustomFunction> customs = {};
  uint64_t seed = 1;  ///< of random operators
};

class ModelRunner {
  Module module_;
  TfliteTensors files_;
  ModelOptions options_;
  PlainExecutor executor_;
  Threads threads_;
  std::vector<std::unique_ptr<GraphRunner>> runners_;

  ModelRunner(Module m, TfliteTensors f, ModelOptions o);

 public:
  /// Checks everything before use. Besides the reader's codes: TN3007, operators that cannot be run, all at once.
  static Expected<std::unique_ptr<ModelRunner>> load(std::shared_ptr<const void> owner, std::string_view bytes, ModelOptions = {});
  static Expected<std::unique_ptr<ModelRunner>> load_file(const std::string& path, ModelOptions = {});
  ModelRunner(const ModelRunner&) = delete;

  const Module& module() const { return module_; }
  const TfliteTensors::Subgraph& file(size_t subgraph = 0) const { return files_.subgraphs[subgraph]; }
  size_t subgraphs() const { return files_.subgraphs.size(); }
  GraphRunner& graph(size_t subgraph = 0);
  /// Plans the graph if its inputs' shapes have changed since.
  Status allocate(size_t subgraph = 0);
  /// Runs the graph, which has been allocated. `keep_going` is asked before each step, also of the graphs it calls.
  Status invoke(size_t subgraph = 0, bool timed = false, const KeepGoing& = {});
  /// The tensor that the file lists at `index`; nullptr where nothing computes it. Valid until the next allocate().
  Tensor* tensor(size_t subgraph, size_t index);
  /// The shape of the input that the file lists as the k-th.
  void resize_input(size_t subgraph, size_t k, std::vector<int64_t> dims) { graph(subgraph).set_input_dims(k, std::move(dims)); }
  void reset_variables() { executor_.reset_variables(); }
  size_t threads() const { return threads_.count(); }
};

}  // namespace toucanet
