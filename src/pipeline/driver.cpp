#include "pipeline/driver.h"

#include <algorithm>
#include <random>
#include <unordered_map>
#include <unordered_set>

#include "ir/text.h"
#include "passes/fold_constants.h"
#include "passes/merge_duplicates.h"
#include "passes/remove_dead.h"

namespace toucanet {

const std::vector<const OpDef*>& root_ops(const Rewrite&);

namespace {

class StageRun {
  Module& module_;
  Graph& g_;
  Stage stage_;
  const DriverOptions& options_;
  Trace* trace_;
  std::unordered_map<const OpDef*, std::vector<const Rewrite*>> by_root_;
  std::vector<NodeId> work_;
  enum class Queued : uint8_t { No, Yes, ToInfer };
  std::vector<Queued> queued_;
  size_t budget_;
  size_t applied_ = 0, folded_ = 0;
  std::unordered_set<std::string> told_;             // refusals
  std::vector<std::pair<NodeId, size_t>> refusals_;  // the root, the event
  bool fold_, merge_;

 public:
  StageRun(Module& m, Graph& g, Stage s, const DriverOptions& o, Trace* t)
      : module_(m),
        g_(g),
        stage_(s),
        options_(o),
        trace_(t),
        budget_(o.fold_budget),
        fold_(!o.disabled.count("fold_constants")),
        merge_(!o.disabled.count("merge_duplicates")) {}

  void use(const std::vector<const Rewrite*>& rewrites) {
    for (const Rewrite* r : rewrites)
      for (const OpDef* op : root_ops(*r)) by_root_[op].push_back(r);
  }
  size_t applied() const { return applied_; }
  size_t folded() const { return folded_; }
  bool passes = true;  ///< merging of duplicates, dead code
  bool fold = true;    ///< constants

  Status run() {
    for (int round = 0; round < 16; ++round) {
      const size_t before = applied_;
      size_t merged = 0;
      if (passes && merge_) merged = merge_duplicates(g_);
      fill(round == 0 || merged > 0);
      CHECK_OK(drain());
      size_t dead = 0;
      if (passes) dead = remove_dead(g_);
      if (applied_ == before && merged == 0 && dead == 0) break;
    }
    // What another rewrite has taken since misses nothing.
    for (const auto& [root, event] : refusals_)
      if (!g_.alive(root)) trace_->events[event].nearly = false;
    return ok();
  }

 private:
  // Types are inferred again where operands may have changed.
  void push(NodeId id, bool infer = true) {
    if (!g_.alive(id)) return;
    if (queued_.size() <= id.index) queued_.resize(g_.arena_size() * 2);
    Queued& q = queued_[id.index];
    if (q == Queued::No) work_.push_back(id);
    if (q != Queued::ToInfer) q = infer ? Queued::ToInfer : Queued::Yes;
  }
  void fill(bool infer) {
    work_.clear();
    queued_.assign(g_.arena_size() + 16, Queued::No);
    auto order = g_.topological();
    for (auto it = order.rbegin(); it != order.rend(); ++it) push(*it, infer);  // a stack: operands on top
  }

  Status drain() {
    size_t steps = 0;
    const size_t cap = 1000 + g_.live() * 64;
    while (!work_.empty()) {
      const NodeId id = work_.back();
      work_.pop_back();
      const bool infer = std::exchange(queued_[id.index], Queued::No) == Queued::ToInfer;
      if (!g_.alive(id)) continue;
      if (++steps > cap)
        return diag("TN9003", "the rewrites of stage '{}' do not come to an end", name(stage_))
            .note("please report this graph; --disable names a rewrite to leave out");
      if ((steps & 255) == 0 && options_.keep_going && !options_.keep_going()) return diag("TN3005", "cancelled");
      if (infer) CHECK_OK(refresh(id));
      if (fold && fold_) {
        std::vector<NodeId> touched;
        const std::string before = trace_ && trace_->words ? print_node(g_, id) : std::string{};
        const OriginId origin = g_[id].outputs.empty() ? OriginId{} : g_[id].outputs[0].origin;
        if (fold_constants(g_, id, budget_, touched)) {
          ++applied_, ++folded_;
          if (!before.empty()) note(id, "fold_constants", before, "a constant", origin);
          remove_dead(g_, id);
          for (NodeId t : touched) push(t);
          continue;
        }
      }
      CHECK_OK(rewrite(id));
    }
    return ok();
  }

  // Operands may have become more precise since the node was made.
  Status refresh(NodeId id) {
    if (g_[id].is<Input>() || g_[id].is<Const>()) return ok();
    TRY(const bool changed, g_.reinfer(id));
    if (changed)
      for (const auto& r : g_[id].outputs)
        for (const Use& u : r.uses)
          if (u.node) push(u.node);
    return ok();
  }

  Status rewrite(NodeId id) {
    const auto it = by_root_.find(g_[id].op);
    if (it == by_root_.end()) return ok();
    const bool words = trace_ && trace_->words;
    for (const Rewrite* r : it->second) {
      Verdict refusal;
      auto m = match(g_, *r, id, words, words ? &refusal : nullptr);
      if (!m) {
        refused(*r, id, refusal);
        continue;
      }
      if (r->when) {
        if (const Verdict v = r->when(*m); !v.yes) {
          if (words) refused(*r, id, v);
          continue;
        }
      }
      OriginId origin;
      for (auto n = m->nodes.rbegin(); n != m->nodes.rend(); ++n)
        if (*n != id && !g_[*n].outputs.empty()) origin = module_.origins->merge(origin, g_[*n].outputs[0].origin, nullptr);
      origin = module_.origins->merge(origin, g_[id].outputs[0].origin, r->name);
      const size_t live = g_.live();
      const std::string before = words ? print_nodes(g_, m->nodes) : std::string{};
      Patch patch(g_, r->name, origin);
      const auto first_new = static_cast<uint32_t>(g_.arena_size());
      const auto results = r->build(*m, patch);
      for (uint32_t s = 0; s < results.size(); ++s)
        if (results[s]) patch.replace({id, s}, results[s]);
      std::vector<NodeId> touched;
      if (auto s = patch.commit(touched); !s) {
        if (words) refused(*r, id, {false, "types do not fit: " + s.error()[0].what});
        continue;
      }
      ++applied_;
      std::string after;
      if (words) {
        std::vector<NodeId> made;
        for (uint32_t i = static_cast<uint32_t>(g_.arena_size()); i-- > first_new;)
          if (g_.alive({i})) made.push_back({i});
        after = made.empty() ? fmt::format("{}", results.empty() || !results[0] ? "" : print_value(g_, results[0])) : print_nodes(g_, made);
        note(id, r->name, before, after, origin);
      }
      auto nodes = m->nodes;
      for (const auto& [old, now] : patch.swaps()) nodes.push_back(old.node);
      for (NodeId n : nodes)
        if (g_.alive(n)) {
          remove_dead(g_, n);
          push(n);
        }
      if (r->progress == Progress::FewerNodes && g_.live() >= live)
        return diag("TN9004", "the rewrite '{}' made no progress at {}", r->name, g_.alive(id) ? g_.describe(id) : std::string("its root"));
      for (auto t = touched.rbegin(); t != touched.rend(); ++t) push(*t);
      return ok();
    }
    return ok();
  }

  // The tensor's name, or that of the user's node it comes from.
  std::string name_of(NodeId id) const {
    const Result& r = g_[id].outputs[0];
    return r.name.empty() ? std::string(module_.origins->last(r.origin)) : r.name;
  }
  void refused(const Rewrite& r, NodeId id, const Verdict& v) {
    if (v.reason.empty()) return;
    TraceEvent e{stage_, r.name, false, name_of(id), {}, {}, {}, v.reason, v.nearly};
    if (!told_.insert(fmt::format("{}\n{}\n{}", e.rewrite, e.at, v.reason)).second) return;
    refusals_.emplace_back(id, trace_->events.size());
    for (auto n : module_.origins->names(g_[id].outputs[0].origin)) e.sources.emplace_back(n);
    trace_->events.push_back(std::move(e));
  }
  // What a node with several results, or none left, is called.
  void note(NodeId id, const char* rewrite, std::string before, std::string after, OriginId origin) {
    TraceEvent e{stage_,
                 rewrite,
                 true,
                 g_.alive(id) && !g_[id].outputs.empty() ? g_[id].outputs[0].name : std::string(module_.origins->last(origin)),
                 {},
                 std::move(before),
                 std::move(after),
                 {}};
    for (auto n : module_.origins->names(origin)) e.sources.emplace_back(n);
    trace_->events.push_back(std::move(e));
  }
};

size_t live_nodes(const Module& m) {
  size_t n = 0;
  for (const Graph& g : m.graphs) n += g.live();
  return n;
}

}  // namespace

Status run_stage(Module& m, Stage stage, const DriverOptions& options, Trace* trace) {
  std::vector<const Rewrite*> rewrites;
  for (const Rewrite* r : all_rewrites())
    if (r->stage == stage && !options.disabled.count(r->name)) rewrites.push_back(r);
  if (options.shuffle) {
    std::mt19937_64 random(options.shuffle);
    std::shuffle(rewrites.begin(), rewrites.end(), random);
  }
  const size_t before = live_nodes(m);
  for (Graph& g : m.graphs) {
    StageRun run(m, g, stage, options, trace);
    run.use(rewrites);
    CHECK_OK(run.run());
  }
  Diags left;
  for (const Graph& g : m.graphs)
    for (NodeId id : g.topological())
      if (g[id].op->legal_until < Stage::Export && g[id].op->legal_until <= stage && !g[id].is<Input>() && !g[id].is<Const>()) {
        const std::string node = g[id].outputs.empty() ? std::string{} : std::string(m.origins->last(g[id].outputs[0].origin));
        left.push_back(diag("TN2006", "{} could not be lowered to TensorFlow Lite operators", g.describe(id)).at(node));
      }
  if (!left.empty()) return left;
  if (trace) {
    trace->stages.push_back({stage, before, live_nodes(m)});
    if (trace->after_stage) trace->after_stage(stage, m);
  }
  return ok();
}

Expected<int> apply_alone(Module& m, const Rewrite& r, Trace* trace, bool fold) {
  DriverOptions options;
  int n = 0;
  for (Graph& g : m.graphs) {
    StageRun run(m, g, r.stage, options, trace);
    run.passes = false;
    run.fold = fold;
    run.use({&r});
    CHECK_OK(run.run());
    n += static_cast<int>(run.applied() - run.folded());
    remove_dead(g);
  }
  return n;
}

}  // namespace toucanet
