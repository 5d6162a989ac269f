#pragma once
// A rewrite: pattern with typed captures, `when` (accept, or reject with a reason), `build` into a Patch.
#include <algorithm>
#include <set>

#include "ir/graph.h"

namespace toucanet {

struct Trace;

/// Captures a value.
struct Var {
  const char* name;
};

/// A small tree over the operands of a node.
struct Pattern {
  std::vector<const OpDef*> ops;  ///< any of these; empty: any producer
  const void* capture = nullptr;  ///< the Var or NodeVar that wants the value
  std::vector<Pattern> inputs;    ///< operands; those not listed must be absent unless `rest`
  bool once = false;              ///< read by one node only, and no graph output
  bool is_constant = false;
  bool may_be_absent = false;
  bool rest = false;                  ///< further operands may follow
  std::vector<Pattern> alternatives;  ///< the first that fits, instead of `inputs`

  Pattern(const Var& v) : capture(&v) {}
  Pattern(std::vector<const OpDef*> o, const void* c, std::vector<Pattern> in) : ops(std::move(o)), capture(c), inputs(std::move(in)) {}
  /// Only where nobody else reads it: the result disappears.
  Pattern used_once() const { return with(&Pattern::once); }
  Pattern with_rest() const { return with(&Pattern::rest); }

 private:
  Pattern with(bool Pattern::*flag) const {
    Pattern p = *this;
    p.*flag = true;
    return p;
  }
  friend Pattern constant(const Var&);
  friend Pattern optional(const Var&);
};
inline Pattern constant(const Var& v) { return Pattern(v).with(&Pattern::is_constant); }
inline Pattern optional(const Var& v) { return Pattern(v).with(&Pattern::may_be_absent); }

/// Any of several patterns, tried in order; what the others would capture is absent.
template <class... P>
Pattern one_of(const P&... alternatives) {
  Pattern p({}, nullptr, {});
  p.alternatives = {Pattern(alternatives)...};
  for (const Pattern& a : p.alternatives) p.ops.insert(p.ops.end(), a.ops.begin(), a.ops.end());
  for (const Pattern& a : p.alternatives)
    if (a.ops.empty()) p.ops.clear();
  std::sort(p.ops.begin(), p.ops.end());
  p.ops.erase(std::unique(p.ops.begin(), p.ops.end()), p.ops.end());
  return p;
}

/// Captures a node of one kind, with its attributes.
template <class Op>
struct NodeVar {
  const char* name;
  template <class... P>
  Pattern operator()(const P&... in) const {
    return Pattern({&Op::def}, this, {Pattern(in)...});
  }
};
/// Captures a node of several kinds.
struct AnyVar {
  const char* name;
};
template <class Op, class... P>
Pattern op(const P&... in) {
  return Pattern({&Op::def}, nullptr, {Pattern(in)...});
}
template <class... Ops, class... P>
Pattern any_of(const AnyVar& v, const P&... in) {
  return Pattern({&Ops::def...}, &v, {Pattern(in)...});
}

struct Verdict {
  bool yes = true;
  std::string reason = {};
  bool nearly = true;  ///< a refusal that a change of the model might lift
};
inline Verdict accept() { return {}; }

class Match {
  const Graph& g_;
  std::vector<std::pair<const void*, Value>> got_;
  friend class Matcher;

 public:
  NodeId root;
  std::vector<NodeId> nodes;  ///< matched, the root first
  bool explaining = false;    ///< reasons are put into words

  Match(const Graph& g, NodeId r) : g_(g), root(r) {}
  const Graph& graph() const { return g_; }
  Value find(const void* var) const {
    for (const auto& [k, v] : got_)
      if (k == var) return v;
    return {};
  }
  Value operator[](const Var& v) const { return find(&v); }
  Value operator[](const AnyVar& v) const { return find(&v); }
  template <class Op>
  Value operator[](const NodeVar<Op>& v) const {
    return find(&v);
  }
  template <class Op>
  const typename Op::Attrs& attrs(const NodeVar<Op>& v) const {
    return g_[find(&v)].attrs.template as<typename Op::Attrs>();
  }
  const Node& root_node() const { return g_[root]; }
  template <class Op>
  const typename Op::Attrs& root_attrs() const {
    return g_[root].template as<Op>();
  }
  template <class V>
  const Node& node(const V& v) const {
    return g_[find(&v)];
  }
  template <class V>
  const TensorType& type(const V& v) const {
    return g_.type(find(&v));
  }
  template <class V>
  const Shape& shape(const V& v) const {
    return g_.type(find(&v)).shape;
  }
  template <class V>
  const Tensor* constant(const V& v) const {
    return g_.constant(find(&v));
  }
  const TensorType& root_type() const { return g_.type({root, 0}); }

  template <class... A>
  Verdict reject(fmt::format_string<A...> f, A&&... a) const {
    return {false, explaining ? fmt::format(f, std::forward<A>(a)...) : std::string{}};
  }
  /// A refusal that is none of the user's concern: the operators are as they should be.
  template <class... A>
  Verdict needless(fmt::format_string<A...> f, A&&... a) const {
    Verdict v = reject(f, std::forward<A>(a)...);
    v.nearly = false;
    return v;
  }
};

/// Replacement nodes, built aside. Committed whole or not at all.
class Patch {
  Graph& g_;
  const char* rewrite_;
  OriginId origin_;
  std::vector<NodeId> fresh_;
  std::vector<std::pair<Value, Value>> swaps_;
  Diags problems_;

 public:
  Patch(Graph& g, const char* rewrite, OriginId origin) : g_(g), rewrite_(rewrite), origin_(origin) {}
  Patch(const Patch&) = delete;
  Patch& operator=(const Patch&) = delete;

  Graph& graph() { return g_; }
  const TensorType& type(Value v) const { return g_.type(v); }
  Value add(const OpDef&, std::vector<Value> inputs, Attrs = {});
  template <class Op>
  Value add(std::vector<Value> inputs, typename Op::Attrs a = {}) {
    return add(Op::def, std::move(inputs), Attrs::of(std::move(a)));
  }
  /// A copy of a node with other operands.
  Value copy(const Node& n, std::vector<Value> inputs) { return add(*n.op, std::move(inputs), n.attrs); }
  Value constant(Tensor);
  Value ints(const std::vector<int64_t>&);  ///< i32 vector
  Value scalar(float f) { return constant(Tensor::scalar(f)); }
  /// `old` is replaced by `now` everywhere.
  void replace(Value old, Value now) { swaps_.push_back({old, now}); }

  const std::vector<std::pair<Value, Value>>& swaps() const { return swaps_; }

  /// Nothing of the patch remains if it fails. Values whose types or readers changed are added to `touched`.
  Status commit(std::vector<NodeId>& touched);
  void rollback();
};

/// What a rewrite promises so that a fixed point exists.
enum class Progress : uint8_t {
  FewerNodes,  ///< fewer live nodes afterwards, checked
  Lowers,      ///< the root's operator never comes back by another rewrite of the stage
};

struct Rewrite {
  const char* name;
  const char* summary;           ///< "relu(conv(x)) becomes conv(x) with the activation fused"
  const char* mathematics = "";  ///< why it is right
  const char* toco = "";         ///< TOCO's counterpart
  Stage stage;
  Pattern (*pattern)();
  Verdict (*when)(const Match&) = nullptr;
  /// One replacement for each result of the root (absent: nobody reads it).
  std::vector<Value> (*build)(const Match&, Patch&);
  Progress progress = Progress::FewerNodes;
  std::span<const char* const> after = {};  ///< rewrites of the same stage that go first
  /// Computes activations that the source does not hold: left out where activations become integers, whose ranges were
  /// trained, observed or given for the source's.
  bool makes_values = false;
};

/// All rewrites, ordered by stage, `after` and name. Derived from the folders under src/rewrites.
const std::vector<const Rewrite*>& all_rewrites();
std::span<const Rewrite* const> registered_rewrites();  ///< as generated

/// Matches one rewrite at one node; nullopt: no match. `refusal` is given a reason where the root matched but a reader
/// count or the like did not; nearly: an operator besides the root is as it should be.
std::optional<Match> match(const Graph&, const Rewrite&, NodeId root, bool explaining, Verdict* refusal);

}  // namespace toucanet
