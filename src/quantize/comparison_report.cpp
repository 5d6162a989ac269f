#include "quantize/comparison_report.h"

#include <cmath>
#include <filesystem>

#include "quantize/stored_range.h"
#include "toucanet/version.h"

namespace toucanet {
namespace {
using nlohmann::ordered_json;

constexpr std::string_view page =
#include "comparison_report.inc"
    ;

ordered_json finite(double x) { return std::isfinite(x) ? ordered_json(x) : ordered_json(nullptr); }

ordered_json json_of(const ComparedModel& m) {
  return {{"path", m.path}, {"name", std::filesystem::path(m.path).filename().string()}, {"bytes", m.bytes}, {"milliseconds", m.milliseconds}};
}

// What each algorithm would choose for the values seen, and what its rounding and clipping alone cost.
ordered_json choices(const LayerDifference& l) {
  ordered_json all = ordered_json::array();
  const auto bins = l.seen.bins();
  for (size_t k = 0; k < std::size(range_algorithm_names); ++k) {
    const MinMax r = l.seen.by({.algorithm = static_cast<RangeAlgorithm>(k)}, l.stored_type);
    const RangeCost cost = range_cost(bins, r, l.stored_type);
    all.push_back({{"algorithm", range_algorithm_names[k]}, {"range", {r.min, r.max}}, {"clipped", cost.outside}, {"sqnr_db", finite(cost.sqnr_db())}});
  }
  return all;
}

ordered_json histogram(const LayerDifference& l) {
  MinMax r = l.seen.range();
  if (const auto limits = l.stored_limits()) {
    // Wide enough to show where the limits are, not so wide that the values vanish.
    const double width = std::max(r.max - r.min, 1e-30);
    r.min = std::max(std::min(r.min, limits->min), r.min - width), r.max = std::min(std::max(r.max, limits->max), r.max + width);
  }
  const double margin = std::max((r.max - r.min) * 0.02, 1e-30);
  r.min -= margin, r.max += margin;
  ordered_json counts = ordered_json::array();
  for (double c : columns(l.seen.bins(), r, 96)) counts.push_back(std::llround(std::ceil(c)));
  return {{"from", r.min}, {"to", r.max}, {"counts", std::move(counts)}};
}

ordered_json json_of(const LayerDifference& l, bool histograms) {
  ordered_json j{{"tensor", l.tensor}, {"node", l.node}, {"operator", l.op}, {"type", l.type}};
  if (l.other != l.tensor) j["other"] = l.other;
  if (l.stored) {
    j["stored"] = tf_name(l.stored_type);
    if (l.stored->scale.size() == 1) j["scale"] = l.stored->scale[0], j["zero_point"] = l.stored->zero_point.empty() ? 0 : l.stored->zero_point[0];
  }
  const double sqnr = l.sqnr_db();
  j["sqnr_db"] = finite(sqnr);
  if (sqnr < 0 && std::isinf(sqnr)) j["sqnr_db"] = -300.0;
  j["largest"] = finite(l.largest);
  j["mean"] = finite(l.mean());
  j["past_tolerance"] = l.past;
  if (const auto limits = l.stored_limits()) j["limits"] = {limits->min, limits->max}, j["clipped"] = l.clipped_share();
  if (!l.problem.empty()) j["problem"] = l.problem;
  if (!histograms || l.seen.extremes.empty()) return j;
  j["range"] = {l.seen.range().min, l.seen.range().max};
  j["histogram"] = histogram(l);
  if (l.stored_limits()) j["choices"] = choices(l);
  return j;
}

}  // namespace

std::vector<size_t> worst_first(const std::vector<LayerDifference>& layers) {
  std::vector<size_t> order(layers.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return layers[a].sqnr_db() < layers[b].sqnr_db(); });
  return order;
}

ordered_json json_of(const ComparisonReport& r, bool histograms) {
  ordered_json j{{"ok", true},
                 {"version", version},
                 {"first", json_of(r.first)},
                 {"second", json_of(r.second)},
                 {"data", r.data},
                 {"samples", r.samples},
                 {"threads", r.threads},
                 {"same_answer", r.same_answer ? ordered_json(*r.same_answer) : ordered_json(nullptr)},
                 {"first_past_tolerance", nullptr},
                 {"unmatched", r.unmatched},
                 {"layers", ordered_json::array()}};
  for (const auto& l : r.layers) {
    if (l.past && j["first_past_tolerance"].is_null()) j["first_past_tolerance"] = l.tensor;
    j["layers"].push_back(json_of(l, histograms));
  }
  return j;
}

ordered_json node_data(const ComparisonReport& r) {
  ordered_json results = ordered_json::object();
  for (const auto& l : r.layers) {
    const ordered_json value{{"value", std::clamp(l.sqnr_db(), -120.0, 120.0)}};
    results[l.tensor] = value;
    results[l.other] = value;
  }
  return {{"results", std::move(results)},
          {"name", "SQNR, dB"},
          {"thresholds",
           {{{"value", 10}, {"bgColor", "#c0392b"}, {"textColor", "white"}},
            {{"value", 20}, {"bgColor", "#e08e45"}},
            {{"value", 30}, {"bgColor", "#f2d16b"}},
            {{"value", 120}, {"bgColor", "#8fc18f"}}}}};
}

std::string html(const ComparisonReport& r) {
  constexpr std::string_view place = "TOUCANET_REPORT";
  const std::string data = json_of(r, true).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  std::string s(page);
  std::string safe;
  for (char c : data) c == '<' ? safe += "\\u003c" : safe += c;
  return s.replace(s.find(place), place.size(), safe);
}

}  // namespace toucanet
