#pragma once
// The nodes of a GraphDef and of the functions that it calls, inlined: who reads what, and what outputs need.
#include <deque>
#include <functional>
#include <set>
#include <unordered_map>

#include "import/graphdef/graph_def.h"

namespace toucanet {

/// "node", "node:1", "node:out:0".
struct TensorName {
  std::string_view node;
  std::string_view out;  ///< output argument, in functions
  uint32_t slot = 0;     ///< beyond max_slot: not a number
};
inline constexpr uint32_t max_slot = 0xffff;  ///< no node has more results
TensorName parse_name(std::string_view);

/// A result of a node of a scope.
struct Ref {
  uint32_t scope = 0, node = 0, slot = 0;
  uint64_t key() const { return uint64_t{scope} << 32 | node; }
};

/// Scope 0 is the graph, each further one an inlined call. Problems are added to those given.
class Scopes {
  struct Scope {
    const std::vector<NodeDef>* nodes;
    std::unordered_map<std::string_view, uint32_t> index;
    const FunctionDef* function = nullptr;
    uint32_t parent = 0;
    const NodeDef* call = nullptr;
    std::string prefix;
    int depth = 0;
    size_t first = 0;  // of the call's operands that is an argument
  };
  Diags& problems_;
  std::deque<Scope> scopes_;
  std::unordered_map<std::string_view, const FunctionDef*> functions_;
  std::unordered_map<uint64_t, uint32_t> calls_;             // call node → scope
  std::unordered_map<uint64_t, const FunctionDef*> chosen_;  // conditional → its branch
  size_t inlined_ = 0;                                       // nodes of inlined functions
  bool refused_ = false;
  std::set<const NodeDef*> refused_calls_;

  uint32_t open(const std::vector<NodeDef>& nodes, const FunctionDef* f, uint32_t parent, const NodeDef* call, std::string prefix, int depth);
  bool can_inline(const FunctionDef&, uint32_t scope, const NodeDef& call);

 public:
  Scopes(const GraphDef&, Diags& problems);
  const NodeDef& node(Ref r) const { return (*scopes_[r.scope].nodes)[r.node]; }
  /// With the names of the calls around it.
  std::string full_name(Ref r) const { return scopes_[r.scope].prefix + std::string(node(r).name); }
  /// Of a node of the graph itself.
  std::optional<uint32_t> index_of(std::string_view node) const;
  /// The function that the node calls; nullptr if it calls none.
  const FunctionDef* callee(const NodeDef&) const;
  /// The conditional calls this branch from now on, with its operands but the first; false: there is no such function.
  bool choose(Ref conditional, std::string_view branch);
  /// Nodes that are calls, by key.
  const std::unordered_map<uint64_t, uint32_t>& calls() const { return calls_; }

  /// The result that is meant, through function arguments and results; nullopt if it does not exist.
  std::optional<Ref> resolve(uint32_t scope, std::string_view input);
  /// The last resolve() met a call that cannot be inlined, which is reported.
  bool refused() const { return refused_; }
  /// Nodes that the roots need, operands first, without what lies before a cut, with what control edges need if
  /// `controls`. Iterative; cycles are reported, loops of NextIteration are not cycles.
  std::vector<Ref> reach(const std::vector<Ref>& roots, const std::function<bool(Ref)>& cut, bool controls = false);
};

}  // namespace toucanet
