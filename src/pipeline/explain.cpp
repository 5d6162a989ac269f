#include "pipeline/explain.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace toucanet {

void collect_tensors(const Converted& c, std::vector<FinalTensor>& out) {
  const Graph& g = c.module.main();
  const Origins& origins = *c.module.origins;
  if (c.written.tensors.empty()) return;
  const auto& tensors = c.written.tensors[0];
  std::map<NodeId, int> operators;
  for (NodeId id : g.topological())
    if (!g[id].is<Input>() && !g[id].is<Const>()) operators.emplace(id, static_cast<int>(operators.size()));
  for (size_t i = 0; i < tensors.size(); ++i) {
    const Value v = tensors[i];
    const Result& r = g.result(v);
    FinalTensor t;
    t.name = c.written.tensor_names[i];
    t.type = r.type.str();
    const Node& n = g[v];
    if (n.is<Input>()) t.operator_name = "input";
    else if (n.is<Const>()) t.operator_name = "constant";
    else t.operator_name = std::string(n.op->tflite.builtin), t.operator_index = operators.at(v.node);
    if (n.is<Const>())
      for (const Use& u : r.uses)
        if (u.node && t.operand.empty()) t.operand = fmt::format("operand {} of {} #{}", u.index, g[u.node].op->tflite.builtin, operators.at(u.node));
    for (auto s : origins.names(r.origin)) t.sources.emplace_back(s);
    for (auto s : origins.rewrites(r.origin)) t.rewrites.emplace_back(s);
    out.push_back(std::move(t));
  }
}

// The reason without names in quotes and without numbers.
static std::string in_general(const std::string& reason) {
  std::string out;
  bool quoted = false;
  for (char c : reason) {
    if (c == '\'') quoted = !quoted;
    if (quoted) continue;
    const bool number = (c >= '0' && c <= '9') || c == '.';
    if (!number || out.empty() || out.back() != '0') out += number ? '0' : c;
  }
  return out;
}

std::vector<NearMiss> near_misses(const Explanation& e) {
  std::set<std::string_view> written;
  for (const FinalTensor& t : e.tensors)
    if (t.operator_index >= 0) written.insert(t.name);
  std::set<std::pair<std::string_view, std::string_view>> applied;
  for (const TraceEvent& x : e.trace.events)
    if (x.applied) applied.insert({x.rewrite, x.at});
  std::vector<NearMiss> all;
  std::map<std::pair<std::string_view, std::string>, size_t> groups;
  for (const TraceEvent& x : e.trace.events) {
    if (x.applied || !x.nearly || !written.count(x.at) || applied.count({x.rewrite, x.at})) continue;
    const auto [it, fresh] = groups.try_emplace({x.rewrite, in_general(x.reason)}, all.size());
    if (fresh) all.push_back({x.stage, x.rewrite, x.reason, {}});
    auto& at = all[it->second].at;
    if (std::find(at.begin(), at.end(), x.at) == at.end()) at.push_back(x.at);
  }
  std::stable_sort(all.begin(), all.end(), [](const NearMiss& a, const NearMiss& b) {
    return std::pair{a.stage != Stage::Fuse, b.at.size()} < std::pair{b.stage != Stage::Fuse, a.at.size()};
  });
  return all;
}

Expected<Explanation> explain(const GraphDef& def, ConvertOptions options) {
  Explanation e;
  options.verify = false;
  TRY(e.converted, convert(def, options, &e.trace));
  collect_tensors(e.converted, e.tensors);
  std::unordered_map<std::string, std::vector<size_t>> tensors, events;
  for (size_t i = 0; i < e.tensors.size(); ++i)
    for (const auto& s : e.tensors[i].sources) tensors[s].push_back(i);
  for (size_t i = 0; i < e.trace.events.size(); ++i)
    if (e.trace.events[i].applied)
      for (const auto& s : e.trace.events[i].sources) events[s].push_back(i);
  for (const auto& n : e.converted.source_nodes) {
    Fate f{n.name, n.op, {}, {}, {}, {}};
    if (const auto it = tensors.find(n.name); it != tensors.end()) f.tensors = it->second;
    if (const auto it = events.find(n.name); it != events.end()) f.events = it->second;
    if (!f.tensors.empty()) {
      f.what = "lives on";
    } else if (!n.needed) {
      f.what = "pruned";
      const auto role = training_role(n.name, n.op);
      f.detail = role.empty() ? "the outputs do not need it" : std::string(role);
    } else if (!f.events.empty()) {
      f.what = "folded away";
      f.detail = e.trace.events[f.events.back()].rewrite;
    } else {
      f.what = "bypassed";
      f.detail = "nothing of the written model reads it";
    }
    e.fates.push_back(std::move(f));
  }
  return e;
}

}  // namespace toucanet
