#pragma once
// What an operator's from_tf sees of a TensorFlow node, and how it adds nodes to the graph.
// Errors are gathered: an accessor that fails returns a default and the node is refused afterwards.
#include <set>

#include "import/graphdef/graph_def.h"
#include "ir/graph.h"

namespace toucanet {

/// The type in which values of a TensorFlow type are computed: wide and narrow floats as float32.
constexpr DType compute_type(DType t) { return is_float(t) ? DType::F32 : t; }

class TfNode {
 public:
  TfNode(Graph& g, const NodeDef& def, std::string name, std::vector<Value> inputs, OriginId origin, int producer)
      : graph_(g), def_(def), name_(std::move(name)), inputs_(std::move(inputs)), origin_(origin), producer_(producer) {}

  const std::string& name() const { return name_; }
  std::string_view op() const { return def_.op; }
  Graph& graph() { return graph_; }
  int producer() const { return producer_; }

  size_t inputs() const { return inputs_.size(); }
  Value in(size_t i);
  std::vector<Value> all_inputs() const { return inputs_; }
  /// Of an absent value: a token of unknown rank.
  const TensorType& type(Value v) const;
  const TensorType& type(size_t i) { return graph_.type(in(i)); }
  /// The operand's value if it follows from constants; nullptr otherwise.
  std::shared_ptr<const Tensor> constant(size_t i);
  /// The same as integers; the node is refused where it is no constant ("axis must be constant").
  std::vector<int64_t> const_ints(size_t i, std::string_view what);

  // Attributes, by TensorFlow's names, with the registry's default (absent means default).
  bool flag(std::string_view key, bool fallback);
  int64_t integer(std::string_view key, int64_t fallback);
  float number(std::string_view key, float fallback);
  std::string_view string(std::string_view key, std::string_view fallback);
  std::vector<int64_t> ints(std::string_view key, std::vector<int64_t> fallback);
  std::vector<float> floats(std::string_view key);
  DType dtype(std::string_view key, DType fallback);
  bool has(std::string_view key) const { return def_.attr(key) != nullptr; }
  /// The attribute changes nothing that is computed.
  void ignore(std::string_view key) { read_.insert(key); }
  /// [1,h,w,1] → {h, w}; refused otherwise.
  std::pair<int64_t, int64_t> spatial(std::string_view key, std::vector<int64_t> fallback);
  /// Refuses channels-first graphs by name.
  void nhwc();

  /// Adds an operator; an absent value if an operand is absent through an earlier failure or types do not fit.
  Value add(const OpDef&, std::vector<Value> inputs, Attrs = {}, uint32_t slot = 0);
  template <class Op>
  Value add(std::vector<Value> inputs, typename Op::Attrs a = {}) {
    return add(Op::def, std::move(inputs), Attrs::of(std::move(a)));
  }
  /// All results of a node with several.
  template <class Op>
  std::vector<Value> add_all(std::vector<Value> inputs, typename Op::Attrs a = {}) {
    const Value v = add<Op>(std::move(inputs), std::move(a));
    std::vector<Value> out;
    if (v)
      for (uint32_t i = 0; i < graph_[v].outputs.size(); ++i) out.push_back({v.node, i});
    return out;
  }
  Value constant(Tensor);
  Value ints_constant(const std::vector<int64_t>&);  ///< i32 vector
  /// The operand as i32 (a cast where it is i64).
  Value as_i32(Value);

  /// Refuses the node under a code; the rest of the graph is still looked at.
  template <class... A>
  void refuse(fmt::format_string<A...> f, A&&... a) {
    problems_.push_back(diag("TN2003", "{} '{}': {}", op(), name_, fmt::format(f, std::forward<A>(a)...)).at(name_));
  }
  bool failed() const { return !problems_.empty(); }
  Diags take_problems() { return std::move(problems_); }
  /// Attributes that carry a value and were not read.
  std::vector<std::string_view> unread() const;
  OriginId origin() const { return origin_; }

 private:
  const AttrView* find(std::string_view key, AttrView::Kind kind);

  Graph& graph_;
  const NodeDef& def_;
  std::string name_;
  std::vector<Value> inputs_;
  OriginId origin_;
  int producer_;
  std::set<std::string_view> read_;
  Diags problems_;
};

/// The importer of operators whose operands and results are the TensorFlow op's, with no attributes.
template <class Op>
Expected<std::vector<Value>> import_plain(TfNode& n) {
  return std::vector<Value>{n.add(Op::def, n.all_inputs())};
}

}  // namespace toucanet
