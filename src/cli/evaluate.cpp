#include <filesystem>
#include <iostream>

#include "cli/model_inputs.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "evaluate/accuracy.h"

namespace toucanet::cli {
namespace {
using nlohmann::ordered_json;

struct Arguments {
  std::vector<std::string> models;
  LabelledData data;
  std::string names, resolver = "fast";
  std::optional<int64_t> label_offset;
  size_t threads = 1, worst = 5;
  PhotoArguments photos;
  Terminal terminal;
};

struct Outcome {
  LabelledSamples samples;
  std::vector<ModelAccuracy> models;
};

std::string class_text(int64_t label, const LabelledSamples& samples) {
  const auto& names = samples.class_names();
  if (label >= 0 && static_cast<size_t>(label) < names.size()) return names[static_cast<size_t>(label)];
  return std::to_string(label);
}

std::string percent(size_t part, size_t whole) { return fmt::format("{:.1f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole)); }

Expected<Outcome> run(const Arguments& a) {
  AccuracyOptions options;
  TRY(options.preprocessing, a.photos.parsed());
  LabelledData data = a.data;
  if (!a.names.empty()) {
    TRY(data.class_names, read_class_names(a.names));
  }
  TRY(auto samples, LabelledSamples::open(data));
  if (!samples.labelled() && a.models.size() < 2)
    return diag("TN8001", "'{}' has no labels, and there is no second model to agree with", data.data).note("give --labels, or another model");
  options.resolver = a.resolver == "fast" ? Resolver::Fast : Resolver::Plain;
  options.threads = std::min(a.threads, samples.size());
  options.label_offset = a.label_offset;
  Progress progress(a.terminal, samples.photos() ? "photos" : "samples");
  options.progress = [&](size_t done) { progress(done, samples.size()); };
  TRY(auto models, measure_accuracy(a.models, samples, options));
  return Outcome{std::move(samples), std::move(models)};
}

ordered_json json_of(const Outcome& o) {
  const size_t n = o.samples.size();
  const auto share = [&](size_t part) { return static_cast<double>(part) / static_cast<double>(n); };
  ordered_json j{{"ok", true}, {"samples", n}, {"labelled", o.samples.labelled()}, {"found", o.samples.found()}, {"without_label", o.samples.without_label()}};
  j["models"] = ordered_json::array();
  for (const auto& m : o.models) {
    ordered_json row{{"model", m.path}, {"bytes", m.bytes}, {"outputs", m.outputs}};
    if (o.samples.labelled()) row["top1"] = share(m.within(1)), row["top5"] = share(m.within(5)), row["label_offset"] = m.label_offset;
    row["agreement"] = share(m.agreeing(o.models[0]));
    row["milliseconds"] = m.seconds * 1e3;
    row["not_finite"] = m.not_finite;
    row["answers"] = m.best;
    if (o.samples.labelled()) {
      row["classes"] = ordered_json::array();
      for (const auto& c : by_class(m, o.samples)) {
        ordered_json taken = ordered_json::array();
        for (const auto& [label, count] : c.taken_for) taken.push_back({{"class", label}, {"count", count}});
        row["classes"].push_back(
            {{"class", c.label}, {"name", class_text(c.label, o.samples)}, {"samples", c.samples}, {"right", c.right}, {"taken_for", taken}});
      }
    }
    j["models"].push_back(std::move(row));
  }
  return j;
}

void say_what_was_found(const Outcome& o, const Terminal& t) {
  const auto& s = o.samples;
  t.say(fmt::format("data    {} {}{}", s.size(), s.photos() ? "photos" : "samples", s.labelled() ? "" : " without labels: agreement only"));
  if (!s.found().empty()) t.say(fmt::format("found   {}", s.found()));
  if (s.without_label()) t.say(fmt::format("left    {} photos that the labels do not list", s.without_label()));
  for (const auto& m : o.models)
    if (m.offset_found) {
      t.say(fmt::format("found   class 0 is output 1: '{}' has 1001 outputs, the labels end below 1000 (--label-offset 0 if not)", m.path));
      break;
    }
  for (const auto& m : o.models)
    if (m.not_finite) t.say(fmt::format("NaN     or infinity in the outputs of '{}' for {} samples", m.path, m.not_finite));
}

std::vector<std::string> short_names(const std::vector<ModelAccuracy>& models) {
  std::vector<std::string> names;
  for (const auto& m : models) names.push_back(std::filesystem::path(m.path).stem().string());
  for (size_t i = 0; i < names.size(); ++i)
    if (std::count(names.begin(), names.end(), names[i]) > 1) names[i] = models[i].path;
  return names;
}

// The classes that the last model gets wrong most, side by side. With one sample a class there is nothing to confuse.
void print_worst(const Outcome& o, const std::vector<std::string>& names, size_t worst) {
  auto order = by_class(o.models.back(), o.samples);
  if (std::all_of(order.begin(), order.end(), [](const ClassAccuracy& c) { return c.samples == 1; })) return;
  std::erase_if(order, [](const ClassAccuracy& c) { return c.right == c.samples; });
  if (order.empty()) return;
  std::vector<std::map<int64_t, ClassAccuracy>> classes(o.models.size());
  for (size_t i = 0; i < o.models.size(); ++i)
    for (auto& c : by_class(o.models[i], o.samples)) classes[i][c.label] = c;
  std::string head;
  for (size_t i = 0; i < names.size(); ++i) head += fmt::format("  {:>7}", fmt::format("#{}", i + 1));
  std::cout << fmt::format("\n{:<24}  {:>7}{}  taken for, by {}\n", "worst classes", "samples", head, names.back());
  for (size_t k = 0; k < std::min(worst, order.size()); ++k) {
    const auto& c = order[k];
    std::string rights, taken;
    for (const auto& model : classes) rights += fmt::format("  {:>7}", percent(model.at(c.label).right, c.samples));
    for (size_t t = 0; t < std::min<size_t>(c.taken_for.size(), 3); ++t)
      taken += fmt::format("{}{} ×{}", t ? ", " : "", class_text(c.taken_for[t].first, o.samples), c.taken_for[t].second);
    std::cout << fmt::format("{:<24}  {:>7}{}  {}\n", class_text(c.label, o.samples).substr(0, 24), c.samples, rights, taken);
  }
}

void print(const Outcome& o, size_t worst) {
  const size_t n = o.samples.size();
  const bool labelled = o.samples.labelled(), several = o.models.size() > 1;
  const auto names = short_names(o.models);
  size_t width = 5;
  for (const auto& name : names) width = std::max(width, name.size());
  std::cout << fmt::format("    {:<{}}  {:>9}  {}{:>8}{}\n", "model", width, "size", labelled ? fmt::format("{:>7}  {:>7}  ", "top-1", "top-5") : "",
                           "ms a run", several ? "  same top-1 as #1" : "");
  for (size_t i = 0; i < names.size(); ++i) {
    const auto& m = o.models[i];
    const std::string right = labelled ? fmt::format("{:>7}  {:>7}  ", percent(m.within(1), n), percent(m.within(5), n)) : "";
    std::cout << fmt::format("#{:<2} {:<{}}  {:>9}  {}{:>8.3f}{}\n", i + 1, names[i], width, bytes_text(m.bytes), right, m.seconds * 1e3,
                             i ? fmt::format("  {:>16}", percent(m.agreeing(o.models[0]), n)) : "");
  }
  if (labelled && worst) print_worst(o, names, worst);
}

}  // namespace

void add_evaluate(CLI::App& app, int& code) {
  auto* verb = app.add_subcommand("evaluate", "How often models that classify are right, side by side");
  auto a = std::make_shared<Arguments>();
  verb->footer(
      "Example: toucanet evaluate float.tflite int8.tflite --data photos/ --labels labels.csv --crop 0.875\n         toucanet evaluate mnist.tflite --data "
      "t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz --mean 0 --std 255");
  verb->add_option("models", a->models, "one .tflite file or more; answers are compared with the first one's")->required()->check(CLI::ExistingFile);
  verb->add_option("--data", a->data.data, "a folder of photos (or of folders, one a class), a .npz, .npy or idx file")->required()->check(CLI::ExistingPath);
  verb->add_option("--labels", a->data.labels, "CSV: file,class_index; a .npy or idx file for arrays (default: the array 'labels' of the .npz)")
      ->check(CLI::ExistingFile);
  verb->add_option("--names", a->names, "a file with a line for each class")->check(CLI::ExistingFile);
  verb->add_option("--label-offset", a->label_offset, "which output class 0 is (default: 1 with 1001 outputs, otherwise 0)");
  verb->add_option("--skip", a->data.skip, "leave out so many samples at the beginning");
  verb->add_option("--limit", a->data.limit, "take at most so many");
  a->photos.add(*verb);
  verb->add_option("--threads,--num_threads", a->threads, "each runs samples of its own; results do not depend on it")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
  verb->add_option("--resolver", a->resolver, "fast, or plain: evaluation operator by operator")
      ->capture_default_str()
      ->check(CLI::IsMember({"fast", "plain", "ref"}));
  verb->add_option("--worst", a->worst, "how many of the worst classes to show")->capture_default_str();
  verb->add_flag("--json", a->terminal.json, "everything, with every answer and class, as JSON");
  verb->add_flag("-q,--quiet", a->terminal.quiet, "nothing but errors and the table");
  verb->callback([a, &code] {
    auto done = run(*a);
    if (!done) return void(code = report_failure(done.error(), a->terminal));
    say_what_was_found(*done, a->terminal);
    if (a->terminal.json) std::cout << json_of(*done).dump(2) << "\n";
    else print(*done, a->worst);
    code = Done;
  });
}

}  // namespace toucanet::cli
