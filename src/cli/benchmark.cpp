#include <sys/resource.h>

#include <chrono>
#include <iostream>

#include "cli/model_inputs.h"
#include "cli/report.h"
#include "runtime/profile.h"

namespace toucanet::cli {
namespace {
using nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

struct Arguments : RunArguments {
  int num_runs = 50, warmup_runs = 1;
  double min_secs = 1, max_secs = 150, run_delay = -1;
  bool profiling = false;
};

double microseconds(Clock::time_point since) { return std::chrono::duration<double, std::micro>(Clock::now() - since).count(); }

ordered_json statistics(std::vector<double> t) {
  std::sort(t.begin(), t.end());
  double sum = 0, squares = 0;
  for (double x : t) sum += x, squares += x * x;
  const auto n = static_cast<double>(t.size());
  const double mean = sum / n;
  return {{"runs", t.size()},     {"median", t[t.size() / 2]}, {"average", mean},
          {"minimum", t.front()}, {"maximum", t.back()},       {"deviation", std::sqrt(std::max(0.0, squares / n - mean * mean))}};
}

// As many runs as asked, more until min_secs are over, none after max_secs.
Expected<ordered_json> spell(ModelRunner& m, const Arguments& a, int runs, double min_secs) {
  std::vector<double> times;
  const auto start = Clock::now();
  while (static_cast<int>(times.size()) < runs || microseconds(start) < min_secs * 1e6) {
    if (microseconds(start) > a.max_secs * 1e6 && !times.empty()) break;
    const auto t = Clock::now();
    CHECK_OK(m.invoke());
    times.push_back(microseconds(t));
    if (a.run_delay > 0) std::this_thread::sleep_for(std::chrono::duration<double>(a.run_delay));
  }
  return statistics(std::move(times));
}

Expected<ordered_json> run(const Arguments& a) {
  const auto start = Clock::now();
  TRY(auto m, ready_model(a, a.options()));
  ordered_json j{{"ok", true}, {"model", a.path}, {"threads", a.threads}, {"resolver", a.resolver}};
  j["load_and_plan_microseconds"] = microseconds(start);
  const auto first = Clock::now();
  CHECK_OK(m->invoke());
  j["first_run_microseconds"] = microseconds(first);
  if (a.warmup_runs > 1) {
    TRY(j["warmup_microseconds"], spell(*m, a, a.warmup_runs - 1, 0));
  }
  TRY(j["microseconds"], spell(*m, a, a.num_runs, a.min_secs));
  j["arena_bytes"] = m->graph().arena_bytes();
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  j["peak_resident_bytes"] = static_cast<int64_t>(u.ru_maxrss) * 1024;
  if (a.profiling) {
    TRY(const auto rows, profile(*m, std::max(3, a.num_runs / 5), {}));
    std::map<std::string, std::pair<double, int>> by_op;
    for (const auto& r : rows) by_op[r.op].first += r.microseconds, ++by_op[r.op].second;
    for (const auto& [op, t] : by_op) j["operators"].push_back({{"operator", op}, {"count", t.second}, {"microseconds", t.first}});
    std::sort(j["operators"].begin(), j["operators"].end(), [](const auto& x, const auto& y) { return x["microseconds"] > y["microseconds"]; });
  }
  return j;
}

void print(const ordered_json& j) {
  const auto us = [](const ordered_json& v) { return fmt::format("{:.1f}", v.get<double>()); };
  const auto& t = j["microseconds"];
  std::cout << fmt::format("load and plan  {:>10} µs\nfirst run      {:>10} µs\nrun            {:>10} µs median of {} (average {}, {} to {}, deviation {})\n",
                           us(j["load_and_plan_microseconds"]), us(j["first_run_microseconds"]), us(t["median"]), t["runs"].get<size_t>(), us(t["average"]),
                           us(t["minimum"]), us(t["maximum"]), us(t["deviation"]));
  std::cout << fmt::format("arena          {:>10}\nresident       {:>10} at most\n", bytes_text(j["arena_bytes"]), bytes_text(j["peak_resident_bytes"]));
  if (j.contains("operators"))
    for (const auto& o : j["operators"])
      std::cout << fmt::format("  {:>10} µs  {:>3} × {}\n", us(o["microseconds"]), o["count"].get<int>(), o["operator"].get<std::string>());
}

}  // namespace

void add_benchmark(CLI::App& app, int& code) {
  auto* verb = app.add_subcommand("benchmark", "Time a .tflite model (flags as benchmark_model's)");
  auto a = std::make_shared<Arguments>();
  verb->footer("Example: toucanet benchmark model.tflite --threads 2 --enable_op_profiling");
  a->add(*verb);
  verb->get_option("model")->required(false);
  verb->add_option("--graph", a->path, "the model, as benchmark_model spells it")->check(CLI::ExistingFile);
  verb->add_option("--num_runs", a->num_runs, "at least so many runs")->capture_default_str()->check(CLI::PositiveNumber);
  verb->add_option("--warmup_runs", a->warmup_runs, "runs before that")->capture_default_str()->check(CLI::NonNegativeNumber);
  verb->add_option("--min_secs", a->min_secs, "at least so long")->capture_default_str();
  verb->add_option("--max_secs", a->max_secs, "no run starts later")->capture_default_str();
  verb->add_option("--run_delay", a->run_delay, "seconds between runs");
  verb->add_option("--input_layer_shape", a->shapes, "--shapes, as benchmark_model spells it");
  verb->add_flag("--enable_op_profiling", a->profiling, "time by operator");
  verb->callback([a, &code] {
    if (a->path.empty()) throw CLI::RequiredError("model");
    auto j = run(*a);
    if (!j) return void(code = report_failure(j.error(), a->terminal));
    if (a->terminal.json) std::cout << j->dump(2) << "\n";
    else print(*j);
    code = Done;
  });
}

}  // namespace toucanet::cli
