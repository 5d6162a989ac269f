#include <chrono>
#include <cmath>
#include <iostream>

#include "cli/model_inputs.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "export/output_file.h"
#include "import/file.h"
#include "pipeline/input_domain.h"
#include "quantize/comparison_report.h"

namespace toucanet::cli {
namespace {
using nlohmann::ordered_json;

struct Arguments : RunArguments {
  std::string other, html, node_data;
  SampleArguments data;
  Tolerance tolerance;
  std::optional<double> min_sqnr;
  size_t worst = 10;
  bool by_tolerance = false, all = false;
};

struct Comparison {
  ComparisonReport report;
  bool by_layer = false;  // the second model is quantised: costs, not faults
};

std::pair<Resolver, Resolver> resolvers_of(const Arguments& a) {
  const auto kind = [](const std::string& s) { return s == "fast" ? Resolver::Fast : Resolver::Plain; };
  const auto comma = a.resolver.find(',');
  const Resolver first = kind(a.resolver.substr(0, comma));
  if (!a.other.empty()) return {first, comma == std::string::npos ? first : kind(a.resolver.substr(comma + 1))};
  if (comma == std::string::npos) return {first, first == Resolver::Fast ? Resolver::Plain : Resolver::Fast};
  return {first, kind(a.resolver.substr(comma + 1))};
}

// Samples of the first model: of --data, of --input, or random ones.
Status add_samples(const Arguments& a, ModelRunner& first, LayerComparison& to, std::string& what) {
  if (!a.data.path.empty()) {
    TRY(const auto source, a.data.open(first.module(), a.photos));
    what = fmt::format("'{}'", a.data.path);
    Progress progress(a.terminal, "samples");
    for (size_t i = 0;; ++i) {
      TRY(const auto sample, source->sample(i));
      if (!sample) return ok();
      CHECK_OK(to.add(*sample));
      progress(i + 1, source->size().value_or(0));
    }
  }
  if (!a.inputs.empty()) {
    what = "the inputs given";
    return to.add();  // ready_model() has filled them
  }
  what = "random numbers";
  const uint64_t usual = a.other.empty() ? 1 : 8, n = std::min(a.data.limit.value_or(usual), usual);
  for (uint64_t i = 0; i < n; ++i) {
    RunArguments next = a;
    next.seed = a.seed + i;
    CHECK_OK(fill_inputs(first, next));
    CHECK_OK(to.add());
  }
  return ok();
}

// Of a model that keeps no tensors: five runs at least, half a second at most.
Expected<ComparedModel> timed(const std::string& path, ModelOptions options, ModelRunner& inputs_of) {
  using Clock = std::chrono::steady_clock;
  options.runner.preserve_all_tensors = false;
  TRY(const auto file, map_file(path));
  TRY(const auto m, ModelRunner::load_file(path, options));
  for (size_t k = 0; k < m->file().inputs.size(); ++k) m->resize_input(0, k, inputs_of.tensor(0, inputs_of.file().inputs[k])->dims);
  CHECK_OK(m->allocate());
  for (size_t k = 0; k < m->file().inputs.size(); ++k) {
    const Tensor& x = *inputs_of.tensor(0, inputs_of.file().inputs[k]);
    Tensor& y = *m->tensor(0, m->file().inputs[k]);
    if (!byte_size(y.dtype)) y = x;
    else if (y.bytes()) std::memcpy(y.raw_mutable(), x.raw(), y.bytes());
  }
  CHECK_OK(m->invoke());
  std::vector<double> times;
  for (const auto start = Clock::now(); times.size() < 5 || (times.size() < 51 && Clock::now() - start < std::chrono::milliseconds(500));) {
    const auto run = Clock::now();
    CHECK_OK(m->invoke());
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - run).count());
  }
  std::sort(times.begin(), times.end());
  return ComparedModel{path, file->bytes().size(), times[times.size() / 2]};
}

Expected<Comparison> run(const Arguments& a) {
  ModelOptions first = a.options(), second = a.options();
  first.runner.preserve_all_tensors = second.runner.preserve_all_tensors = true;
  std::tie(first.runner.resolver, second.runner.resolver) = resolvers_of(a);
  const std::string& other = a.other.empty() ? a.path : a.other;
  if (!a.data.path.empty() && !a.inputs.empty()) return diag("TN0004", "--data and --input exclude each other");
  TRY(auto x, ready_model(a, first));
  TRY(auto y, ModelRunner::load_file(other, second));
  Comparison c;
  c.by_layer = !a.by_tolerance && loses_precision(x->module(), y->module());
  LayerComparison comparison(*x, *y, a.tolerance, !a.html.empty() || (c.by_layer && a.terminal.json));
  CHECK_OK(add_samples(a, *x, comparison, c.report.data));
  c.report.samples = comparison.samples(), c.report.same_answer = comparison.same_answer();
  c.report.unmatched = comparison.unmatched(), c.report.layers = comparison.take();
  c.report.threads = a.threads;
  if (c.by_layer || !a.html.empty()) {
    TRY(c.report.first, timed(a.path, first, *x));
    TRY(c.report.second, timed(other, second, *y));
  }
  if (!a.html.empty()) CHECK_OK(write_file(a.html, html(c.report)));
  if (!a.node_data.empty()) CHECK_OK(write_file(a.node_data, node_data(c.report).dump(1)));
  return c;
}

std::string shortened(const std::string& s, size_t width) {
  if (s.size() <= width) return s;
  size_t from = s.size() - width + 1;
  while (from < s.size() && (static_cast<unsigned char>(s[from]) & 0xc0) == 0x80) ++from;
  return "…" + s.substr(from);
}

std::string sqnr_text(const LayerDifference& l) {
  if (!l.problem.empty()) return "differs";
  return std::isfinite(l.sqnr_db()) ? fmt::format("{:.1f} dB", l.sqnr_db()) : l.noise == 0 ? "equal" : "not finite";
}

size_t name_width(const std::vector<LayerDifference>& layers) {
  size_t width = 6;
  for (const auto& l : layers) width = std::max(width, std::min<size_t>(l.tensor.size(), 60));
  return width;
}

void say_summary(const Comparison& c, const Arguments& a) {
  const Terminal& t = a.terminal;
  const auto& r = c.report;
  t.say(fmt::format("data    {} {} of {}{}", r.samples, r.samples == 1 ? "sample" : "samples", r.data,
                    r.data == "random numbers" ? ": give your own with --data or --input" : ""));
  if (!c.by_layer) return;
  t.say(fmt::format("size    {} -> {} ({:.0f} %)", bytes_text(r.first.bytes), bytes_text(r.second.bytes),
                    100.0 * static_cast<double>(r.second.bytes) / static_cast<double>(r.first.bytes)));
  t.say(fmt::format("time    {:.3f} ms -> {:.3f} ms a run, {} thread{}", r.first.milliseconds, r.second.milliseconds, r.threads, r.threads == 1 ? "" : "s"));
  if (r.same_answer) t.say(fmt::format("answers the same top-1 for {} of {} samples", *r.same_answer, r.samples));
  t.say(fmt::format("layers  {} compared by name{}{}", r.layers.size(),
                    a.all || a.terminal.json || r.layers.size() <= a.worst ? "" : fmt::format(", the {} worst follow (--all: every one)", a.worst),
                    r.unmatched.empty() ? "" : fmt::format(", {} without a counterpart, for example '{}'", r.unmatched.size(), r.unmatched[0])));
}

void print_layers(const Comparison& c, const Arguments& a) {
  const auto& layers = c.report.layers;
  const size_t width = name_width(layers);
  size_t op = 8;
  for (const auto& l : layers) op = std::max(op, l.op.size());
  const auto order = worst_first(layers);
  std::cout << fmt::format("{:>4}  {:<{}}  {:<{}}  {:<8}  {:>10}  {:>9}  {:>8}\n", "#", "layer", width, "operator", op, "stored", "SQNR", "largest", "clipped");
  for (size_t k = 0; k < (a.all ? order.size() : std::min(a.worst, order.size())); ++k) {
    const auto& l = layers[order[k]];
    std::cout << fmt::format("{:>4}  {:<{}}  {:<{}}  {:<8}  {:>10}  {:>9.3g}  {:>8}{}\n", order[k], shortened(l.tensor, width), width, l.op, op,
                             l.stored ? tf_name(l.stored_type) : "floats", sqnr_text(l), l.largest,
                             l.stored_limits() ? fmt::format("{:.2f} %", l.clipped_share() * 100) : "–", l.problem.empty() ? "" : "  " + l.problem);
  }
}

void print_tensors(const Comparison& c, const Arguments& a) {
  const auto& layers = c.report.layers;
  const size_t width = name_width(layers);
  const LayerDifference* first = nullptr;
  std::cout << fmt::format("{:<{}}  {:<22}  {:>10}  {:>10}  {:>8}\n", "tensor", width, "type", "largest", "mean", "SQNR");
  for (const auto& l : layers) {
    if (!first && l.past) first = &l;
    if (!a.all && !l.past && &l != &layers.back()) continue;
    std::cout << fmt::format("{:<{}}  {:<22}  {:>10.3g}  {:>10.3g}  {:>8}  {}\n", shortened(l.tensor, width), width, l.type, l.largest, l.mean(), sqnr_text(l),
                             l.problem.empty() ? (l.past ? "past tolerance" : "") : l.problem);
  }
  if (first) std::cout << fmt::format("first past tolerance: '{}', made by '{}'\n", first->tensor, first->node);
  else std::cout << fmt::format("{} tensors within tolerance\n", layers.size());
}

int verdict(const Comparison& c, const Arguments& a) {
  if (!c.by_layer && std::any_of(c.report.layers.begin(), c.report.layers.end(), [](const auto& l) { return l.past; })) return VerificationFailed;
  const auto order = worst_first(c.report.layers);
  if (!a.min_sqnr || c.report.layers[order[0]].sqnr_db() >= *a.min_sqnr) return Done;
  const auto& l = c.report.layers[order[0]];
  a.terminal.report({diag("TN8006", "the layer '{}' has {:.1f} dB, --min-sqnr asks for {:.1f}", l.tensor, l.sqnr_db(), *a.min_sqnr).at(l.node)});
  return VerificationFailed;
}

}  // namespace

void add_compare(CLI::App& app, int& code) {
  auto* verb = app.add_subcommand("compare", "What quantisation costs, layer by layer; or where two models, or two resolvers, part");
  auto a = std::make_shared<Arguments>();
  verb->footer(
      "Example: toucanet compare float.tflite int8.tflite --data photos/ --html report.html\n         toucanet compare model.tflite --resolver ref,fast\n"
      "A model beside its quantised form is compared layer by layer, the worst first. Others are compared by tolerance, and the first tensor past it is "
      "named.");
  a->add(*verb);
  verb->remove_option(verb->get_option("--resolver"));
  a->resolver = "";
  verb->add_option("--resolver", a->resolver, "ref (or plain) and fast: one for each model (default: ref,fast for one model, fast for two)")
      ->check([](const std::string& s) {
        const auto one = [](std::string_view r) { return r == "fast" || r == "plain" || r == "ref"; };
        const size_t comma = s.find(',');
        const bool right = comma == s.npos ? one(s) : one(s.substr(0, comma)) && one(s.substr(comma + 1));
        return right ? std::string() : fmt::format("'{}' is not ref, plain, fast, or two of them", s);
      });
  verb->add_option("other", a->other, "another model with the same inputs")->check(CLI::ExistingFile);
  a->data.add(*verb, "--data");
  auto* absolute =
      verb->add_option("--tolerance", a->tolerance.absolute, "absolute difference of floats; compares by tolerance also where the other model is quantised");
  absolute->capture_default_str();
  auto* relative = verb->add_option("--relative", a->tolerance.relative, "relative difference of floats, on top");
  relative->capture_default_str();
  verb->add_option("--min-sqnr", a->min_sqnr, "dB; a layer below it is a failure (exit code 4)");
  verb->add_option("--worst", a->worst, "how many of the worst layers to print")->capture_default_str();
  verb->add_flag("--all", a->all, "print every layer or tensor");
  verb->add_option("--html", a->html, "write a report to read in a browser: one file, no network");
  verb->add_option("--node-data", a->node_data, "write custom node data for Model Explorer");
  verb->callback([a, absolute, relative, &code] {
    a->by_tolerance = absolute->count() + relative->count() > 0;
    if (a->resolver.empty()) a->resolver = a->other.empty() ? "ref,fast" : "fast";
    auto c = run(*a);
    if (!c) return void(code = report_failure(c.error(), a->terminal));
    say_summary(*c, *a);
    if (a->terminal.json) std::cout << json_of(c->report, c->by_layer).dump(2) << "\n";
    else if (c->by_layer) print_layers(*c, *a);
    else print_tensors(*c, *a);
    if (!a->html.empty()) a->terminal.say(fmt::format("report  {}", a->html));
    code = verdict(*c, *a);
  });
}

}  // namespace toucanet::cli
