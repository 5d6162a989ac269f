#pragma once
// The inputs of a model to run: given arrays and photos, or random numbers.
#include "cli/sample_arguments.h"
#include "runtime/model_runner.h"

namespace toucanet::cli {

/// The options of verbs that run a .tflite model.
struct RunArguments {
  std::string path;
  std::vector<std::string> inputs;  ///< "name=file", or "file" where there is one input
  std::string resolver = "fast", rounding = "reference", shapes;
  size_t threads = 1;
  uint64_t seed = 1;
  PhotoArguments photos;
  Terminal terminal;

  void add(CLI::App&);
  ModelOptions options() const;
};

/// Loads the model, gives it the shapes asked for, allocates, and fills every input: what is not given is random.
/// All problems at once.
Expected<std::unique_ptr<ModelRunner>> ready_model(const RunArguments&, const ModelOptions&);
/// Fills the inputs of an allocated model.
Status fill_inputs(ModelRunner&, const RunArguments&);
/// The tensor names of a model's inputs, in order.
std::vector<std::string> input_names(const ModelRunner&);

}  // namespace toucanet::cli
