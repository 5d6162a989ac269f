#include <iostream>

#include "cli/arguments.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "import/file.h"
#include "import/tflite/read_tflite.h"
#include "pipeline/cost.h"

namespace toucanet::cli {
namespace {
using nlohmann::ordered_json;

struct Arguments {
  std::string path;
  Terminal terminal;
};

ordered_json shape_json(const Shape& s) {
  if (!s.ranked()) return nullptr;
  ordered_json a = ordered_json::array();
  for (const auto& d : s.dims()) a.push_back(d.known() ? d.value() : -1);
  return a;
}

ordered_json inspect_tflite(const Module& m, size_t bytes) {
  const Cost cost = cost_of(m);
  ordered_json j{{"format", "tflite"}, {"bytes", bytes}, {"description", m.description}, {"subgraphs", m.graphs.size()}};
  for (Value v : m.main().inputs)
    j["inputs"].push_back({{"name", m.main().result(v).name}, {"dtype", tf_name(m.main().type(v).dtype)}, {"shape", shape_json(m.main().type(v).shape)}});
  for (const auto& o : m.main().outputs())
    j["outputs"].push_back({{"name", o.name}, {"dtype", tf_name(m.main().type(o.value).dtype)}, {"shape", shape_json(m.main().type(o.value).shape)}});
  for (const auto& s : m.signatures) j["signatures"].push_back(s.key);
  for (const auto& [n, b] : m.metadata)
    if (n == "min_runtime_version") j["min_runtime_version"] = std::string(b.data.begin(), std::find(b.data.begin(), b.data.end(), 0));
  j["operators"] = cost.operators;
  j["operator_counts"] = cost.counts;
  j["parameters"] = cost.parameters;
  j["parameter_bytes"] = cost.parameter_bytes;
  j["macs"] = cost.macs;
  j["macs_complete"] = cost.complete;
  return j;
}

ordered_json inspect_graph(const GraphDef& g, size_t bytes) {
  std::map<std::string, int> counts;
  std::map<std::string, int> roles;
  std::set<std::string_view> read;
  for (const auto& n : g.nodes) {
    ++counts[std::string(n.op)];
    if (const auto role = training_role(n.name, n.op); !role.empty()) ++roles[std::string(role)];
    for (auto i : n.inputs) read.insert(i.starts_with("^") ? i : i.substr(0, i.find(':')));
  }
  ordered_json j{{"format", "GraphDef"}, {"bytes", bytes}, {"producer", g.producer}, {"nodes", g.nodes.size()}, {"functions", g.functions.size()}};
  j["inputs"] = ordered_json::array();
  j["outputs"] = ordered_json::array();
  size_t parameters = 0, parameter_bytes = 0;
  for (const auto& n : g.nodes) {
    if (n.op == "Placeholder" || n.op == "PlaceholderWithDefault") {
      ordered_json i{{"name", n.name}};
      if (const auto* a = n.attr("dtype"))
        if (const auto t = dtype_from_tf(a->type())) i["dtype"] = tf_name(*t);
      if (const auto* a = n.attr("shape")) i["shape"] = shape_json(g.producer <= 21 && a->shape().rank() == 0 ? Shape::unranked() : a->shape());
      j["inputs"].push_back(std::move(i));
    } else if (n.op == "Const") {
      if (const auto* a = n.attr("value"))
        if (auto t = read_tensor(a->tensor(), g.owner)) parameters += static_cast<size_t>(t->elements()), parameter_bytes += t->bytes();
    } else if (!read.count(n.name) && n.op != "NoOp" && training_role(n.name, n.op).empty()) {
      j["outputs"].push_back({{"name", n.name}});
    }
  }
  j["operator_counts"] = counts;
  ordered_json missing = ordered_json::object();
  for (const auto& [op, k] : counts)
    if (op != "Const" && op != "Placeholder" && op != "NoOp" && !find_tf_import(op)) missing[op] = k;
  j["not_convertible"] = missing;
  j["training"] = roles;
  j["parameters"] = parameters;
  j["parameter_bytes"] = parameter_bytes;
  return j;
}

void print(const ordered_json& j) {
  const auto tensor = [](const ordered_json& t) {
    std::string s;
    if (t.contains("shape")) s = t["shape"].is_null() ? "of unknown rank" : t["shape"].dump();
    return fmt::format("{:<40} {} {}", t["name"].get<std::string>(), t.value("dtype", ""), s);
  };
  std::cout << fmt::format("format      {}, {}\n", j["format"].get<std::string>(), bytes_text(j["bytes"]));
  for (const char* k : {"inputs", "outputs"})
    if (j.contains(k))
      for (const auto& t : j[k]) std::cout << fmt::format("{:<11} {}\n", k == std::string("inputs") ? "input" : "output", tensor(t));
  if (j.contains("nodes")) std::cout << fmt::format("nodes       {}\n", j["nodes"].get<size_t>());
  if (j.contains("operators")) std::cout << fmt::format("operators   {}\n", j["operators"].get<int>());
  for (const auto& [op, n] : j["operator_counts"].items()) std::cout << fmt::format("  {:>6} × {}\n", n.get<int>(), op);
  if (j.contains("not_convertible"))
    for (const auto& [op, n] : j["not_convertible"].items()) std::cout << fmt::format("no counterpart in TensorFlow Lite: {} × {}\n", n.get<int>(), op);
  if (j.contains("training"))
    for (const auto& [role, n] : j["training"].items()) std::cout << fmt::format("training    {} {}\n", n.get<int>(), role);
  std::cout << fmt::format("parameters  {} ({})\n", j["parameters"].get<size_t>(), bytes_text(j["parameter_bytes"]));
  if (j.contains("macs"))
    std::cout << fmt::format("MACs        {:.4g} million{}\n", static_cast<double>(j["macs"].get<int64_t>()) / 1e6,
                             j["macs_complete"].get<bool>() ? "" : " (unknown dimensions counted as 1)");
}

int run(const Arguments& a) {
  const auto fail = [&](const Diags& d) {
    a.terminal.report(d);
    if (a.terminal.json) std::cout << ordered_json{{"ok", false}, {"errors", json_of(d)}}.dump(2) << "\n";
    return ConversionFailed;
  };
  auto file = map_file(a.path);
  if (!file) return fail(file.error());
  ordered_json j;
  if (is_tflite((*file)->bytes())) {
    auto m = read_tflite(*file, (*file)->bytes());
    if (!m) return fail(m.error());
    j = inspect_tflite(*m, (*file)->bytes().size());
  } else {
    auto g = read_graph_def(*file, (*file)->bytes());
    if (!g) return fail(g.error());
    j = inspect_graph(*g, (*file)->bytes().size());
  }
  if (a.terminal.json) std::cout << j.dump(2) << "\n";
  else print(j);
  return Done;
}

}  // namespace

void add_inspect(CLI::App& app, int& code) {
  auto* verb = app.add_subcommand("inspect", "Tell what a file holds: inputs, outputs, operators, parameters, bytes, MACs");
  auto a = std::make_shared<Arguments>();
  verb->footer("Example: toucanet inspect model.tflite");
  verb->add_option("file", a->path, "a GraphDef (binary or text) or a .tflite file")->required()->check(CLI::ExistingFile);
  verb->add_flag("--json", a->terminal.json, "as JSON");
  verb->callback([a, &code] { code = run(*a); });
}

}  // namespace toucanet::cli
