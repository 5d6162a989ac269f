#include "quantize/recipe.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace toucanet {
namespace {

template <size_t N>
int index_of(const std::string_view (&names)[N], std::string_view name) {
  const auto at = std::find(std::begin(names), std::end(names), name);
  return at == std::end(names) ? -1 : static_cast<int>(at - std::begin(names));
}

}  // namespace

std::string to_json(const Recipe& r) {
  const nlohmann::ordered_json j{{"mode", quant_mode_names[static_cast<size_t>(r.mode)]},
                                 {"allow_float", r.allow_float},
                                 {"input_type", tf_name(r.input_type)},
                                 {"output_type", tf_name(r.output_type)},
                                 {"min_weight_elements", r.min_weight_elements},
                                 {"ranges", range_algorithm_names[static_cast<size_t>(r.ranges.algorithm)]},
                                 {"percentile", r.ranges.percentile},
                                 {"moving_average_constant", r.ranges.moving_average_constant}};
  return j.dump(2);
}

Expected<Recipe> parse_recipe(std::string_view json) {
  const auto j = nlohmann::json::parse(json, nullptr, false);
  if (j.is_discarded() || !j.is_object()) return diag("TN7001", "the recipe is no JSON object");
  Recipe r;
  Diags problems;
  const auto problem = [&](const std::string& field, const std::string& what) { problems.push_back(diag("TN7001", "recipe: {} {}", field, what)); };
  const auto chosen = [&](const std::string& field, const nlohmann::json& v, const auto& names) {
    const int i = v.is_string() ? index_of(names, v.get<std::string>()) : -1;
    if (i < 0) problem(field, fmt::format("must be one of {}", fmt::join(names, ", ")));
    return std::max(i, 0);
  };
  const auto type = [&](const std::string& field, const nlohmann::json& v, DType& to) {
    for (DType t : {DType::F32, DType::I8, DType::U8, DType::I16})
      if (v.is_string() && tf_name(t) == v.get<std::string>()) return void(to = t);
    problem(field, "must be float32, int8, uint8 or int16");
  };
  const auto number = [&](const std::string& field, const nlohmann::json& v, double& to) {
    v.is_number() ? void(to = v.get<double>()) : problem(field, "must be a number");
  };
  for (const auto& [k, v] : j.items()) {
    if (k == "mode") r.mode = static_cast<QuantMode>(chosen(k, v, quant_mode_names));
    else if (k == "ranges") r.ranges.algorithm = static_cast<RangeAlgorithm>(chosen(k, v, range_algorithm_names));
    else if (k == "allow_float") v.is_boolean() ? void(r.allow_float = v.get<bool>()) : problem(k, "must be true or false");
    else if (k == "input_type") type(k, v, r.input_type);
    else if (k == "output_type") type(k, v, r.output_type);
    else if (k == "min_weight_elements") v.is_number_integer() ? void(r.min_weight_elements = v.get<int64_t>()) : problem(k, "must be an integer");
    else if (k == "percentile") number(k, v, r.ranges.percentile);
    else if (k == "moving_average_constant") number(k, v, r.ranges.moving_average_constant);
    else problem(k, "is not a field");
  }
  if (auto s = check(r); !s) problems.insert(problems.end(), s.error().begin(), s.error().end());
  if (!problems.empty()) return problems;
  return r;
}

Status check(const Recipe& r) {
  Diags problems;
  const auto fits = [&](DType t, std::string_view what) {
    if (t == DType::F32 || (r.mode == QuantMode::Int8 && (t == DType::I8 || t == DType::U8)) || (r.mode == QuantMode::Int16x8 && t == DType::I16)) return;
    problems.push_back(diag("TN7001", "{} cannot be {} in mode {}", what, tf_name(t), quant_mode_names[static_cast<size_t>(r.mode)]));
  };
  fits(r.input_type, "inputs");
  fits(r.output_type, "outputs");
  if (!(r.ranges.percentile > 50 && r.ranges.percentile <= 100))
    problems.push_back(diag("TN7001", "percentile must lie above 50 and not above 100, it is {}", r.ranges.percentile));
  if (!(r.ranges.moving_average_constant > 0 && r.ranges.moving_average_constant <= 1))
    problems.push_back(diag("TN7001", "moving_average_constant must lie above 0 and not above 1, it is {}", r.ranges.moving_average_constant));
  if (!problems.empty()) return problems;
  return ok();
}

}  // namespace toucanet
