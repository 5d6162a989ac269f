#include <iostream>

#include "cli/arguments.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "toucanet/inspect.h"

namespace toucanet::cli {
namespace {
using nlohmann::ordered_json;

struct Arguments {
  std::string path;
  Terminal terminal;
};

ordered_json tensors_json(const std::vector<Inspection::Tensor>& tensors) {
  ordered_json all = ordered_json::array();
  for (const auto& t : tensors) {
    ordered_json j{{"name", t.name}};
    if (t.dtype) j["dtype"] = tf_name(*t.dtype);
    if (t.shape) j["shape"] = *t.shape;
    else if (t.dtype) j["shape"] = nullptr;
    all.push_back(std::move(j));
  }
  return all;
}

ordered_json json_of_tflite(const Inspection& i) {
  ordered_json j{{"format", i.format}, {"bytes", i.bytes}, {"description", i.description}, {"subgraphs", i.subgraphs}};
  j["inputs"] = tensors_json(i.inputs);
  j["outputs"] = tensors_json(i.outputs);
  if (!i.signatures.empty()) j["signatures"] = i.signatures;
  if (!i.min_runtime_version.empty()) j["min_runtime_version"] = i.min_runtime_version;
  j["operators"] = i.operators;
  j["operator_counts"] = i.operator_counts;
  j["parameters"] = i.parameters;
  j["parameter_bytes"] = i.parameter_bytes;
  j["macs"] = i.macs;
  j["macs_complete"] = i.macs_complete;
  return j;
}

ordered_json json_of_graph(const Inspection& i) {
  ordered_json j{{"format", i.format}, {"bytes", i.bytes}, {"producer", i.producer}, {"nodes", i.nodes}, {"functions", i.functions}};
  j["inputs"] = tensors_json(i.inputs);
  j["outputs"] = tensors_json(i.outputs);
  j["operator_counts"] = i.operator_counts;
  j["not_convertible"] = i.not_convertible;
  j["training"] = i.training;
  j["parameters"] = i.parameters;
  j["parameter_bytes"] = i.parameter_bytes;
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
  const auto found = inspect_file(a.path);
  if (!found) return fail(found.error());
  const ordered_json j = found->format == "tflite" ? json_of_tflite(*found) : json_of_graph(*found);
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
