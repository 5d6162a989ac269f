#pragma once
// Runs .tflite models: load, allocate, fill the inputs, invoke, read the outputs.
//
//   auto it = toucanet::Interpreter::from_file("model.tflite");
//   if (!it) return report(it.error());
//   if (auto s = it->allocate(); !s) return report(s.error());
//   std::span<float> x = it->input<float>(0);
//   ...
//   if (auto s = it->invoke(); !s) return report(s.error());
//   std::span<const float> y = it->output<float>(0);
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "toucanet/error.h"
#include "toucanet/types.h"

namespace toucanet {

/// A dense array, row-major.
struct Array {
  DType dtype = DType::F32;
  std::vector<int64_t> shape;
  std::vector<std::byte> data;
};
/// Memory of somebody else that holds one.
struct ArrayView {
  DType dtype = DType::F32;
  std::vector<int64_t> shape;
  const void* data = nullptr;
  size_t bytes = 0;
};
/// A custom operator: its options as they stand in the file, its operands (empty: absent), and its results.
using CustomOperator = std::function<Expected<std::vector<Array>>(std::string_view options, std::span<const std::optional<ArrayView>> operands)>;

struct InterpreterOptions {
  size_t threads = 1;  ///< that share each operator's work; results do not depend on it
  Resolver resolver = Resolver::Fast;
  Rounding rounding = Rounding::Reference;
  bool preserve_all_tensors = false;      ///< tensors share no memory: each can be read after invoke()
  size_t memory_limit = size_t{1} << 36;  ///< bytes of all tensors; beyond: TN3009 or TN3004
  std::map<std::string, CustomOperator> custom_operators = {};
  uint64_t seed = 1;  ///< of random operators
};

struct TensorDetails {
  std::string name;
  size_t index = 0;  ///< among the subgraph's tensors, as the file lists them
  DType dtype = DType::F32;
  std::vector<int64_t> shape;            ///< as it is now
  std::vector<int64_t> shape_signature;  ///< -1: unknown
  Quant quantization;                    ///< without scales: none
  bool variable = false;
};

/// Named inputs and outputs of one subgraph; the values are tensor indices.
struct SignatureDetails {
  std::string key;
  size_t subgraph = 0;
  std::map<std::string, size_t> inputs, outputs;
};

class SignatureRunner;

/// One model, one thread at a time; several interpreters run in several threads.
class TOUCANET_API Interpreter {
  struct Model;
  std::unique_ptr<Model> model_;
  explicit Interpreter(std::unique_ptr<Model>);
  friend class SignatureRunner;

 public:
  /// Maps the file. Everything in it is checked before use.
  static Expected<Interpreter> from_file(const std::string& path, InterpreterOptions = {});
  /// The bytes stay where they are; `owner` keeps them alive.
  static Expected<Interpreter> from_bytes(std::shared_ptr<const void> owner, std::string_view bytes, InterpreterOptions = {});
  /// Copies the bytes.
  static Expected<Interpreter> from_bytes(std::string_view bytes, InterpreterOptions = {});
  Interpreter(Interpreter&&) noexcept;
  Interpreter& operator=(Interpreter&&) noexcept;
  ~Interpreter();

  size_t subgraphs() const;
  std::vector<TensorDetails> inputs(size_t subgraph = 0) const;
  std::vector<TensorDetails> outputs(size_t subgraph = 0) const;
  /// TN3013: there is no such tensor.
  Expected<TensorDetails> tensor(size_t index, size_t subgraph = 0) const;
  /// Every tensor that the file lists.
  std::vector<TensorDetails> tensors(size_t subgraph = 0) const;
  const std::vector<SignatureDetails>& signatures() const;
  /// TN3013: the model has none of this key. The runner must not outlive the interpreter.
  Expected<SignatureRunner> signature(const std::string& key);

  /// Gives input `index` (a tensor's index) another shape; allocate() follows. Strict: only dimensions that are -1 in
  /// shape_signature may change. TN3013.
  Status resize_input(size_t index, std::vector<int64_t> shape, bool strict = false, size_t subgraph = 0);
  /// Plans memory and kernels for the inputs' shapes.
  Status allocate(size_t subgraph = 0);
  /// Runs. `keep_going` is asked before each operator, also inside loops; false: TN3005. TN3010: not allocated.
  Status invoke(const std::function<bool()>& keep_going = {}, size_t subgraph = 0);
  /// As before the first invoke().
  void reset_variables();

  /// A tensor's memory between allocate() and the next allocate(), for writing into inputs; constants must not be
  /// written. Empty for strings, for tensors that nothing computes, and before allocate().
  std::span<std::byte> data(size_t index, size_t subgraph = 0);
  /// The k-th input's or output's elements; empty if T is not their type.
  template <class T>
  std::span<T> input(size_t k);
  template <class T>
  std::span<const T> output(size_t k);
  /// Elements of a string tensor.
  Expected<std::vector<std::string>> strings(size_t index, size_t subgraph = 0) const;
  Status set_strings(size_t index, std::vector<int64_t> shape, const std::vector<std::string>&, size_t subgraph = 0);
  /// Bytes that all tensors whose sizes are known share.
  size_t arena_bytes(size_t subgraph = 0) const;

 private:
  std::span<std::byte> typed(bool input, size_t k, DType);
};

/// Runs one signature: named arrays in, named arrays out.
class TOUCANET_API SignatureRunner {
  Interpreter::Model* model_;
  const SignatureDetails* signature_;
  friend class Interpreter;
  SignatureRunner(Interpreter::Model* m, const SignatureDetails* s) : model_(m), signature_(s) {}

 public:
  const SignatureDetails& details() const { return *signature_; }
  /// Inputs take the shapes of what they are given. TN3006: an input is missing, unknown or of another type.
  Expected<std::map<std::string, Array>> run(const std::map<std::string, ArrayView>& inputs, const std::function<bool()>& keep_going = {});
};

/// The element type that a C++ type stores.
template <class T>
constexpr DType element_type() {
  if constexpr (std::is_same_v<T, float>) return DType::F32;
  else if constexpr (std::is_same_v<T, double>) return DType::F64;
  else if constexpr (std::is_same_v<T, int8_t>) return DType::I8;
  else if constexpr (std::is_same_v<T, int16_t>) return DType::I16;
  else if constexpr (std::is_same_v<T, int32_t>) return DType::I32;
  else if constexpr (std::is_same_v<T, int64_t>) return DType::I64;
  else if constexpr (std::is_same_v<T, uint8_t>) return DType::U8;
  else if constexpr (std::is_same_v<T, uint16_t>) return DType::U16;
  else if constexpr (std::is_same_v<T, uint32_t>) return DType::U32;
  else if constexpr (std::is_same_v<T, uint64_t>) return DType::U64;
  else {
    static_assert(std::is_same_v<T, bool>, "no tensor stores this type");
    return DType::Bool;
  }
}

template <class T>
std::span<T> Interpreter::input(size_t k) {
  const auto bytes = typed(true, k, element_type<T>());
  return {reinterpret_cast<T*>(bytes.data()), bytes.size() / sizeof(T)};
}
template <class T>
std::span<const T> Interpreter::output(size_t k) {
  const auto bytes = typed(false, k, element_type<T>());
  return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
}

}  // namespace toucanet
