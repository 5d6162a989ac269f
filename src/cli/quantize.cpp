#include <fstream>
#include <iostream>

#include "cli/model_inputs.h"
#include "cli/report.h"
#include "export/output_file.h"
#include "export/write_tflite.h"
#include "import/file.h"
#include "import/npz.h"
#include "quantize/quantize.h"

namespace toucanet::cli {
namespace {
using nlohmann::ordered_json;

struct Arguments {
  std::string path, output, mode = "dynamic_range", calibration, recipe, ranges = "minmax", input_type = "float32", output_type = "float32";
  bool strict = false;
  size_t threads = 1;
  Terminal terminal;
};

Expected<Recipe> recipe_of(const Arguments& a) {
  if (!a.recipe.empty()) {
    TRY(auto file, map_file(a.recipe));
    return parse_recipe(file->bytes());
  }
  return parse_recipe(
      ordered_json{{"mode", a.mode}, {"ranges", a.ranges}, {"allow_float", !a.strict}, {"input_type", a.input_type}, {"output_type", a.output_type}}.dump());
}

// One array an input with the samples stacked in front; each sample keeps a batch of one.
Expected<Observations> observe(const Module& m, const Arguments& a) {
  TRY(const auto arrays, read_npz_file(a.calibration));
  const Graph& g = m.main();
  Diags problems;
  std::vector<const Tensor*> data;
  int64_t samples = -1;
  for (Value v : g.inputs) {
    const auto& name = g.result(v).name;
    const auto it = arrays.find(name);
    if (it == arrays.end()) {
      problems.push_back(diag("TN7002", "'{}' holds no array '{}'", a.calibration, name));
      continue;
    }
    data.push_back(&it->second);
    const int64_t n = it->second.dims.empty() ? 0 : it->second.dims[0];
    if (samples >= 0 && n != samples) problems.push_back(diag("TN7002", "the array '{}' holds {} samples, another one {}", name, n, samples));
    samples = n;
  }
  if (problems.empty() && samples < 1) problems.push_back(diag("TN7002", "'{}' holds no samples", a.calibration));
  if (!problems.empty()) return problems;
  Observer observer(m, a.threads);
  for (int64_t i = 0; i < samples; ++i) {
    std::vector<Tensor> inputs;
    for (size_t k = 0; k < data.size(); ++k) {
      const Tensor& all = *data[k];
      std::vector<int64_t> dims(all.dims.begin() + 1, all.dims.end());
      const Shape& want = g.type(g.inputs[k]).shape;
      if (want.ranked() && want.rank() == dims.size() + 1) dims.insert(dims.begin(), 1);
      const size_t bytes = all.bytes() / static_cast<size_t>(samples);
      inputs.push_back(Tensor::view(all.dtype, std::move(dims), nullptr, all.raw() + static_cast<size_t>(i) * bytes, bytes));
    }
    CHECK_OK(observer.add(static_cast<uint64_t>(i), inputs));
  }
  return observer.seen();
}

Expected<ordered_json> run(const Arguments& a) {
  TRY(const Recipe recipe, recipe_of(a));
  TRY(auto file, map_file(a.path));
  TRY(Module m, read_tflite(file, file->bytes()));
  Observations seen;
  if (is_integer(recipe.mode)) {
    if (a.calibration.empty())
      return diag("TN0004", "mode {} needs --calibration DATA.npz: one array an input, samples stacked in front",
                  quant_mode_names[static_cast<size_t>(recipe.mode)]);
    TRY(seen, observe(m, a));
  }
  TRY(const Quantized done, quantize(m, recipe, seen));
  TRY(auto out, OutputFile::create(a.output));
  auto written = write_tflite(m, [&](const void* p, size_t n) { return out->write(p, n); });
  if (!written) {
    CHECK_OK(out->failure());
    return std::move(written.error());
  }
  CHECK_OK(out->commit());
  ordered_json j{{"ok", true},
                 {"output", a.output},
                 {"bytes_before", file->bytes().size()},
                 {"bytes", written->bytes},
                 {"samples", seen.samples},
                 {"recipe", ordered_json::parse(to_json(recipe))}};
  j["float_operators"] = ordered_json::array();
  for (const auto& f : done.floats) j["float_operators"].push_back({{"operator", f.op}, {"node", f.node}, {"reason", f.reason}});
  j["ranges"] = ordered_json::array();
  for (const auto& r : done.ranges) {
    ordered_json row{{"tensor", r.tensor}, {"source", r.source}, {"scale", r.quant.scale}, {"zero_point", r.quant.zero_point}};
    if (r.range.max > r.range.min) row["range"] = {r.range.min, r.range.max};
    j["ranges"].push_back(std::move(row));
  }
  return j;
}

void print(const ordered_json& j, const Arguments& a) {
  const auto& floats = j["float_operators"];
  a.terminal.say(fmt::format("model   {} -> {}, mode {}{}", bytes_text(j["bytes_before"]), bytes_text(j["bytes"]), j["recipe"]["mode"].get<std::string>(),
                             j["samples"].get<uint64_t>() ? fmt::format(", {} samples", j["samples"].get<uint64_t>()) : ""));
  if (!floats.empty()) a.terminal.say(fmt::format("floats  {} operator{} stay in floats:", floats.size(), floats.size() == 1 ? "" : "s"));
  for (size_t i = 0; i < std::min<size_t>(floats.size(), 5); ++i)
    a.terminal.say(fmt::format("        {} '{}': {}", floats[i]["operator"].get<std::string>(), floats[i]["node"].get<std::string>(),
                               floats[i]["reason"].get<std::string>()));
  if (floats.size() > 5) a.terminal.say(fmt::format("        and {} more (--json lists them)", floats.size() - 5));
}

}  // namespace

void add_quantize(CLI::App& app, int& code) {
  auto* verb = app.add_subcommand("quantize", "Quantise a finished float .tflite model");
  auto a = std::make_shared<Arguments>();
  verb->footer(
      "Example: toucanet quantize model.tflite -o small.tflite --mode dynamic_range\n         toucanet quantize model.tflite -o int8.tflite --mode int8 "
      "--calibration samples.npz");
  verb->add_option("model", a->path, "a float .tflite file")->required()->check(CLI::ExistingFile);
  verb->add_option("-o,--output", a->output, "the .tflite file to write")->required();
  std::vector<std::string> modes(std::begin(quant_mode_names) + 1, std::end(quant_mode_names)),
      algorithms(std::begin(range_algorithm_names), std::end(range_algorithm_names));
  verb->add_option("--mode", a->mode, "what becomes small")->capture_default_str()->check(CLI::IsMember(modes));
  verb->add_option("--calibration", a->calibration, ".npz: one array an input, samples stacked in front")->check(CLI::ExistingFile);
  verb->add_option("--ranges", a->ranges, "from what was observed")->capture_default_str()->check(CLI::IsMember(algorithms));
  verb->add_option("--input-type", a->input_type, "of the model's inputs: float32, int8, uint8, int16")->capture_default_str();
  verb->add_option("--output-type", a->output_type, "and outputs")->capture_default_str();
  verb->add_flag("--strict", a->strict, "an operator that stays in floats is an error");
  verb->add_option("--recipe", a->recipe, "all of this as JSON; other flags are not read then")->check(CLI::ExistingFile);
  verb->add_option("--threads", a->threads, "for calibration")->capture_default_str()->check(CLI::Range(1, 256));
  verb->add_flag("--json", a->terminal.json, "everything, with every range and its source, as JSON");
  verb->add_flag("--quiet", a->terminal.quiet, "nothing but errors");
  verb->callback([a, &code] {
    auto j = run(*a);
    if (!j) {
      a->terminal.report(j.error());
      if (a->terminal.json) std::cout << ordered_json{{"ok", false}, {"errors", json_of(j.error())}}.dump(2) << "\n";
      code = exit_code(j.error());
      return;
    }
    if (a->terminal.json) std::cout << j->dump(2) << "\n";
    print(*j, *a);
    code = Done;
  });
}

}  // namespace toucanet::cli
