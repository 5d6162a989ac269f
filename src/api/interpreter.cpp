#include "toucanet/interpreter.h"

#include "import/file.h"
#include "runtime/model_runner.h"

namespace toucanet {
namespace {

size_t bytes_of(DType t, const std::vector<int64_t>& shape) {
  const auto n = limits::product(shape);
  return n ? static_cast<size_t>(*n) * byte_size(t) : SIZE_MAX;
}

Expected<Tensor> tensor_of(const Array& a) {
  if (!byte_size(a.dtype) || bytes_of(a.dtype, a.shape) != a.data.size())
    return diag("TN3006", "an array of [{}] of {} does not take {} bytes", Shape::of(a.shape).str(), tf_name(a.dtype), a.data.size());
  Tensor t = Tensor::zeros(a.dtype, a.shape);
  if (t.bytes()) std::memcpy(t.raw_mutable(), a.data.data(), t.bytes());
  return t;
}

CustomFunction wrap(CustomOperator f) {
  return [f = std::move(f)](const Bytes& options, std::span<const Tensor* const> in) -> Expected<std::vector<Tensor>> {
    std::vector<std::optional<ArrayView>> operands;
    for (const Tensor* t : in) {
      if (t) operands.emplace_back(ArrayView{t->dtype, t->dims, t->raw(), t->bytes()});
      else operands.emplace_back();
    }
    TRY(auto results, f({reinterpret_cast<const char*>(options.data.data()), options.data.size()}, operands));
    std::vector<Tensor> out;
    for (const Array& a : results) {
      TRY(Tensor t, tensor_of(a));
      out.push_back(std::move(t));
    }
    return out;
  };
}

ModelOptions model_options(InterpreterOptions&& o) {
  ModelOptions m;
  m.runner = {.resolver = o.resolver, .preserve_all_tensors = o.preserve_all_tensors, .arena_limit = o.memory_limit};
  m.rounding = o.rounding;
  m.threads = o.threads;
  m.seed = o.seed;
  for (auto& [name, f] : o.custom_operators) m.customs[name] = wrap(std::move(f));
  return m;
}

TensorDetails details(ModelRunner& m, size_t subgraph, size_t index) {
  const TfliteTensor& t = m.file(subgraph).tensors[index];
  TensorDetails d{t.name, index, t.dtype, t.shape, t.shape_signature.empty() ? t.shape : t.shape_signature, t.quant ? *t.quant : Quant{}, t.variable};
  const Tensor* now = m.tensor(subgraph, index);
  if (now && (now->raw() || now->bytes()) && now->dims.size() == t.shape.size()) d.shape = now->dims;
  const auto& inputs = m.file(subgraph).inputs;
  const auto k = std::find(inputs.begin(), inputs.end(), index);
  if (k != inputs.end()) d.shape = m.graph(subgraph).input_dims(static_cast<size_t>(k - inputs.begin()));
  return d;
}

Status no_subgraph(const ModelRunner& m, size_t subgraph) {
  if (subgraph >= m.subgraphs()) return diag("TN3013", "subgraph {} does not exist, there are {}", subgraph, m.subgraphs());
  return ok();
}

Status resize(ModelRunner& m, size_t subgraph, size_t index, std::vector<int64_t> shape, bool strict) {
  CHECK_OK(no_subgraph(m, subgraph));
  const auto& inputs = m.file(subgraph).inputs;
  const auto k = std::find(inputs.begin(), inputs.end(), index);
  if (k == inputs.end()) return diag("TN3013", "tensor {} is not an input", index);
  if (std::any_of(shape.begin(), shape.end(), [](int64_t d) { return d < 0; }))
    return diag("TN3013", "a dimension of [{}] is negative", Shape::of(shape).str()).at(m.file(subgraph).tensors[index].name);
  if (strict) {
    const TensorDetails now = details(m, subgraph, index);
    if (now.shape.size() != shape.size())
      return diag("TN3013", "[{}] has {} dimensions, the input has {}", Shape::of(shape).str(), shape.size(), now.shape.size()).at(now.name);
    for (size_t i = 0; i < shape.size(); ++i)
      if (shape[i] != now.shape[i] && now.shape_signature[i] != -1)
        return diag("TN3013", "dimension {} is {} and may not become {}", i, now.shape[i], shape[i])
            .at(now.name)
            .note("only dimensions that are -1 may change");
  }
  m.resize_input(subgraph, static_cast<size_t>(k - inputs.begin()), std::move(shape));
  return ok();
}

std::span<std::byte> memory(ModelRunner& m, size_t subgraph, size_t index) {
  if (subgraph >= m.subgraphs() || !m.graph(subgraph).planned()) return {};
  Tensor* t = m.tensor(subgraph, index);
  if (!t || !t->raw() || !byte_size(t->dtype)) return {};
  return {const_cast<std::byte*>(t->raw()), t->bytes()};
}

std::vector<SignatureDetails> signatures_of(const ModelRunner& m) {
  std::vector<SignatureDetails> all;
  for (const Signature& s : m.module().signatures) {
    SignatureDetails d{s.key, s.graph, {}, {}};
    for (const auto& [name, k] : s.inputs) d.inputs[name] = m.file(s.graph).inputs[k];
    for (const auto& [name, k] : s.outputs) d.outputs[name] = m.file(s.graph).outputs[k];
    all.push_back(std::move(d));
  }
  return all;
}

}  // namespace

struct Interpreter::Model {
  std::unique_ptr<ModelRunner> runner;
  std::vector<SignatureDetails> signatures;
};

Interpreter::Interpreter(std::unique_ptr<Model> m) : model_(std::move(m)) {}
Interpreter::Interpreter(Interpreter&&) noexcept = default;
Interpreter& Interpreter::operator=(Interpreter&&) noexcept = default;
Interpreter::~Interpreter() = default;

Expected<Interpreter> Interpreter::from_file(const std::string& path, InterpreterOptions o) {
  TRY(auto runner, ModelRunner::load_file(path, model_options(std::move(o))));
  auto signatures = signatures_of(*runner);
  return Interpreter(std::make_unique<Model>(Model{std::move(runner), std::move(signatures)}));
}

Expected<Interpreter> Interpreter::from_bytes(std::shared_ptr<const void> owner, std::string_view bytes, InterpreterOptions o) {
  TRY(auto runner, ModelRunner::load(std::move(owner), bytes, model_options(std::move(o))));
  auto signatures = signatures_of(*runner);
  return Interpreter(std::make_unique<Model>(Model{std::move(runner), std::move(signatures)}));
}

Expected<Interpreter> Interpreter::from_bytes(std::string_view bytes, InterpreterOptions o) {
  auto copy = std::make_shared<const std::string>(bytes);
  return from_bytes(copy, *copy, std::move(o));
}

size_t Interpreter::subgraphs() const { return model_->runner->subgraphs(); }

std::vector<TensorDetails> Interpreter::inputs(size_t subgraph) const {
  std::vector<TensorDetails> all;
  if (subgraph < subgraphs())
    for (uint32_t i : model_->runner->file(subgraph).inputs) all.push_back(details(*model_->runner, subgraph, i));
  return all;
}

std::vector<TensorDetails> Interpreter::outputs(size_t subgraph) const {
  std::vector<TensorDetails> all;
  if (subgraph < subgraphs())
    for (uint32_t i : model_->runner->file(subgraph).outputs) all.push_back(details(*model_->runner, subgraph, i));
  return all;
}

Expected<TensorDetails> Interpreter::tensor(size_t index, size_t subgraph) const {
  CHECK_OK(no_subgraph(*model_->runner, subgraph));
  if (const size_t n = model_->runner->file(subgraph).tensors.size(); index >= n) return diag("TN3013", "tensor {} does not exist, there are {}", index, n);
  return details(*model_->runner, subgraph, index);
}

std::vector<TensorDetails> Interpreter::tensors(size_t subgraph) const {
  std::vector<TensorDetails> all;
  if (subgraph < subgraphs())
    for (size_t i = 0; i < model_->runner->file(subgraph).tensors.size(); ++i) all.push_back(details(*model_->runner, subgraph, i));
  return all;
}

const std::vector<SignatureDetails>& Interpreter::signatures() const { return model_->signatures; }

Expected<SignatureRunner> Interpreter::signature(const std::string& key) {
  std::vector<std::string_view> keys;
  for (const SignatureDetails& s : model_->signatures) {
    if (s.key == key) return SignatureRunner(model_.get(), &s);
    keys.push_back(s.key);
  }
  Diag d = diag("TN3013", "the model has no signature '{}'", key);
  for (auto k : keys) d.notes.push_back(fmt::format("there is '{}'", k));
  return d;
}

Status Interpreter::resize_input(size_t index, std::vector<int64_t> shape, bool strict, size_t subgraph) {
  return resize(*model_->runner, subgraph, index, std::move(shape), strict);
}

Status Interpreter::allocate(size_t subgraph) {
  CHECK_OK(no_subgraph(*model_->runner, subgraph));
  return model_->runner->allocate(subgraph);
}

Status Interpreter::invoke(const std::function<bool()>& keep_going, size_t subgraph) {
  CHECK_OK(no_subgraph(*model_->runner, subgraph));
  return model_->runner->invoke(subgraph, false, keep_going);
}

void Interpreter::reset_variables() { model_->runner->reset_variables(); }

std::span<std::byte> Interpreter::data(size_t index, size_t subgraph) { return memory(*model_->runner, subgraph, index); }

std::span<std::byte> Interpreter::typed(bool input, size_t k, DType t) {
  const auto& file = model_->runner->file(0);
  const auto& list = input ? file.inputs : file.outputs;
  if (k >= list.size() || file.tensors[list[k]].dtype != t) return {};
  return memory(*model_->runner, 0, list[k]);
}

Expected<std::vector<std::string>> Interpreter::strings(size_t index, size_t subgraph) const {
  CHECK_OK(no_subgraph(*model_->runner, subgraph));
  const Tensor* t = model_->runner->tensor(subgraph, index);
  if (!t || t->dtype != DType::String) return diag("TN3006", "tensor {} does not hold strings", index);
  return t->string_values();
}

Status Interpreter::set_strings(size_t index, std::vector<int64_t> shape, const std::vector<std::string>& values, size_t subgraph) {
  CHECK_OK(no_subgraph(*model_->runner, subgraph));
  Tensor* t = model_->runner->tensor(subgraph, index);
  if (!t || t->dtype != DType::String) return diag("TN3006", "tensor {} does not hold strings", index);
  if (limits::product(shape) != static_cast<int64_t>(values.size()))
    return diag("TN3006", "{} strings for the shape [{}]", values.size(), Shape::of(shape).str()).at(model_->runner->file(subgraph).tensors[index].name);
  const auto quant = t->quant;
  *t = Tensor::strings(std::move(shape), values);
  t->quant = quant;
  return ok();
}

size_t Interpreter::arena_bytes(size_t subgraph) const { return subgraph < subgraphs() ? model_->runner->graph(subgraph).arena_bytes() : 0; }

Expected<std::map<std::string, Array>> SignatureRunner::run(const std::map<std::string, ArrayView>& inputs, const std::function<bool()>& keep_going) {
  ModelRunner& m = *model_->runner;
  const size_t g = signature_->subgraph;
  for (const auto& [name, given] : inputs)
    if (!signature_->inputs.count(name)) return diag("TN3006", "the signature '{}' has no input '{}'", signature_->key, name);
  for (const auto& [name, index] : signature_->inputs) {
    const auto given = inputs.find(name);
    if (given == inputs.end()) return diag("TN3006", "the input '{}' is missing", name);
    const ArrayView& a = given->second;
    const DType want = m.file(g).tensors[index].dtype;
    if (a.dtype != want) return diag("TN3006", "the input '{}' is {}, not {}", name, tf_name(want), tf_name(a.dtype));
    if (!byte_size(a.dtype) || bytes_of(a.dtype, a.shape) != a.bytes)
      return diag("TN3006", "the input '{}' of [{}] does not take {} bytes", name, Shape::of(a.shape).str(), a.bytes);
    CHECK_OK(resize(m, g, index, a.shape, false));
  }
  CHECK_OK(m.allocate(g));
  for (const auto& [name, index] : signature_->inputs)
    if (const auto to = memory(m, g, index); !to.empty()) std::memcpy(to.data(), inputs.at(name).data, to.size());
  CHECK_OK(m.invoke(g, false, keep_going));
  std::map<std::string, Array> results;
  for (const auto& [name, index] : signature_->outputs) {
    const Tensor* t = m.tensor(g, index);
    results[name] = {t->dtype, t->dims, {t->raw(), t->raw() + t->bytes()}};
  }
  return results;
}

}  // namespace toucanet
