#include "cli/report.h"

#include <cmath>
#include <iostream>

#include "pipeline/explain.h"

namespace toucanet::cli {
using nlohmann::ordered_json;

ordered_json json_of(const Diag& d) {
  ordered_json nodes = ordered_json::array();
  if (!d.node.empty()) nodes.push_back(d.node);
  for (const auto& n : d.nodes) nodes.push_back(n);
  return {{"code", d.code}, {"message", d.what}, {"nodes", nodes}, {"rewrite", d.rewrite}, {"notes", d.notes}};
}
ordered_json json_of(const Diags& ds) {
  ordered_json a = ordered_json::array();
  for (const auto& d : ds) a.push_back(json_of(d));
  return a;
}

static ordered_json shape_json(const Shape& s) {
  if (!s.ranked()) return nullptr;
  ordered_json a = ordered_json::array();
  for (const auto& d : s.dims()) a.push_back(d.known() ? d.value() : -1);
  return a;
}

std::string describe(const TensorType& t) {
  if (!t.shape.ranked()) return fmt::format("{} of unknown rank", tf_name(t.dtype));
  std::string s;
  for (const auto& d : t.shape.dims()) s += (s.empty() ? "" : ",") + (d.known() ? std::to_string(d.value()) : std::string("-1"));
  return fmt::format("{} [{}]", tf_name(t.dtype), s);
}

std::string bytes_text(size_t n) {
  const auto d = static_cast<double>(n);
  return n < 1000 ? fmt::format("{} bytes", n) : n < 1000000 ? fmt::format("{:.1f} kB", d / 1e3) : fmt::format("{:.1f} MB", d / 1e6);
}

ordered_json json_of(const Converted& c) {
  const Graph& g = c.module.main();
  ordered_json inputs = ordered_json::array(), outputs = ordered_json::array();
  for (Value v : g.inputs) inputs.push_back({{"name", g.result(v).name}, {"dtype", tf_name(g.type(v).dtype)}, {"shape", shape_json(g.type(v).shape)}});
  for (const auto& o : g.outputs())
    outputs.push_back({{"name", o.name}, {"dtype", tf_name(g.type(o.value).dtype)}, {"shape", shape_json(g.type(o.value).shape)}});
  int operators = 0;
  for (const auto& [n, k] : c.written.operators) operators += k;
  const auto& v = c.verification;
  constexpr const char* status[] = {"skipped", "right", "wrong"};
  ordered_json notices = ordered_json::array();
  for (const auto& n : c.notices) notices.push_back({{"code", n.code}, {"message", n.what}});
  return {
      {"bytes", c.written.bytes},
      {"source_nodes", c.source_nodes.size()},
      {"operators", operators},
      {"operator_counts", c.written.operators},
      {"inputs", inputs},
      {"outputs", outputs},
      {"found_inputs", c.found_inputs},
      {"found_outputs", c.found_outputs},
      {"pruned", c.pruned},
      {"notices", notices},
      {"verified", v.status == Verification::Status::Right},
      {"verification",
       {{"status", status[static_cast<size_t>(v.status)]},
        {"largest_difference", v.largest_difference},
        {"samples", v.samples},
        {"seconds", v.seconds},
        {"reason", v.reason},
        {"tensor", v.tensor},
        {"rewrite", v.rewrite}}},
  };
}

ordered_json quantization_json(const Recipe& recipe, const Observations& seen, const Quantized& done) {
  ordered_json j{{"recipe", ordered_json::parse(to_json(recipe))}, {"calibration", nullptr}};
  if (seen.samples)
    j["calibration"] = {{"samples", seen.samples},
                        {"data", seen.source.data},
                        {"fingerprint", fmt::format("{:016x}", seen.source.fingerprint)},
                        {"kernels", seen.source.kernels},
                        {"batch", seen.source.batch}};
  j["ranges"] = ordered_json::array();
  for (const auto& r : done.ranges) {
    ordered_json row{{"tensor", r.tensor}, {"source", r.source}, {"scale", r.quant.scale}, {"zero_point", r.quant.zero_point}};
    if (r.range.max > r.range.min && std::isfinite(r.range.max - r.range.min)) row["range"] = {r.range.min, r.range.max};
    j["ranges"].push_back(std::move(row));
  }
  j["float_operators"] = ordered_json::array();
  for (const auto& f : done.floats) j["float_operators"].push_back({{"operator", f.op}, {"node", f.node}, {"reason", f.reason}});
  return j;
}

ordered_json provenance(const Converted& c) {
  std::vector<FinalTensor> tensors;
  collect_tensors(c, tensors);
  ordered_json by_tensor = ordered_json::object();
  std::map<std::string, std::vector<std::string>> by_node;
  for (const auto& t : tensors) {
    by_tensor[t.name] = {{"operator", t.operator_name}, {"operator_index", t.operator_index}, {"nodes", t.sources}, {"rewrites", t.rewrites}};
    for (const auto& s : t.sources) by_node[s].push_back(t.name);
  }
  return {{"tensors", by_tensor}, {"nodes", by_node}};
}

int report_failure(const Diags& problems, const Terminal& terminal) {
  terminal.report(problems);
  if (terminal.json) std::cout << ordered_json{{"ok", false}, {"errors", json_of(problems)}}.dump(2) << "\n";
  return exit_code(problems);
}

int exit_code(const Diags& problems) {
  bool unsupported = false, usage = false;
  for (const auto& d : problems) {
    if (d.code == "TN6001") return VerificationFailed;
    unsupported |= d.code == "TN2001" || d.code == "TN2002" || d.code == "TN1102" || d.code == "TN1107" || d.code == "TN3007";
    usage |= d.code.starts_with("TN0");
  }
  return usage ? Usage : unsupported ? Unsupported : ConversionFailed;
}

}  // namespace toucanet::cli
