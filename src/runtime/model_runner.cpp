#include "runtime/model_runner.h"

#include "import/file.h"

namespace toucanet {

ModelRunner::ModelRunner(Module m, TfliteTensors f, ModelOptions o)
    : module_(std::move(m)),
      files_(std::move(f)),
      options_(std::move(o)),
      executor_(
          module_,
          ExecuteOptions{.semantics = Semantics::TfLite, .rounding = options_.rounding, .seed = options_.seed, .memory_limit = options_.runner.arena_limit}),
      threads_(std::max<size_t>(1, options_.threads)),
      runners_(module_.graphs.size()) {
  for (auto& [name, function] : options_.customs) executor_.register_custom(name, function);
}

Expected<std::unique_ptr<ModelRunner>> ModelRunner::load(std::shared_ptr<const void> owner, std::string_view bytes, ModelOptions options) {
  TfliteTensors files;
  TRY(Module m, read_tflite(std::move(owner), bytes, &files));
  std::unique_ptr<ModelRunner> model(new ModelRunner(std::move(m), std::move(files), std::move(options)));
  if (Diags problems = unsupported(model->module_, model->executor_); !problems.empty()) return problems;
  return model;
}

Expected<std::unique_ptr<ModelRunner>> ModelRunner::load_file(const std::string& path, ModelOptions options) {
  TRY(auto file, map_file(path));
  options.runner.constants_are_mapped = true;
  return load(file, file->bytes(), std::move(options));
}

GraphRunner& ModelRunner::graph(size_t subgraph) {
  auto& runner = runners_[subgraph];
  if (!runner) {
    runner = std::make_unique<GraphRunner>(module_, static_cast<uint32_t>(subgraph), executor_, options_.runner);
    const auto& file = files_.subgraphs[subgraph];
    for (size_t k = 0; k < file.inputs.size(); ++k) runner->set_input_dims(k, file.tensors[file.inputs[k]].shape);
  }
  return *runner;
}

Status ModelRunner::allocate(size_t subgraph) {
  GraphRunner& g = graph(subgraph);
  return g.planned() ? ok() : g.plan(threads_);
}

Status ModelRunner::invoke(size_t subgraph, bool timed, const KeepGoing& keep_going) {
  GraphRunner& g = graph(subgraph);
  if (!g.planned()) return diag("TN3010", "the tensors are not allocated: allocate after loading and after a resize");
  executor_.set_keep_going(keep_going);
  auto s = g.run(timed, keep_going);
  executor_.set_keep_going({});
  return s;
}

Tensor* ModelRunner::tensor(size_t subgraph, size_t index) {
  const auto& tensors = files_.subgraphs[subgraph].tensors;
  if (index >= tensors.size() || !tensors[index].value) return nullptr;
  return &graph(subgraph).tensor(tensors[index].value);
}

}  // namespace toucanet
