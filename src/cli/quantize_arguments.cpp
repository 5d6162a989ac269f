#include "cli/quantize_arguments.h"

#include <filesystem>

#include "cli/progress.h"
#include "import/file.h"
#include "quantize/calibrate.h"
#include "quantize/calibration_file.h"

namespace toucanet::cli {
using nlohmann::ordered_json;

void QuantizeArguments::add(CLI::App& verb, const std::string& mode_flag) {
  const std::string group = "Quantisation";
  const std::vector<std::string> modes(std::begin(quant_mode_names), std::end(quant_mode_names)),
      algorithms(std::begin(range_algorithm_names), std::end(range_algorithm_names)), granularities(std::begin(granularity_names), std::end(granularity_names)),
      types{"float32", "int8", "uint8", "int16"};
  std::vector<CLI::Option*> choices{
      verb.add_option(mode_flag, mode, "what becomes small")->capture_default_str()->check(CLI::IsMember(modes)),
      verb.add_option("--ranges", ranges, "how a range is taken from what was observed")->capture_default_str()->check(CLI::IsMember(algorithms)),
      verb.add_option("--percentile", percentile, "of --ranges percentile: share of the values inside")->capture_default_str(),
      verb.add_option("--moving-average-constant", moving_average_constant, "of --ranges moving_average: weight of each new sample")->capture_default_str(),
      verb.add_option("--input-type", input_type, "of the model's inputs")->capture_default_str()->check(CLI::IsMember(types)),
      verb.add_option("--output-type", output_type, "and outputs")->capture_default_str()->check(CLI::IsMember(types)),
      verb.add_option("--weights", weights, "scales of weights")->capture_default_str()->check(CLI::IsMember(granularities)),
      verb.add_option("--min-weight-elements", min_weight_elements, "smaller weights stay in floats (dynamic_range, weight_only)")->capture_default_str(),
      verb.add_option("--default-range", default_range, "of values without a range of their own: 0,6"),
      verb.add_option("--rule", rules, R"(one more rule, as in a recipe: '{"node": "block1/*", "mode": "none"}')")->expected(1)->take_all(),
      verb.add_flag("--strict", strict, "an operator that stays in floats is an error")};
  auto* recipe_option =
      verb.add_option("--recipe", recipe_path, "all of these choices as JSON: a recipe, or the .quantization.json beside a model")->check(CLI::ExistingFile);
  for (auto* o : choices) o->group(group), recipe_option->excludes(o);
  recipe_option->group(group);
  data.add(verb, "--calibration");
  photos.add(verb);
  verb.add_option("--calib", calib, "what `toucanet calibrate` observed, instead of samples")->check(CLI::ExistingFile)->group(group);
  verb.add_option("--batch", batch, "samples of one run of the calibration")->capture_default_str()->check(CLI::Range(1, 1 << 20))->group(group);
  verb.add_option("--threads", threads, "of the calibration")->capture_default_str()->check(CLI::Range(1, 256))->group(group);
}

Expected<Recipe> QuantizeArguments::recipe() const {
  if (!recipe_path.empty()) {
    TRY(auto file, map_file(recipe_path));
    return parse_recipe(file->bytes());
  }
  ordered_json range{{"algorithm", ranges}};
  if (ranges == "percentile") range["percentile"] = percentile;
  if (ranges == "moving_average") range["moving_average_constant"] = moving_average_constant;
  ordered_json j{{"mode", mode},
                 {"allow_float", !strict},
                 {"input_type", input_type},
                 {"output_type", output_type},
                 {"weights", weights},
                 {"ranges", range},
                 {"min_weight_elements", min_weight_elements}};
  if (!default_range.empty()) j["default_range"] = ordered_json::parse("[" + default_range + "]", nullptr, false);
  j["rules"] = ordered_json::array();
  Diags problems;
  for (const auto& r : rules) {
    auto rule = ordered_json::parse(r, nullptr, false);
    if (rule.is_discarded()) problems.push_back(diag("TN7001", "--rule '{}' is no JSON object", r).note(R"(like {"node": "block1/*", "mode": "none"})"));
    else j["rules"].push_back(std::move(rule));
  }
  if (j.contains("default_range") && j["default_range"].is_discarded()) {
    problems.push_back(diag("TN7001", "--default-range takes two numbers, 0,6, not '{}'", default_range));
    j.erase("default_range");
  }
  auto parsed = parse_recipe(j.dump());
  if (!parsed) problems.insert(problems.end(), parsed.error().begin(), parsed.error().end());
  if (!problems.empty()) return problems;
  return parsed;
}

Expected<Observations> QuantizeArguments::observe(const Module& m, const Terminal& terminal) const {
  if (!calib.empty()) {
    TRY(Observations seen, read_calibration(calib));
    CHECK_OK(check_model(seen, m));
    return seen;
  }
  TRY(const auto source, data.open(m, photos));
  Progress progress(terminal, "samples");
  CalibrateOptions o{.batch = batch, .threads = threads};
  o.progress = [&](uint64_t done, uint64_t of) { return progress(done, of), true; };
  TRY(Calibrated done, calibrate(m, *source, o));
  return std::move(done.observations);
}

std::string quantization_path(const std::string& model) { return std::filesystem::path(model).replace_extension(".quantization.json").string(); }

void say_quantization(const ordered_json& j, const Terminal& terminal) {
  const auto& floats = j["float_operators"];
  if (floats.empty()) return;
  terminal.say(fmt::format("floats  {} operator{} stay{} in floats:", floats.size(), floats.size() == 1 ? "" : "s", floats.size() == 1 ? "s" : ""));
  for (size_t i = 0; i < std::min<size_t>(floats.size(), 3); ++i)
    terminal.say(fmt::format("        {} '{}': {}", floats[i]["operator"].get<std::string>(), floats[i]["node"].get<std::string>(),
                             floats[i]["reason"].get<std::string>()));
  if (floats.size() > 3) terminal.say(fmt::format("        and {} more (--json lists them)", floats.size() - 3));
}

}  // namespace toucanet::cli
