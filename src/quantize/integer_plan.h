#pragma once
// Which nodes compute in integers, and with which parameters: decided before anything changes.
#include <set>

#include "ir/quant_rule.h"
#include "quantize/choices.h"

namespace toucanet {

using SharedQuant = std::shared_ptr<const Quant>;

/// Values of one set share their parameters; a set is what operators hold together that only move or compare numbers.
/// Where two members' parameters are fixed and differ the set is cut where requantising has the fewest elements.
class IntegerPlan {
  const Graph& g_;
  const Choices& choices_;
  DType type_;
  std::map<Value, Value> parent_;
  std::map<Value, SharedQuant> own_;  // fixed by the operator that gives the value
  struct Set {
    std::optional<MinMax> range;
    SharedQuant exact;
    std::string source;
  };
  std::map<Value, Set> sets_;  // by root; exact: its parameters, once solved
  std::map<uint32_t, std::string> floats_;
  std::set<uint32_t> lost_;  // of those, the ones for want of a range

 public:
  IntegerPlan(const Graph&, const Choices&);
  DType type() const { return type_; }
  bool is_integer(NodeId id) const { return !floats_.count(id.index) && !g_[id].is<Input>() && !g_[id].is<Const>(); }
  /// Why a node stays in floats; empty: it is computed in integers.
  const std::string& reason(NodeId id) const;
  bool lacks_range(NodeId id) const { return lost_.count(id.index); }
  /// As the value's producer gives it; nullptr: it is not stored as integers.
  SharedQuant of(Value) const;
  /// As the readers of the value's set want it.
  SharedQuant shared(Value) const;
  /// Of a constant that is read as an activation.
  SharedQuant constant(Value) const;
  /// The operand whose parameters a node that moves numbers works in, where what it gives is requantised instead of it.
  std::optional<Value> requantised_behind(NodeId) const;
  /// Where the parameters of a value come from.
  std::string source(Value) const;

 private:
  Value root(Value) const;
  std::string refuses(NodeId) const;
  Value only_operand(const Node&) const;
  std::string shared_along(Value, const std::string& source) const;
  void fix(NodeId);
  void join();
  void unite(Value, Value);
  bool range_is_of_no_use(Value) const;
  void add_ranges();
  bool without_range();
  void solve();
  bool beyond_kernels();
  QuantRule::Stored stored(Value) const;
};

inline bool is_f32(const Graph& g, Value v) { return v && g.type(v).dtype == DType::F32; }
/// [least, greatest] number that these parameters can say.
MinMax range_of(const Quant&, DType);
/// The rule of a node: its operator's, FakeQuant's own.
const QuantRule* rule_of(const Node&);

}  // namespace toucanet
