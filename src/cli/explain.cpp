#include <iostream>

#include "cli/arguments.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "pipeline/explain.h"

namespace toucanet::cli {
namespace {
using nlohmann::ordered_json;

struct Arguments {
  ModelArguments model;
  std::string node, rewrite, provenance;
  bool refused = false;
  Terminal terminal;
};

std::string shortened(const std::string& s, size_t n) { return s.size() <= n ? s : s.substr(0, n - 1) + "…"; }

ordered_json json_of(const TraceEvent& e) {
  ordered_json j{{"stage", name(e.stage)}, {"rewrite", e.rewrite}, {"applied", e.applied}, {"at", e.at}, {"sources", e.sources}};
  if (e.applied) j["before"] = e.before, j["after"] = e.after;
  else j["reason"] = e.reason, j["nearly"] = e.nearly;
  return j;
}

ordered_json json_of(const Explanation& e) {
  ordered_json stages = ordered_json::array(), events = ordered_json::array(), tensors = ordered_json::array(), fates = ordered_json::array();
  for (const auto& s : e.trace.stages) stages.push_back({{"stage", name(s.stage)}, {"nodes_before", s.nodes_before}, {"nodes_after", s.nodes_after}});
  for (const auto& x : e.trace.events) events.push_back(json_of(x));
  for (const auto& t : e.tensors)
    tensors.push_back({{"name", t.name},
                       {"type", t.type},
                       {"operator", t.operator_name},
                       {"operator_index", t.operator_index},
                       {"operand", t.operand},
                       {"sources", t.sources},
                       {"rewrites", t.rewrites}});
  for (const auto& f : e.fates) {
    std::vector<std::string> names;
    for (size_t i : f.tensors) names.push_back(e.tensors[i].name);
    fates.push_back({{"node", f.name}, {"op", f.op}, {"fate", f.what}, {"detail", f.detail}, {"tensors", names}, {"events", f.events}});
  }
  ordered_json j = cli::json_of(e.converted);
  j["stages"] = stages;
  j["events"] = events;
  j["tensors"] = tensors;
  j["nodes"] = fates;
  return j;
}

void print_event(const TraceEvent& e) {
  const Rewrite* r = nullptr;
  for (const Rewrite* x : all_rewrites())
    if (e.rewrite == x->name) r = x;
  std::cout << fmt::format("  {:<9}{:<34}{}\n", name(e.stage), e.rewrite,
                           r ? (*r->mathematics ? r->mathematics : r->summary) : "evaluated once, at conversion");
  std::cout << fmt::format("    {}\n    -> {}\n", shortened(e.before, 400), shortened(e.after, 400));
}

int explain_node(const Explanation& e, const Arguments& a) {
  const Fate* f = nullptr;
  std::vector<std::string_view> names;
  for (const auto& x : e.fates) {
    names.push_back(x.name);
    if (x.name == a.node) f = &x;
  }
  if (!f) {
    Diag d = diag("TN1004", "the model has no node '{}'", a.node);
    if (const auto near = nearest(a.node, names); !near.empty()) d.notes.push_back(fmt::format("did you mean '{}'?", near));
    a.terminal.report({d});
    return ConversionFailed;
  }
  if (a.terminal.json) {
    ordered_json j{
        {"node", f->name}, {"op", f->op}, {"fate", f->what}, {"detail", f->detail}, {"events", ordered_json::array()}, {"tensors", ordered_json::array()}};
    for (size_t i : f->events) j["events"].push_back(json_of(e.trace.events[i]));
    for (size_t i : f->tensors)
      j["tensors"].push_back({{"name", e.tensors[i].name},
                              {"operator", e.tensors[i].operator_name},
                              {"operator_index", e.tensors[i].operator_index},
                              {"operand", e.tensors[i].operand}});
    std::cout << j.dump(2) << "\n";
    return Done;
  }
  std::string type;
  const Graph& s = e.converted.source.main();
  for (NodeId id : s.topological())
    for (const auto& r : s[id].outputs)
      if (r.name == f->name) type = ", " + describe(r.type);
  std::cout << fmt::format("{}   ({}{})\n", f->name, f->op, type);
  for (size_t i : f->events) print_event(e.trace.events[i]);
  if (f->tensors.empty()) std::cout << fmt::format("  {}: {}\n", f->what, f->detail);
  for (size_t k = 0; k < f->tensors.size(); ++k) {
    if (k == 12) {
      std::cout << fmt::format("  … and {} more tensors (--json lists them)\n", f->tensors.size() - k);
      break;
    }
    const auto& t = e.tensors[f->tensors[k]];
    std::cout << fmt::format("  lives on in  '{}' ({})\n", t.name,
                             t.operator_index >= 0           ? fmt::format("{} #{}", t.operator_name, t.operator_index)
                             : t.operator_name == "constant" ? "constant, " + t.operand
                                                             : t.operator_name);
  }
  return Done;
}

void print_near_misses(const std::vector<NearMiss>& all, size_t most, size_t names) {
  for (size_t i = 0; i < std::min(all.size(), most); ++i) {
    const NearMiss& n = all[i];
    std::string at;
    for (size_t k = 0; k < std::min(n.at.size(), names); ++k) at += fmt::format("{}'{}'", k ? ", " : "", n.at[k]);
    if (n.at.size() > names) at += fmt::format(" and {} more", n.at.size() - names);
    std::cout << fmt::format("  {:>5} × {}: {}\n          at {}\n", n.at.size(), n.rewrite, shortened(n.reason, 200), at);
  }
  if (all.size() > most) std::cout << fmt::format("  … and {} more reasons (--rewrite NAME lists one rewrite's, --json all)\n", all.size() - most);
}

int explain_refused(const Explanation& e, const Arguments& a) {
  if (a.terminal.json) {
    ordered_json list = ordered_json::array();
    for (const auto& x : e.trace.events)
      if (!x.applied && (a.rewrite.empty() || x.rewrite == a.rewrite)) list.push_back(json_of(x));
    std::cout << list.dump(2) << "\n";
    return Done;
  }
  for (const auto& x : e.trace.events)
    if (!x.applied && x.rewrite == a.rewrite) std::cout << fmt::format("not at '{}': {}\n", x.at, x.reason);
  if (!a.rewrite.empty()) return Done;
  const auto all = near_misses(e);
  print_near_misses(all, 15, 3);
  if (all.empty()) std::cout << "nothing nearly applied to an operator of the written model\n";
  return Done;
}

int explain_rewrite(const Explanation& e, const Arguments& a) {
  const auto& all = all_rewrites();
  const auto it = std::find_if(all.begin(), all.end(), [&](auto* r) { return a.rewrite == r->name; });
  if (it == all.end() && a.rewrite != "fold_constants") {
    std::vector<std::string_view> names;
    names.reserve(all.size());
    for (auto* r : all) names.emplace_back(r->name);
    a.terminal.report({no_rewrite(a.rewrite, names)});
    return Usage;
  }
  ordered_json list = ordered_json::array();
  if (!a.terminal.json && it != all.end()) {
    std::cout << fmt::format("{}: {}\n", (*it)->name, (*it)->summary);
    if (*(*it)->mathematics) std::cout << fmt::format("  {}\n", (*it)->mathematics);
  }
  int applied = 0, refused = 0;
  for (const auto& x : e.trace.events) {
    if (x.rewrite != a.rewrite) continue;
    ++(x.applied ? applied : refused);
    if (a.terminal.json) list.push_back(json_of(x));
    else if (x.applied) std::cout << fmt::format("at '{}'\n    {}\n    -> {}\n", x.at, shortened(x.before, 400), shortened(x.after, 400));
    else std::cout << fmt::format("not at '{}': {}\n", x.at, x.reason);
  }
  if (a.terminal.json) std::cout << list.dump(2) << "\n";
  else std::cout << fmt::format("applied {} times, refused {} times\n", applied, refused);
  return Done;
}

int explain_all(const Explanation& e, const Arguments& a) {
  if (a.terminal.json) {
    std::cout << json_of(e).dump(2) << "\n";
    return Done;
  }
  for (const auto& s : e.trace.stages) {
    std::map<std::string, int> applied;
    for (const auto& x : e.trace.events)
      if (x.applied && x.stage == s.stage) ++applied[x.rewrite];
    std::cout << fmt::format("{:<8} {} -> {} nodes, constants included\n", name(s.stage), s.nodes_before, s.nodes_after);
    std::vector<std::pair<int, std::string>> order;
    order.reserve(applied.size());
    for (const auto& [n, k] : applied) order.emplace_back(-k, n);
    std::sort(order.begin(), order.end());
    for (const auto& [k, n] : order) {
      std::string_view summary = n == "fold_constants" ? "operators on constants are evaluated once" : "";
      for (const Rewrite* r : all_rewrites())
        if (n == r->name) summary = r->summary;
      std::cout << fmt::format("  {:>5} × {:<36} {}\n", -k, n, summary);
    }
  }
  std::map<std::string, int> fates;
  for (const auto& f : e.fates) ++fates[f.what];
  std::string line;
  for (const auto& [w, k] : fates) line += fmt::format("{}{} {}", line.empty() ? "" : ", ", k, w);
  std::cout << fmt::format("nodes of the source: {}\n", line);
  if (const auto all = near_misses(e); !all.empty()) {
    std::cout << "nearly applied (--refused tells more):\n";
    print_near_misses({all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min<size_t>(all.size(), 3))}, 3, 1);
  }
  return Done;
}

int run(const Arguments& a) {
  auto options = a.model.options();
  if (!options) {
    a.terminal.report(options.error());
    return Usage;
  }
  auto graph = read_graph_def_file(a.model.path);
  auto e = graph ? explain(*graph, *options) : Expected<Explanation>(graph.error());
  if (!e) {
    a.terminal.report(e.error());
    if (a.terminal.json) std::cout << ordered_json{{"ok", false}, {"errors", cli::json_of(e.error())}}.dump(2) << "\n";
    return exit_code(e.error());
  }
  if (!a.node.empty()) return explain_node(*e, a);
  if (a.refused) return explain_refused(*e, a);
  if (!a.rewrite.empty()) return explain_rewrite(*e, a);
  return explain_all(*e, a);
}

}  // namespace

void add_explain(CLI::App& app, int& code) {
  auto* verb = app.add_subcommand("explain", "Tell how each rewrite changed the graph, and what became of each node");
  auto a = std::make_shared<Arguments>();
  verb->footer("Example: toucanet explain frozen_graph.pb --node MobilenetV1/Conv2d_0/Relu6");
  a->model.add(*verb);
  auto* model = verb->get_option_no_throw("model");
  if (model) model->required(false);
  verb->add_option("--node", a->node, "the whole story of one TensorFlow node");
  verb->add_option("--rewrite", a->rewrite, "where one rewrite applied, and where not and why");
  verb->add_flag("--refused", a->refused, "what nearly applied, and which condition failed with which value");
  verb->add_flag("--json", a->terminal.json, "everything, as JSON");
  add_explain_kernels(*verb, code);
  add_explain_ranges(*verb, code);
  verb->callback([a, verb, &code] {
    if (!verb->get_subcommands().empty()) return;
    if (a->model.path.empty()) throw CLI::RequiredError("model");
    code = run(*a);
  });
}

}  // namespace toucanet::cli
