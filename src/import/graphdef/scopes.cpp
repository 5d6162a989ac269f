#include "import/graphdef/scopes.h"

#include <algorithm>
#include <charconv>

#include "import/graphdef/tf_registry.h"
#include "ir/limits.h"
#include "ir/op_def.h"

namespace toucanet {

TensorName parse_name(std::string_view s) {
  TensorName t{s, {}, 0};
  const size_t colon = s.find(':');
  if (colon == s.npos) return t;
  t.node = s.substr(0, colon);
  auto rest = s.substr(colon + 1);
  if (const size_t second = rest.find(':'); second != rest.npos) t.out = rest.substr(0, second), rest = rest.substr(second + 1);
  const auto end = rest.data() + rest.size();
  const auto r = std::from_chars(rest.data(), end, t.slot);
  if (r.ec != std::errc{} || r.ptr != end) t.slot = max_slot + 1;
  return t;
}

Scopes::Scopes(const GraphDef& d, Diags& problems) : problems_(problems) {
  for (const auto& f : d.functions) functions_[f.name] = &f;
  open(d.nodes, nullptr, 0, nullptr, "", 0);
}

std::optional<uint32_t> Scopes::index_of(std::string_view node) const {
  const auto it = scopes_[0].index.find(node);
  return it == scopes_[0].index.end() ? std::nullopt : std::optional(it->second);
}

uint32_t Scopes::open(const std::vector<NodeDef>& nodes, const FunctionDef* f, uint32_t parent, const NodeDef* call, std::string prefix, int depth) {
  Scope s{&nodes, {}, f, parent, call, std::move(prefix), depth};
  s.index.reserve(nodes.size());
  if (f) inlined_ += nodes.size() + 1;
  for (uint32_t i = 0; i < nodes.size(); ++i)
    if (!s.index.emplace(nodes[i].name, i).second) problems_.push_back(diag("TN1007", "two nodes are called '{}'", nodes[i].name).at(nodes[i].name));
  scopes_.push_back(std::move(s));
  return static_cast<uint32_t>(scopes_.size() - 1);
}

const FunctionDef* Scopes::callee(const NodeDef& n) const {
  if (functions_.empty()) return nullptr;
  std::string_view f = n.op;
  if (n.op == "PartitionedCall" || n.op == "StatefulPartitionedCall") {
    const auto* a = n.attr("f");
    if (!a) return nullptr;
    f = a->func();
  }
  const auto it = functions_.find(f);
  return it == functions_.end() ? nullptr : it->second;
}

bool Scopes::choose(Ref conditional, std::string_view branch) {
  const auto it = functions_.find(branch);
  return it != functions_.end() && chosen_.emplace(conditional.key(), it->second).second;
}

bool Scopes::can_inline(const FunctionDef& f, uint32_t scope, const NodeDef& call) {
  bool itself = false;
  for (uint32_t s = scope; s && !itself; s = scopes_[s].parent) itself = scopes_[s].function == &f;
  if (!itself && scopes_[scope].depth < limits::call_depth && inlined_ < limits::inlined_nodes) return true;
  refused_ = true;
  const std::string who = scopes_[scope].prefix + std::string(call.name);
  if (refused_calls_.insert(&call).second)
    problems_.push_back((itself ? diag("TN1011", "the function '{}' calls itself", f.name)
                                : diag("TN1014", "the function '{}' cannot be inlined: calls are nested too deeply, or too often", f.name))
                            .at(who));
  return false;
}

// Follows function arguments and results until a real node is reached.
std::optional<Ref> Scopes::resolve(uint32_t scope, std::string_view input) {
  refused_ = false;
  for (int hops = 0; hops < 1000; ++hops) {
    const TensorName t = parse_name(input);
    if (t.slot > max_slot) return std::nullopt;
    Scope& s = scopes_[scope];
    const auto it = s.index.find(t.node);
    if (it == s.index.end()) {
      if (s.function) {
        const auto& args = s.function->inputs;
        const auto a = std::find_if(args.begin(), args.end(), [&](auto& x) { return x.name == t.node; });
        const auto k = static_cast<size_t>(a - args.begin());
        if (a != args.end() && k + s.first < s.call->inputs.size()) {
          input = s.call->inputs[k + s.first];
          scope = s.parent;
          continue;
        }
      }
      return std::nullopt;
    }
    Ref r{scope, it->second, t.slot};
    const NodeDef& n = node(r);
    const auto chosen = chosen_.find(r.key());
    const FunctionDef* f = chosen == chosen_.end() ? callee(n) : chosen->second;
    if (!f) {
      if (s.function && !t.out.empty()) {
        if (const TfImport* import = find_tf_import(n.op); import && !import->outputs.empty()) {
          uint32_t k = 0;
          for (size_t from = 0; from <= import->outputs.size(); ++k) {
            const size_t comma = std::min(import->outputs.find(',', from), import->outputs.size());
            if (import->outputs.substr(from, comma - from) == t.out) r.slot = k + t.slot;
            from = comma + 1;
          }
        }
      }
      return r;
    }
    auto c = calls_.find(r.key());
    if (c == calls_.end()) {
      if (!can_inline(*f, scope, n)) return std::nullopt;
      c = calls_.emplace(r.key(), open(f->nodes, f, scope, &n, s.prefix + std::string(n.name) + "/", s.depth + 1)).first;
      scopes_.back().first = chosen == chosen_.end() ? 0 : 1;
    }
    const uint32_t body = c->second;
    size_t k = t.slot;
    if (!t.out.empty() && n.op == f->name)  // other calls have one list of results
      for (size_t i = 0; i < f->outputs.size(); ++i)
        if (f->outputs[i].name == t.out) k = i;
    if (k >= f->outputs.size()) return std::nullopt;
    const auto ret = std::find_if(f->rets.begin(), f->rets.end(), [&](auto& x) { return x.first == f->outputs[k].name; });
    if (ret == f->rets.end()) return std::nullopt;
    input = ret->second;
    scope = body;
  }
  return std::nullopt;
}

std::vector<Ref> Scopes::reach(const std::vector<Ref>& roots, const std::function<bool(Ref)>& cut, bool controls) {
  std::vector<Ref> order;
  std::unordered_map<uint64_t, uint8_t> state;
  struct Frame {
    Ref ref;
    size_t next;
  };
  std::vector<Frame> stack;
  const auto push = [&](Ref r) {
    state[r.key()] = 1;
    stack.push_back({r, 0});
  };
  for (Ref root : roots) {
    if (cut(root) || state[root.key()]) continue;
    push(root);
    while (!stack.empty()) {
      auto& [r, next] = stack.back();
      const NodeDef& n = node(r);
      if (next < n.inputs.size()) {
        auto input = n.inputs[next++];
        if (input.starts_with("^")) {
          if (!controls) continue;
          input.remove_prefix(1);
        }
        const auto child = resolve(r.scope, input);
        if (!child) {
          if (!refused_) problems_.push_back(diag("TN1010", "'{}' reads '{}', which does not exist", full_name(r), input).at(full_name(r)));
          continue;
        }
        if (cut(*child)) continue;
        const uint8_t s = state[child->key()];
        if (s == 0) {
          push(*child);
        } else if (s == 1) {
          std::string path;
          bool in = false, loop = false;  // a loop of NextIteration is reported by its operators
          for (const auto& f : stack) {
            in = in || f.ref.key() == child->key();
            loop = loop || (in && node(f.ref).op == "NextIteration");
            if (in && path.size() < 200) path += "'" + full_name(f.ref) + "' → ";
          }
          if (!loop) problems_.push_back(diag("TN1011", "the graph has a cycle: {}'{}'", path, full_name(*child)).at(full_name(*child)));
        }
        continue;
      }
      state[r.key()] = 2;
      order.push_back(r);
      stack.pop_back();
    }
  }
  return order;
}

}  // namespace toucanet
