#include "quantize/recipe.h"

#include <fnmatch.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

namespace toucanet {
namespace {

using Json = nlohmann::ordered_json;

template <size_t N>
int index_of(const std::string_view (&names)[N], std::string_view name) {
  const auto at = std::find(std::begin(names), std::end(names), name);
  return at == std::end(names) ? -1 : static_cast<int>(at - std::begin(names));
}

// Reads the fields of one object and collects what is wrong with them.
class Fields {
  Diags& problems_;
  std::string at_;

 public:
  Fields(Diags& problems, std::string at) : problems_(problems), at_(std::move(at)) {}

  template <class... A>
  void problem(const std::string& field, fmt::format_string<A...> f, A&&... a) {
    problems_.push_back(diag("TN7001", "{}: {} {}", at_, field, fmt::format(f, std::forward<A>(a)...)));
  }
  template <class E, size_t N>
  void choice(const std::string& field, const Json& v, const std::string_view (&names)[N], E& to) {
    const int i = v.is_string() ? index_of(names, v.get<std::string>()) : -1;
    i < 0 ? problem(field, "must be one of {}", fmt::join(names, ", ")) : void(to = static_cast<E>(i));
  }
  void flag(const std::string& field, const Json& v, bool& to) { v.is_boolean() ? void(to = v.get<bool>()) : problem(field, "must be true or false"); }
  void integer(const std::string& field, const Json& v, int64_t& to) {
    v.is_number_integer() ? void(to = v.get<int64_t>()) : problem(field, "must be an integer");
  }
  void number(const std::string& field, const Json& v, double& to) { v.is_number() ? void(to = v.get<double>()) : problem(field, "must be a number"); }
  void text(const std::string& field, const Json& v, std::string& to) { v.is_string() ? void(to = v.get<std::string>()) : problem(field, "must be a text"); }
  void type(const std::string& field, const Json& v, DTypes allowed, DType& to) {
    std::vector<std::string_view> names;
    for (DType t : {DType::F32, DType::I8, DType::U8, DType::I16, DType::I32, DType::I64}) {
      if (!allowed.has(t)) continue;
      if (v.is_string() && tf_name(t) == v.get<std::string>()) return void(to = t);
      names.push_back(tf_name(t));
    }
    problem(field, "must be one of {}", fmt::join(names, ", "));
  }
  void range(const std::string& field, const Json& v, std::optional<MinMax>& to) {
    if (!v.is_array() || v.size() != 2 || !v[0].is_number() || !v[1].is_number()) return problem(field, "must be [least, greatest]");
    to = MinMax{v[0].get<double>(), v[1].get<double>()};
  }
  // "minmax", or an object that also gives what the algorithm takes.
  void ranges(const std::string& field, const Json& v, RangeChoice& to) {
    if (v.is_string()) return choice(field, v, range_algorithm_names, to.algorithm);
    if (!v.is_object()) return problem(field, "must be the name of an algorithm, or an object");
    for (const auto& [k, x] : v.items()) {
      if (k == "algorithm") choice(field + "." + k, x, range_algorithm_names, to.algorithm);
      else if (k == "percentile") number(field + "." + k, x, to.percentile);
      else if (k == "moving_average_constant") number(field + "." + k, x, to.moving_average_constant);
      else problem(field + "." + k, "is not a field");
    }
    if (!(to.percentile > 50 && to.percentile <= 100)) problem(field + ".percentile", "must lie above 50 and not above 100, it is {}", to.percentile);
    if (!(to.moving_average_constant > 0 && to.moving_average_constant <= 1))
      problem(field + ".moving_average_constant", "must lie above 0 and not above 1, it is {}", to.moving_average_constant);
  }
};

Json json_of(const RangeChoice& c) {
  const auto name = range_algorithm_names[static_cast<size_t>(c.algorithm)];
  if (c.algorithm == RangeAlgorithm::Percentile) return {{"algorithm", name}, {"percentile", c.percentile}};
  if (c.algorithm == RangeAlgorithm::MovingAverage) return {{"algorithm", name}, {"moving_average_constant", c.moving_average_constant}};
  return name;
}
// Why a range that somebody gave makes no scale, or one that stores other numbers than they meant; empty: it is one.
std::string fault_of(const MinMax& r) {
  const auto range = fmt::format("[{}, {}]", r.min, r.max);
  if (!(r.min < r.max)) return range + " is no range: the first number must be less than the second";
  if (std::max(-r.min, r.max) > static_cast<double>(std::numeric_limits<float>::max())) return range + " is too wide for float32";
  if (r.min > 0 || r.max < 0) return range + " leaves out 0, which stored numbers always hold: padding and ReLU need it";
  if (r.max - r.min < 2 * least_half_range) return fmt::format("{} is narrower than {}, the least that is stored", range, 2 * least_half_range);
  return {};
}

Json json_of(const MinMax& r) { return Json::array({r.min, r.max}); }

Json json_of(const Rule& r) {
  Json j = Json::object();
  for (const auto& [field, pattern] : {std::pair{"op", &r.op}, {"node", &r.node}, {"tensor", &r.tensor}})
    if (!pattern->empty()) j[field] = *pattern;
  if (r.mode) j["mode"] = name(*r.mode);
  if (r.ranges) j["ranges"] = json_of(*r.ranges);
  if (r.range) j["range"] = json_of(*r.range);
  if (r.weights) j["weights"] = granularity_names[static_cast<size_t>(*r.weights)];
  return j;
}

Rule rule_of(const Json& j, const std::string& at, Diags& problems) {
  Rule r;
  Fields f(problems, at);
  if (!j.is_object()) return f.problem("it", "must be an object"), r;
  for (const auto& [k, v] : j.items()) {
    if (k == "op") f.text(k, v, r.op);
    else if (k == "node") f.text(k, v, r.node);
    else if (k == "tensor") f.text(k, v, r.tensor);
    else if (k == "mode") f.choice(k, v, quant_mode_names, r.mode.emplace());
    else if (k == "ranges") f.ranges(k, v, r.ranges.emplace());
    else if (k == "range") f.range(k, v, r.range);
    else if (k == "weights") f.choice(k, v, granularity_names, r.weights.emplace());
    else f.problem(k, "is not a field");
  }
  if (!r.mode && !r.ranges && !r.range && !r.weights) f.problem("it", "sets nothing: mode, ranges, range or weights");
  return r;
}

void stats_of(const Json& j, Fields& f, std::map<std::string, InputStats>& to) {
  if (!j.is_object()) return f.problem("input_stats", "must be an object: {{\"input\": [mean, standard deviation]}}");
  for (const auto& [input, v] : j.items()) {
    const std::string field = fmt::format("input_stats['{}']", input);
    if (!v.is_array() || v.size() != 2 || !v[0].is_number() || !v[1].is_number()) {
      f.problem(field, "must be [mean, standard deviation]");
      continue;
    }
    to[input] = {v[0].get<double>(), v[1].get<double>()};
  }
}

}  // namespace

std::string to_json(const Recipe& r) {
  Json j{{"mode", name(r.mode)},
         {"allow_float", r.allow_float},
         {"input_type", tf_name(r.input_type)},
         {"output_type", tf_name(r.output_type)},
         {"min_weight_elements", r.min_weight_elements},
         {"weights", granularity_names[static_cast<size_t>(r.weights)]},
         {"bias_type", tf_name(r.bias_type)},
         {"ranges", json_of(r.ranges)},
         {"move_fake_quant", r.move_fake_quant},
         {"share_concat_ranges", r.share_concat_ranges}};
  if (r.default_range) j["default_range"] = json_of(*r.default_range);
  for (const auto& [input, s] : r.input_stats) j["input_stats"][input] = Json::array({s.mean, s.std});
  j["rules"] = Json::array();
  for (const Rule& rule : r.rules) j["rules"].push_back(json_of(rule));
  return j.dump(2);
}

Expected<Recipe> parse_recipe(std::string_view text) {
  Json j = Json::parse(text, nullptr, false);
  if (j.is_discarded() || !j.is_object()) return diag("TN7001", "the recipe is no JSON object");
  if (j.contains("recipe") && j["recipe"].is_object()) j = Json(j["recipe"]);
  Recipe r;
  Diags problems;
  Fields f(problems, "recipe");
  for (const auto& [k, v] : j.items()) {
    if (k == "mode") f.choice(k, v, quant_mode_names, r.mode);
    else if (k == "ranges") f.ranges(k, v, r.ranges);
    else if (k == "allow_float") f.flag(k, v, r.allow_float);
    else if (k == "input_type") f.type(k, v, {DType::F32, DType::I8, DType::U8, DType::I16}, r.input_type);
    else if (k == "output_type") f.type(k, v, {DType::F32, DType::I8, DType::U8, DType::I16}, r.output_type);
    else if (k == "min_weight_elements") f.integer(k, v, r.min_weight_elements);
    else if (k == "weights") f.choice(k, v, granularity_names, r.weights);
    else if (k == "bias_type") f.type(k, v, {DType::I32, DType::I64}, r.bias_type);
    else if (k == "default_range") f.range(k, v, r.default_range);
    else if (k == "input_stats") stats_of(v, f, r.input_stats);
    else if (k == "move_fake_quant") f.flag(k, v, r.move_fake_quant);
    else if (k == "share_concat_ranges") f.flag(k, v, r.share_concat_ranges);
    else if (k == "rules" && v.is_array())
      for (size_t i = 0; i < v.size(); ++i) r.rules.push_back(rule_of(v[i], fmt::format("recipe: rule {}", i), problems));
    else if (k == "rules") f.problem(k, "must be a list");
    else f.problem(k, "is not a field");
  }
  if (auto s = check(r); !s) problems.insert(problems.end(), s.error().begin(), s.error().end());
  if (!problems.empty()) return problems;
  return r;
}

Status check(const Recipe& r) {
  Diags problems;
  const bool wide = r.mode == QuantMode::Int16x8;
  for (const auto& [t, what] : {std::pair{r.input_type, "inputs"}, {r.output_type, "outputs"}})
    if (t != DType::F32 && (r.mode == QuantMode::None || (wide != (t == DType::I16) && is_integer(r.mode))))
      problems.push_back(diag("TN7001", "{} cannot be {} in mode {}", what, tf_name(t), name(r.mode)));
  const auto range = [&](const std::string& what, const MinMax& given) {
    if (const auto fault = fault_of(given); !fault.empty()) problems.push_back(diag("TN7001", "recipe: {} {}", what, fault));
  };
  if (r.default_range) range("default_range", *r.default_range);
  for (const auto& [input, s] : r.input_stats) {
    const auto field = fmt::format("input_stats['{}']", input);
    if (!(s.std > 0)) problems.push_back(diag("TN7001", "recipe: {} has the standard deviation {}: it must be above 0", field, s.std));
    else range(fmt::format("{} give the range", field), range_of(s, r));
  }
  for (size_t i = 0; i < r.rules.size(); ++i)
    if (r.rules[i].range) range(fmt::format("rule {}: range", i), *r.rules[i].range);
  for (const Rule& rule : r.rules)
    if (rule.mode && is_integer(*rule.mode) && *rule.mode != r.mode)
      problems.push_back(diag("TN7001", "a rule asks for {} in a recipe of mode {}", name(*rule.mode), name(r.mode))
                             .note("one model has one type of stored activations: rules may choose none, weight_only, dynamic_range or float16"));
  if (!problems.empty()) return problems;
  return ok();
}

MinMax range_of(const InputStats& s, const Recipe& r) {
  const auto [low, high] = stored_limits(is_integer(r.mode) ? stored_type(r.mode) : r.input_type);
  return {(low - s.mean) / s.std, (high - s.mean) / s.std};
}

bool matches(const std::string& pattern, std::string_view text) {
  return pattern.empty() || fnmatch(pattern.c_str(), std::string(text).c_str(), FNM_CASEFOLD) == 0;
}

}  // namespace toucanet
