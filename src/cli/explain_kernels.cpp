#include <fstream>
#include <iostream>

#include "cli/model_inputs.h"
#include "cli/report.h"
#include "runtime/profile.h"

namespace toucanet::cli {
namespace {
using nlohmann::ordered_json;

struct Arguments : RunArguments {
  std::string trace;
  int runs = 11;
};

std::string shortened(const std::string& s, size_t n) { return s.size() <= n ? s : s.substr(0, n - 1) + "…"; }

ordered_json json_of(const std::vector<ProfileRow>& rows, const Peaks& peaks, size_t arena) {
  ordered_json j{{"ok", true}, {"peak_operations_per_second", {{"float32", peaks.f32}, {"int8", peaks.i8}}}, {"arena_bytes", arena}};
  j["operators"] = ordered_json::array();
  for (const auto& r : rows) {
    ordered_json o{{"operator", r.op}, {"tensor", r.tensor}, {"node", r.node}, {"kernel", r.kernel}, {"microseconds", r.microseconds}};
    if (r.operations) o["operations"] = r.operations, o["operations_per_second"] = static_cast<double>(r.operations) / (r.microseconds * 1e-6);
    if (!r.peak_family.empty()) o["peak"] = r.peak_family, o["share_of_peak"] = r.share;
    o["why_not_faster"] = r.why_not;
    j["operators"].push_back(std::move(o));
  }
  return j;
}

// For a trace viewer: one complete event an operator, end to end.
Status write_trace(const std::string& path, const std::vector<ProfileRow>& rows) {
  ordered_json events = ordered_json::array();
  double at = 0;
  for (const auto& r : rows) {
    events.push_back({{"name", r.op},
                      {"cat", "operator"},
                      {"ph", "X"},
                      {"ts", at},
                      {"dur", r.microseconds},
                      {"pid", 1},
                      {"tid", 1},
                      {"args", {{"kernel", r.kernel}, {"tensor", r.tensor}, {"node", r.node}}}});
    at += r.microseconds;
  }
  std::ofstream f(path);
  f << ordered_json{{"traceEvents", events}, {"displayTimeUnit", "ns"}}.dump(1) << "\n";
  f.close();
  if (!f) return diag("TN5004", "'{}' cannot be written", path);
  return ok();
}

void print(const std::vector<ProfileRow>& rows) {
  size_t kernel = 6, op = 8;
  for (const auto& r : rows) kernel = std::max(kernel, r.kernel.size()), op = std::max(op, r.op.size());
  std::cout << fmt::format("{:>3}  {:<{}}  {:<{}}  {:>9}  {:>7}  {:>5}  {}\n", "#", "operator", op, "kernel", kernel, "µs", "GOP/s", "peak", "why not faster");
  double total = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto& r = rows[i];
    total += r.microseconds;
    const std::string rate = r.operations && r.microseconds > 0 ? fmt::format("{:.1f}", static_cast<double>(r.operations) / r.microseconds * 1e-3) : "";
    const std::string share = r.peak_family.empty() ? "" : fmt::format("{:.0f} %", r.share * 100);
    std::cout << fmt::format("{:>3}  {:<{}}  {:<{}}  {:>9.1f}  {:>7}  {:>5}  {}\n", i, r.op, op, r.kernel, kernel, r.microseconds, rate, share,
                             shortened(fmt::format("{}", fmt::join(r.why_not, "; ")), 120));
  }
  std::cout << fmt::format("{:>3}  {:<{}}  {:<{}}  {:>9.1f}\n", "", "all", op, "", kernel, total);
}

Status run(const Arguments& a) {
  TRY(auto m, ready_model(a, a.options()));
  const Peaks peaks = measure_peaks();
  CHECK_OK(m->invoke());
  TRY(const auto rows, profile(*m, a.runs, peaks));
  if (!a.trace.empty()) CHECK_OK(write_trace(a.trace, rows));
  if (a.terminal.json) std::cout << json_of(rows, peaks, m->graph().arena_bytes()).dump(2) << "\n";
  else print(rows);
  a.terminal.say(fmt::format("peak    {:.0f} GOP/s in float32, {:.0f} in int8 (measured, one thread); arena {}", peaks.f32 * 1e-9, peaks.i8 * 1e-9,
                             bytes_text(m->graph().arena_bytes())));
  return ok();
}

}  // namespace

void add_explain_kernels(CLI::App& explain, int& code) {
  auto* verb = explain.add_subcommand("kernels", "Which kernel runs each operator of a .tflite model, how fast, and why not a faster one");
  auto a = std::make_shared<Arguments>();
  verb->footer("Example: toucanet explain kernels mobilenet_int8.tflite");
  a->add(*verb);
  verb->add_option("--runs", a->runs, "the median of so many")->capture_default_str()->check(CLI::PositiveNumber);
  verb->add_option("--trace", a->trace, "a JSON file for a trace viewer (chrome://tracing, Perfetto)");
  verb->callback([a, &code] {
    const auto s = run(*a);
    code = s ? Done : report_failure(s.error(), a->terminal);
  });
}

}  // namespace toucanet::cli
