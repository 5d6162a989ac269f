#include <algorithm>
#include <unordered_map>

#include "pipeline/rewrite.h"

namespace toucanet {

class Matcher {
  const Graph& g_;
  Match& m_;
  Verdict* refusal_;

 public:
  Matcher(const Graph& g, Match& m, Verdict* refusal) : g_(g), m_(m), refusal_(refusal) {}

  bool node(const Pattern& p, NodeId id, uint32_t slot, bool root) {
    const Node& n = g_[id];
    if (!p.ops.empty() && std::find(p.ops.begin(), p.ops.end(), n.op) == p.ops.end()) return false;
    const Value v{id, slot};
    if (p.is_constant && !n.constant) {
      if (refusal_ && m_.explaining && m_.nodes.size()) *refusal_ = {false, fmt::format("{} is not constant", g_.describe(id)), m_.nodes.size() > 1};
      return false;
    }
    if (p.once && (g_.uses(v).size() != 1 || g_.is_output(v))) {
      if (refusal_ && m_.explaining) *refusal_ = {false, readers(v)};
      return false;
    }
    if (!p.alternatives.empty()) {
      const size_t values = m_.got_.size(), nodes = m_.nodes.size();
      for (const Pattern& a : p.alternatives) {
        if (node(a, id, slot, root)) return true;
        m_.got_.resize(values);
        m_.nodes.resize(nodes);
      }
      return false;
    }
    if (p.capture) {
      if (const Value before = m_.find(p.capture)) {
        if (before != v) return false;
      } else {
        m_.got_.emplace_back(p.capture, v);
      }
    }
    if (p.ops.empty()) {
      if (n.constant) m_.nodes.push_back(id);
      return true;
    }
    if (root || std::find(m_.nodes.begin(), m_.nodes.end(), id) == m_.nodes.end()) m_.nodes.push_back(id);
    const size_t values = m_.got_.size(), nodes = m_.nodes.size();
    if (operands(p, n, false)) return true;
    if (!n.op->is(Commutative) || p.inputs.size() != 2) return false;
    m_.got_.resize(values);
    m_.nodes.resize(nodes);
    return operands(p, n, true);
  }

 private:
  bool operands(const Pattern& p, const Node& n, bool swapped) {
    if (p.rest && p.inputs.empty()) return true;
    for (size_t i = 0; i < std::max(p.inputs.size(), n.inputs.size()); ++i) {
      const size_t j = swapped && i < 2 ? 1 - i : i;
      const Value v = j < n.inputs.size() ? n.inputs[j] : Value{};
      if (i >= p.inputs.size()) {
        if (v && !p.rest) return false;
        continue;
      }
      if (!v) {
        if (!p.inputs[i].may_be_absent) return false;
        continue;
      }
      if (!node(p.inputs[i], v.node, v.slot, false)) return false;
    }
    return true;
  }
  std::string readers(Value v) const {
    std::string who;
    const auto& uses = g_.uses(v);
    constexpr size_t most = 4;
    for (size_t i = 0; i < std::min(uses.size(), most); ++i)
      who += fmt::format("{}{}", who.empty() ? "" : ", ", uses[i].node ? g_.describe(uses[i].node) : std::string("the graph's output"));
    if (uses.size() > most) who += fmt::format(" and {} more", uses.size() - most);
    return fmt::format("{} has {} reader{}: {}", g_.describe(v.node), g_.uses(v).size(), g_.uses(v).size() == 1 ? "" : "s", who);
  }
};

// Patterns are built once, on first use.
static const Pattern& pattern_of(const Rewrite& r) {
  static const std::unordered_map<const Rewrite*, Pattern> all = [] {
    std::unordered_map<const Rewrite*, Pattern> m;
    for (const Rewrite* x : registered_rewrites()) m.emplace(x, x->pattern());
    return m;
  }();
  return all.at(&r);
}
const std::vector<const OpDef*>& root_ops(const Rewrite& r) { return pattern_of(r).ops; }

std::optional<Match> match(const Graph& g, const Rewrite& r, NodeId root, bool explaining, Verdict* refusal) {
  Match m(g, root);
  m.explaining = explaining;
  if (!Matcher(g, m, refusal).node(pattern_of(r), root, 0, true)) return std::nullopt;
  return m;
}

const std::vector<const Rewrite*>& all_rewrites() {
  static const std::vector<const Rewrite*> sorted = [] {
    std::vector<const Rewrite*> rest(registered_rewrites().begin(), registered_rewrites().end()), out;
    std::sort(rest.begin(), rest.end(),
              [](auto* a, auto* b) { return std::pair(a->stage, std::string_view(a->name)) < std::pair(b->stage, std::string_view(b->name)); });
    std::set<std::string_view> done;
    while (!rest.empty()) {
      const auto it = std::find_if(rest.begin(), rest.end(), [&](const Rewrite* r) {
        return std::all_of(r->after.begin(), r->after.end(), [&](const char* a) { return done.count(a); });
      });
      const auto next = it == rest.end() ? rest.begin() : it;  // a cycle of `after`: reported by a test
      done.insert((*next)->name);
      out.push_back(*next);
      rest.erase(next);
    }
    std::stable_sort(out.begin(), out.end(), [](auto* a, auto* b) { return a->stage < b->stage; });
    return out;
  }();
  return sorted;
}

}  // namespace toucanet
