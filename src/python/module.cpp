// The extension module: conversion in one call, results as bytes and a JSON report. No logic.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include "cli/report.h"
#include "import/tflite/read_tflite.h"
#include "ir/text.h"
#include "pipeline/convert.h"
#include "pipeline/dump_stages.h"
#include "pipeline/rewrite.h"
#include "quantize/calibrate.h"
#include "runtime/execute.h"
#include "toucanet/version.h"

namespace nb = nanobind;
using namespace toucanet;

namespace {

using InputTuple = std::tuple<std::string, std::optional<std::vector<int64_t>>, std::optional<std::string>>;

// What the graph's nodes are: (name, op, shape, dtype, inputs), in file order.
std::pair<nb::object, std::string> graph_nodes(nb::bytes graph_def) {
  auto owner = std::make_shared<const std::string>(graph_def.c_str(), graph_def.size());
  auto g = read_graph_def(owner, *owner);
  if (!g) return {nb::none(), cli::json_of(g.error()).dump()};
  nb::list out;
  for (const auto& n : g->nodes) {
    nb::object shape = nb::none();
    std::string dtype;
    if (const auto* a = n.attr("shape")) {
      if (const Shape s = a->shape(); s.ranked() && !(g->producer <= 21 && s.rank() == 0)) {
        nb::list dims;
        for (const auto& d : s.dims()) dims.append(d.known() ? d.value() : -1);
        shape = dims;
      }
    }
    if (const auto* a = n.attr("dtype"))
      if (const auto t = dtype_from_tf(a->type())) dtype = std::string(tf_name(*t));
    nb::list reads;
    for (auto i : n.inputs) reads.append(nb::str(i.data(), i.size()));
    out.append(nb::make_tuple(nb::str(n.name.data(), n.name.size()), nb::str(n.op.data(), n.op.size()), shape, dtype, reads));
  }
  return {out, "[]"};
}

using SampleTuple = std::tuple<std::string, std::vector<int64_t>, nb::bytes>;  // dtype, shape, bytes

// What the callable gives: arrays in the inputs' order, nothing, or a text that says what is wrong.
Expected<std::optional<std::vector<Tensor>>> sample_of(const nb::object& next) {
  nb::gil_scoped_acquire locked;
  const nb::object given = next();
  if (given.is_none()) return std::optional<std::vector<Tensor>>();
  if (nb::isinstance<nb::str>(given)) return diag("TN7002", "{}", nb::cast<std::string>(given));
  std::vector<Tensor> tensors;
  for (const auto& [dtype, shape, bytes] : nb::cast<std::vector<SampleTuple>>(given)) {
    const auto type = dtype_from_name(dtype);
    if (!type) return diag("TN7002", "a sample holds {}, which no input can take", dtype);
    Tensor t = Tensor::zeros(*type, shape);
    if (t.bytes() != bytes.size()) return diag("TN7002", "an array of {} bytes, not {}", bytes.size(), t.bytes());
    if (t.bytes()) std::memcpy(t.raw_mutable(), bytes.c_str(), t.bytes());
    tensors.push_back(std::move(t));
  }
  return std::optional(std::move(tensors));
}

// (bytes or None, report as JSON)
std::pair<nb::object, std::string> convert_graph_def(nb::bytes graph_def, const std::vector<InputTuple>& inputs, const std::vector<std::string>& outputs,
                                                     bool verify, double verify_seconds, bool keep_unverified, bool allow_custom_ops, bool float16_as_float32,
                                                     bool keep_dropout, const std::vector<std::string>& disabled, const std::string& dump_ir_dir,
                                                     const std::string& dump_graphviz_dir, const std::string& recipe, nb::object next_sample,
                                                     size_t calibration_threads) {
  ConvertOptions o;
  for (const auto& [name, shape, dtype] : inputs) {
    InputSpec spec{name, {}, {}};
    if (shape) {
      Dims d;
      for (int64_t v : *shape) d.push_back(v < 0 ? Dim::unknown() : Dim(v));
      spec.shape = Shape(std::move(d));
    }
    if (dtype) spec.dtype = dtype_from_name(*dtype);
    o.import.inputs.push_back(std::move(spec));
  }
  o.import.outputs = outputs;
  o.import.allow_custom_ops = allow_custom_ops;
  o.import.float16_as_float32 = float16_as_float32;
  o.keep_dropout = keep_dropout;
  o.disabled = {disabled.begin(), disabled.end()};
  o.verify = verify;
  o.verification.seconds = verify_seconds;
  auto owner = std::make_shared<const std::string>(graph_def.c_str(), graph_def.size());
  nlohmann::ordered_json report{{"ok", false}, {"errors", nlohmann::ordered_json::array()}};
  if (!recipe.empty()) {
    auto parsed = parse_recipe(recipe);
    if (!parsed) {
      report["errors"] = cli::json_of(parsed.error());
      return {nb::none(), report.dump()};
    }
    o.recipe = std::move(*parsed);
  }
  if (!next_sample.is_none())
    o.observe = [&](const Module& m) -> Expected<Observations> {
      const auto source = function_samples([&] { return sample_of(next_sample); }, "a function", {});
      TRY(Calibrated done, calibrate(m, *source, {.threads = calibration_threads}));
      return std::move(done.observations);
    };
  std::string bytes;
  {
    nb::gil_scoped_release release;
    Diags dump_problems;
    Trace trace = dump_stages(dump_ir_dir, dump_graphviz_dir, dump_problems);
    const bool dumps = !dump_ir_dir.empty() || !dump_graphviz_dir.empty();
    auto g = read_graph_def(owner, *owner);
    auto done = g ? convert(*g, o, dumps ? &trace : nullptr) : Expected<Converted>(g.error());
    if (done && !dump_problems.empty()) done = dump_problems;
    if (!done) {
      report["errors"] = cli::json_of(done.error());
    } else {
      report.update(cli::json_of(*done));
      if (!recipe.empty()) report["quantization"] = cli::quantization_json(o.recipe, done->observations, done->quantized);
      const auto& v = done->verification;
      report["ok"] = v.status != Verification::Status::Wrong || keep_unverified;
      if (v.status == Verification::Status::Wrong) report["errors"] = cli::json_of(Diags{numbers_differ(v)});
      if (report["ok"]) bytes = std::move(done->bytes);
    }
  }
  if (!report["ok"]) return {nb::none(), report.dump()};
  return {nb::bytes(bytes.data(), bytes.size()), report.dump()};
}

using ArrayTuple = std::tuple<std::string, std::string, std::vector<int64_t>, nb::bytes>;  // name, dtype, shape, bytes

// Runs a .tflite model's main graph with the plain evaluator: (results or None, errors as JSON).
std::pair<nb::object, std::string> evaluate_tflite(nb::bytes model, const std::vector<ArrayTuple>& arrays) {
  auto owner = std::make_shared<const std::string>(model.c_str(), model.size());
  auto m = read_tflite(owner, *owner);
  if (!m) return {nb::none(), cli::json_of(m.error()).dump()};
  std::vector<Tensor> inputs;
  for (const auto& given : arrays)
    if (std::none_of(m->main().inputs.begin(), m->main().inputs.end(), [&](Value v) { return m->main().result(v).name == std::get<0>(given); }))
      return {nb::none(), cli::json_of(Diags{diag("TN3006", "the model has no input '{}'", std::get<0>(given))}).dump()};
  for (Value v : m->main().inputs) {
    const auto& r = m->main().result(v);
    const auto it = std::find_if(arrays.begin(), arrays.end(), [&](const auto& a) { return std::get<0>(a) == r.name; });
    if (it == arrays.end()) return {nb::none(), cli::json_of(Diags{diag("TN3006", "the input '{}' is missing", r.name)}).dump()};
    const auto& [name, dtype, shape, bytes] = *it;
    if (dtype != tf_name(r.type.dtype))
      return {nb::none(), cli::json_of(Diags{diag("TN3006", "the input '{}' is {}, not {}", name, tf_name(r.type.dtype), dtype)}).dump()};
    Tensor t = Tensor::zeros(r.type.dtype, shape);
    if (t.bytes() != bytes.size())
      return {nb::none(), cli::json_of(Diags{diag("TN3006", "the input '{}' has {} bytes, not {}", name, t.bytes(), bytes.size())}).dump()};
    if (t.bytes()) std::memcpy(t.raw_mutable(), bytes.c_str(), t.bytes());
    inputs.push_back(std::move(t));
  }
  Expected<std::vector<Tensor>> out = Diags{};
  {
    nb::gil_scoped_release release;
    out = execute(*m, 0, std::move(inputs), {.semantics = Semantics::TfLite});
  }
  if (!out) return {nb::none(), cli::json_of(out.error()).dump()};
  nb::list results;
  for (size_t i = 0; i < out->size(); ++i) {
    const Tensor& t = (*out)[i];
    results.append(
        nb::make_tuple(m->main().outputs()[i].name, std::string(tf_name(t.dtype)), t.dims, nb::bytes(reinterpret_cast<const char*>(t.raw()), t.bytes())));
  }
  return {results, "[]"};
}

}  // namespace

void add_model_runner(nb::module_&);

NB_MODULE(_toucanet, m) {
  add_model_runner(m);
  m.attr("version") = version;
  m.def("evaluate_tflite", &evaluate_tflite, nb::arg("model"), nb::arg("arrays"));
  m.def("rewrites", [] {
    nb::list names;
    for (const char* pass : {"fold_constants", "merge_duplicates"}) names.append(pass);
    for (const Rewrite* r : all_rewrites()) names.append(r->name);
    return names;
  });
  m.def("graph_nodes", &graph_nodes, nb::arg("graph_def"));
  m.def("convert_graph_def", &convert_graph_def, nb::arg("graph_def"), nb::arg("inputs"), nb::arg("outputs"), nb::arg("verify") = true,
        nb::arg("verify_seconds") = 8.0, nb::arg("keep_unverified") = false, nb::arg("allow_custom_ops") = false, nb::arg("float16_as_float32") = false,
        nb::arg("keep_dropout") = false, nb::arg("disabled") = std::vector<std::string>{}, nb::arg("dump_ir_dir") = "", nb::arg("dump_graphviz_dir") = "",
        nb::arg("recipe") = "", nb::arg("next_sample") = nb::none(), nb::arg("calibration_threads") = 1);
}
