#pragma once
// What an operator's plain evaluation sees: operands, results to write into, semantics.
#include <algorithm>

#include "ir/graph.h"
#include "ir/limits.h"

namespace toucanet {

/// Whose rules count where TensorFlow and TensorFlow Lite disagree about an operator.
enum class Semantics : uint8_t { TensorFlow, TfLite };

/// What a user registers for a custom operator: options and operands (nullptr: absent) to results.
using CustomFunction = std::function<Expected<std::vector<Tensor>>(const Bytes& options, std::span<const Tensor* const> operands)>;

/// Services of the executor to operators with subgraphs, state or randomness.
class Executor {
 public:
  virtual ~Executor() = default;
  virtual Expected<std::vector<Tensor>> call(GraphRef, std::vector<Tensor> inputs) = 0;
  /// Variables by name; an empty tensor pointer if never assigned.
  virtual Tensor* variable(const std::string& name) = 0;
  virtual void assign(const std::string& name, Tensor) = 0;
  /// True the first time it is asked for this graph.
  virtual bool first_call(GraphRef) = 0;
  /// The next `n` numbers in [0, 1) of the stream of draw `draw`.
  virtual void uniform(float* out, size_t n) = 0;
  /// A custom operator's function; nullptr: none is registered under this name.
  virtual const CustomFunction* custom(const std::string& name) = 0;
  virtual Rounding rounding() const { return Rounding::Reference; }
  /// Bytes that results may still take.
  virtual size_t memory_left() const = 0;
};

class EvalContext {
 public:
  EvalContext(const OpDef& op, const Attrs& attrs, std::vector<const Tensor*> in, std::vector<Tensor> out, Semantics s, Executor& e)
      : op_(op), attrs_(attrs), in_(std::move(in)), out_(std::move(out)), semantics_(s), executor_(e) {}

  size_t inputs() const { return in_.size(); }
  bool has(size_t i) const { return i < in_.size() && in_[i]; }
  const Tensor& in(size_t i) const { return *in_[i]; }
  template <class T>
  std::span<const T> in(size_t i) const {
    return in_[i]->as<T>();
  }
  /// Quantisation of an operand or a result; nullptr: none.
  const Quant* quant(size_t i) const { return has(i) ? in_[i]->quant.get() : nullptr; }
  const Quant* out_quant(size_t i = 0) const { return out_[i].quant.get(); }
  /// Integers that stand for real numbers are among the operands and results.
  bool quantized() const {
    const auto is = [](const Tensor& t) { return t.quant && (is_int(t.dtype) || t.dtype == DType::I4); };
    return std::any_of(in_.begin(), in_.end(), [&](const Tensor* t) { return t && is(*t); }) || std::any_of(out_.begin(), out_.end(), is);
  }
  size_t outputs() const { return out_.size(); }
  /// Allocated by the executor, zeroed, where the shape follows from the operands.
  Tensor& out(size_t i = 0) { return out_[i]; }
  template <class T>
  std::span<T> out(size_t i = 0) {
    return out_[i].as_mutable<T>();
  }
  /// For results whose shape depends on data. TN3004 where memory does not suffice.
  Status allocate(size_t i, std::vector<int64_t> dims) {
    const auto elements = limits::product(dims);
    if (!elements || static_cast<size_t>(*elements) * byte_size(out_[i].dtype) > executor_.memory_left())
      return diag("TN3004", "{}: a result of the shape [{}] is beyond the memory limit", op_.name, Shape::of(dims).str());
    auto quant = std::move(out_[i].quant);
    out_[i] = Tensor::zeros(out_[i].dtype, std::move(dims));
    out_[i].quant = std::move(quant);
    return ok();
  }
  void set(size_t i, Tensor t) { out_[i] = std::move(t); }

  template <class Op>
  const typename Op::Attrs& attrs() const {
    return attrs_.as<typename Op::Attrs>();
  }
  const Attrs& raw_attrs() const { return attrs_; }
  const OpDef& op() const { return op_; }
  bool tflite() const { return semantics_ == Semantics::TfLite; }
  Executor& executor() const { return executor_; }

  /// A value for which the operator has no result (an index out of range, …).
  template <class... A>
  Diag error(fmt::format_string<A...> f, A&&... a) const {
    return Diag{"TN3001", fmt::format("{}: {}", op_.name, fmt::format(f, std::forward<A>(a)...))};
  }
  Diag no_kernel(DType t) const { return Diag{"TN3002", fmt::format("{} cannot be computed for {}", op_.name, name(t))}; }

 private:
  const OpDef& op_;
  const Attrs& attrs_;
  std::vector<const Tensor*> in_;
  std::vector<Tensor> out_;
  Semantics semantics_;
  Executor& executor_;
};

}  // namespace toucanet
