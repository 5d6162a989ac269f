#pragma once
// The IR: nodes in an arena with stable ids, values are (node, slot), use-lists kept by the graph.
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <memory>

#include "ir/op_def.h"
#include "ir/origin.h"

namespace toucanet {

struct NodeId {
  uint32_t index = std::numeric_limits<uint32_t>::max();
  auto operator<=>(const NodeId&) const = default;
  explicit operator bool() const { return index != std::numeric_limits<uint32_t>::max(); }
};
/// Result `slot` of a node; default: absent (an optional operand).
struct Value {
  NodeId node;
  uint32_t slot = 0;
  auto operator<=>(const Value&) const = default;
  explicit operator bool() const { return static_cast<bool>(node); }
};
/// Operand `index` of `node`, or graph output `index` where node is absent.
struct Use {
  NodeId node;
  uint32_t index;
  bool operator==(const Use&) const = default;
};

struct Result {
  TensorType type;
  std::string name;  ///< tensor name; the user's own where there is one
  OriginId origin;
  std::shared_ptr<const Dims> ints;  ///< partially known elements of a small integer tensor
  std::vector<Use> uses;
  uint32_t outputs = 0;  ///< uses that are graph outputs
};

struct Node {
  const OpDef* op = nullptr;  ///< nullptr: erased
  Attrs attrs;
  std::vector<Value> inputs;
  std::vector<Result> outputs;
  std::shared_ptr<const Tensor> constant;  ///< of a const node
  std::vector<uint32_t> places = {};       ///< of each operand among its value's uses; the graph's own
  template <class Op>
  const typename Op::Attrs& as() const {
    assert(op == &Op::def);
    return attrs.as<typename Op::Attrs>();
  }
  template <class Op>
  bool is() const {
    return op == &Op::def;
  }
};

/// A graph input; its type and name stand in its result. Not an operator of any file.
struct Input {
  using Attrs = NoAttrs;
  static const OpDef def;
};
/// A constant.
struct Const {
  using Attrs = NoAttrs;
  static const OpDef def;
};

class Graph {
  std::deque<Node> nodes_;
  size_t live_ = 0;
  Module* module_ = nullptr;
  friend struct Module;
  uint32_t& place(Use u) { return u.node ? nodes_[u.node.index].places[u.index] : outputs_[u.index].place; }
  void link(Value v, Use u);
  void unlink(Value v, Use u);

 public:
  struct Output {
    Value value;
    std::string name;
    uint32_t place = 0;  ///< among the value's uses; the graph's own
  };
  std::string name = "main";
  std::vector<Value> inputs;  ///< values of Input nodes

  Module& module() const { return *module_; }
  size_t arena_size() const { return nodes_.size(); }
  size_t live() const { return live_; }
  bool alive(NodeId id) const { return nodes_[id.index].op != nullptr; }
  const Node& operator[](NodeId id) const { return nodes_[id.index]; }
  const Node& operator[](Value v) const { return nodes_[v.node.index]; }
  const Result& result(Value v) const { return nodes_[v.node.index].outputs[v.slot]; }
  Result& result(Value v) { return nodes_[v.node.index].outputs[v.slot]; }
  const TensorType& type(Value v) const { return result(v).type; }
  const std::vector<Use>& uses(Value v) const { return result(v).uses; }
  const Tensor* constant(Value v) const { return v ? nodes_[v.node.index].constant.get() : nullptr; }
  /// The operator's name for messages: "conv_2d 'a/b/Conv2D'".
  std::string describe(NodeId) const;

  const std::vector<Output>& outputs() const { return outputs_; }
  void add_output(Value, std::string name);
  void set_output(size_t i, Value);
  bool is_output(Value v) const { return result(v).outputs > 0; }

  Value add_input(TensorType, std::string name, OriginId = {});
  Value add_constant(Tensor, std::string name = {}, OriginId = {});
  /// Adds a node; types are inferred, never set by hand.
  Expected<NodeId> add(const OpDef&, Attrs, std::vector<Value> inputs, std::string name = {}, OriginId = {});
  template <class Op>
  Expected<NodeId> add(std::vector<Value> inputs, typename Op::Attrs a = {}, std::string n = {}, OriginId o = {}) {
    return add(Op::def, Attrs::of(std::move(a)), std::move(inputs), std::move(n), o);
  }
  void set_input(NodeId, size_t i, Value);
  void remove_last_input(NodeId);
  /// Every reader of `from` reads `to` instead.
  void replace_uses(Value from, Value to);
  /// Removes a node whose results nobody reads.
  void erase(NodeId);
  /// Infers the node's result types again from its operands; true if they became more precise.
  Expected<bool> reinfer(NodeId);
  /// Operands before readers; live nodes only. Stable: follows ids where the order is free.
  std::vector<NodeId> topological() const;

 private:
  std::vector<Output> outputs_;
};

struct Signature {
  std::string key = "serving_default";
  uint32_t graph = 0;
  std::vector<std::pair<std::string, uint32_t>> inputs;   ///< public name → index of graph input
  std::vector<std::pair<std::string, uint32_t>> outputs;  ///< public name → index of graph output
};

/// Graphs (the first is the main one), signatures, and what is shared between them.
struct Module {
  std::deque<Graph> graphs;
  std::vector<Signature> signatures;
  std::shared_ptr<Origins> origins = std::make_shared<Origins>();
  std::vector<std::pair<std::string, Bytes>> metadata;
  std::string description;

  Module() = default;
  Module(Module&& o) noexcept { *this = std::move(o); }
  Module& operator=(Module&& o) noexcept;
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  /// Shares constants and origins.
  Module clone() const;
  Graph& add_graph(std::string name);
  Graph& main() { return graphs.front(); }
  const Graph& main() const { return graphs.front(); }
};

/// What an operator's infer sees: operand types, partially known integers, constants.
class InferContext {
 public:
  struct In {
    const TensorType* type = nullptr;  ///< nullptr: absent
    const Dims* ints = nullptr;
    const Tensor* constant = nullptr;
  };
  struct Out {
    TensorType type;
    std::shared_ptr<const Dims> ints;
  };

  InferContext(const OpDef& op, const Attrs& attrs, std::vector<In> in, const Module* module) : op_(op), attrs_(attrs), in_(std::move(in)), module_(module) {}

  size_t inputs() const { return in_.size(); }
  bool has(size_t i) const { return i < in_.size() && in_[i].type; }
  const TensorType& in(size_t i) const { return *in_[i].type; }
  const Shape& shape(size_t i) const { return in_[i].type->shape; }
  DType dtype(size_t i) const { return in_[i].type->dtype; }
  /// Elements of a small integer operand, as far as known; nullptr if nothing is.
  const Dims* ints(size_t i) const { return i < in_.size() ? in_[i].ints : nullptr; }
  const Tensor* constant(size_t i) const { return i < in_.size() ? in_[i].constant : nullptr; }
  template <class Op>
  const typename Op::Attrs& attrs() const {
    return attrs_.as<typename Op::Attrs>();
  }
  const Attrs& raw_attrs() const { return attrs_; }
  const OpDef& op() const { return op_; }
  const Module* module() const { return module_; }

  void out(TensorType t, std::shared_ptr<const Dims> ints = nullptr) { out_.push_back({std::move(t), std::move(ints)}); }
  void out(DType t, Shape s) { out(TensorType{t, std::move(s), nullptr}); }
  void out(DType t, Shape s, Dims ints) { out(TensorType{t, std::move(s), nullptr}, std::make_shared<const Dims>(std::move(ints))); }
  const std::vector<Out>& results() const { return out_; }

  /// "conv_2d: …" under the code of shape and type errors.
  template <class... A>
  Diag error(fmt::format_string<A...> f, A&&... a) const {
    return Diag{"TN1203", fmt::format("{}: {}", op_.name, fmt::format(f, std::forward<A>(a)...))};
  }

 private:
  const OpDef& op_;
  const Attrs& attrs_;
  std::vector<In> in_;
  const Module* module_;
  std::vector<Out> out_;
};

/// Runs an operator's infer with the arity checked.
Status run_infer(InferContext&);
/// Elements of a small integer constant as Dims; nullptr if it is not one.
std::shared_ptr<const Dims> small_ints(const Tensor&);

}  // namespace toucanet
