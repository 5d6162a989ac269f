#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <numeric>

#include "cli/model_inputs.h"
#include "cli/report.h"
#include "import/npy.h"

namespace toucanet::cli {
namespace {
using nlohmann::ordered_json;

struct Arguments : RunArguments {
  std::string output, labels;
  size_t top = 5;
};

struct Ranked {
  size_t index;
  double value;
};

// The largest elements; real numbers where the tensor is quantised.
std::vector<Ranked> largest(const Tensor& t, size_t top) {
  std::vector<size_t> order(static_cast<size_t>(t.elements()));
  std::iota(order.begin(), order.end(), size_t{0});
  const auto value = [&](size_t i) {
    const double v = t.number(static_cast<int64_t>(i));
    if (!t.quant || t.quant->scale.size() != 1) return v;
    return static_cast<double>(t.quant->scale[0]) * (v - static_cast<double>(t.quant->zero_point[0]));
  };
  top = std::min(top, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(top), order.end(), [&](size_t a, size_t b) { return value(a) > value(b); });
  std::vector<Ranked> r;
  for (size_t i = 0; i < top; ++i) r.push_back({order[i], value(order[i])});
  return r;
}

Expected<std::vector<std::string>> read_labels(const std::string& path) {
  std::ifstream f(path);
  if (!f) return diag("TN1001", "'{}' cannot be read", path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(f, line);) lines.push_back(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
  return lines;
}

std::string file_name(const std::string& tensor) {
  std::string s = tensor.empty() ? "output" : tensor;
  std::replace_if(
      s.begin(), s.end(), [](char c) { return c == '/' || c == ':' || c == '\\'; }, '_');
  return s + ".npy";
}

Expected<ordered_json> run(const Arguments& a) {
  std::vector<std::string> labels;
  if (!a.labels.empty()) {
    TRY(labels, read_labels(a.labels));
  }
  TRY(auto m, ready_model(a, a.options()));
  const auto start = std::chrono::steady_clock::now();
  CHECK_OK(m->invoke());
  const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  ordered_json j{{"ok", true}, {"milliseconds", ms}, {"random_inputs", a.inputs.size() < m->file().inputs.size()}};
  j["outputs"] = ordered_json::array();
  for (uint32_t i : m->file().outputs) {
    const auto& t = m->file().tensors[i];
    const Tensor& value = *m->tensor(0, i);
    ordered_json o{{"name", t.name}, {"dtype", tf_name(value.dtype)}, {"shape", value.dims}};
    if (value.dtype != DType::String && !value.dims.empty() && value.elements() > 1) {
      for (const auto& r : largest(value, a.top)) {
        ordered_json row{{"index", r.index}, {"value", r.value}};
        if (r.index < labels.size()) row["label"] = labels[r.index];
        o["largest"].push_back(std::move(row));
      }
    } else if (value.dtype != DType::String && value.elements() == 1) {
      o["value"] = value.number(0);
    }
    if (!a.output.empty()) {
      std::error_code e;
      std::filesystem::create_directories(a.output, e);
      const std::string path = (std::filesystem::path(a.output) / file_name(t.name)).string();
      CHECK_OK(write_npy_file(path, value));
      o["file"] = path;
    }
    j["outputs"].push_back(std::move(o));
  }
  return j;
}

void print(const ordered_json& j, const Arguments& a) {
  if (j["random_inputs"].get<bool>()) a.terminal.say("inputs  random: give your own with --input NAME=FILE");
  for (const auto& o : j["outputs"]) {
    std::cout << fmt::format("{}   {} {}\n", o["name"].get<std::string>(), o["dtype"].get<std::string>(), o["shape"].dump());
    if (o.contains("value")) std::cout << fmt::format("  {:.6g}\n", o["value"].get<double>());
    if (o.contains("largest"))
      for (const auto& r : o["largest"])
        std::cout << fmt::format("  {:>6}  {:<12.6g} {}\n", r["index"].get<size_t>(), r["value"].get<double>(), r.value("label", ""));
    if (o.contains("file")) std::cout << fmt::format("  written to {}\n", o["file"].get<std::string>());
  }
  a.terminal.say(fmt::format("ran in {:.3f} ms", j["milliseconds"].get<double>()));
}

}  // namespace

void add_run(CLI::App& app, int& code) {
  auto* verb = app.add_subcommand("run", "Run a .tflite model on arrays or photos");
  auto a = std::make_shared<Arguments>();
  verb->footer(
      "Example: toucanet run mobilenet.tflite --input photo.jpg --labels labels.txt\n         toucanet run model.tflite --input x=x.npy --output results/");
  a->add(*verb);
  verb->add_option("--output", a->output, "folder for the outputs, as .npy");
  verb->add_option("--labels", a->labels, "a line for each class")->check(CLI::ExistingFile);
  verb->add_option("--top", a->top, "how many of the largest elements to print")->capture_default_str();
  verb->callback([a, &code] {
    auto j = run(*a);
    if (!j) return void(code = report_failure(j.error(), a->terminal));
    if (a->terminal.json) std::cout << j->dump(2) << "\n";
    else print(*j, *a);
    code = Done;
  });
}

}  // namespace toucanet::cli
