#include <cmath>
#include <iostream>

#include "cli/model_inputs.h"
#include "cli/report.h"

namespace toucanet::cli {
namespace {
using nlohmann::ordered_json;

struct Arguments : RunArguments {
  std::string other;
  double absolute = 1e-4, relative = 1e-4;
  bool all = false;
};

struct Row {
  std::string tensor, node, type, problem;
  double largest = 0, mean = 0, sqnr = 0;  // real numbers; signal-to-noise in dB
  bool past = false;
};

double real(const Tensor& t, int64_t i) {
  const double v = t.number(i);
  if (!t.quant || t.quant->scale.size() != 1 || !is_int(t.dtype)) return v;
  return static_cast<double>(t.quant->scale[0]) * (v - static_cast<double>(t.quant->zero_point.empty() ? 0 : t.quant->zero_point[0]));
}

// Real numbers against real numbers. Integers of one type must be equal unless both stand for real numbers of other scales.
void measure(const Tensor& a, const Tensor& b, const Arguments& args, Row& row) {
  if (a.dims != b.dims) {
    row.problem = fmt::format("the shapes differ: [{}] and [{}]", Shape::of(a.dims).str(), Shape::of(b.dims).str());
    row.past = true;
    return;
  }
  const bool exact = a.dtype == b.dtype && !is_float(a.dtype);
  double signal = 0, noise = 0, sum = 0;
  const int64_t n = a.elements();
  for (int64_t i = 0; i < n; ++i) {
    const double x = real(a, i), y = real(b, i);
    if (std::isnan(x) && std::isnan(y)) continue;
    if (!std::isfinite(x) || !std::isfinite(y)) {
      if (x != y) row.past = true, row.largest = std::numeric_limits<double>::infinity();
      continue;
    }
    const double d = std::fabs(x - y);
    row.largest = std::max(row.largest, d);
    sum += d, signal += x * x, noise += d * d;
    row.past = row.past || (exact ? d != 0 : d > args.absolute + args.relative * std::fabs(x));
  }
  row.mean = n ? sum / static_cast<double>(n) : 0;
  row.sqnr = noise == 0 ? std::numeric_limits<double>::infinity() : 10 * std::log10(std::max(signal, 1e-300) / noise);
}

Tensor* by_name(ModelRunner& m, const std::string& name) {
  const auto& tensors = m.file().tensors;
  for (size_t i = 0; i < tensors.size(); ++i)
    if (tensors[i].name == name) return m.tensor(0, i);
  return nullptr;
}

Status copy_inputs(ModelRunner& from, ModelRunner& to) {
  if (from.file().inputs.size() != to.file().inputs.size())
    return diag("TN3006", "the models have {} and {} inputs", from.file().inputs.size(), to.file().inputs.size());
  for (size_t k = 0; k < from.file().inputs.size(); ++k) {
    const Tensor& x = *from.tensor(0, from.file().inputs[k]);
    to.resize_input(0, k, x.dims);
  }
  CHECK_OK(to.allocate());
  for (size_t k = 0; k < from.file().inputs.size(); ++k) {
    const Tensor& x = *from.tensor(0, from.file().inputs[k]);
    Tensor& y = *to.tensor(0, to.file().inputs[k]);
    if (x.dtype == y.dtype) {
      if (!byte_size(y.dtype)) y = x;
      else if (y.bytes()) std::memcpy(y.raw_mutable(), x.raw(), y.bytes());
      continue;
    }
    if (!is_float(x.dtype) || !y.quant || y.quant->scale.size() != 1)
      return diag("TN3006", "input {} is {} in one model and {} in the other", k, tf_name(x.dtype), tf_name(y.dtype));
    dispatch(y.dtype, [&]<class T>(T) {
      if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>)
        for (int64_t i = 0; i < y.elements(); ++i)
          y.as_mutable<T>()[static_cast<size_t>(i)] =
              static_cast<T>(std::clamp(std::round(x.number(i) / static_cast<double>(y.quant->scale[0])) + static_cast<double>(y.quant->zero_point[0]),
                                        static_cast<double>(std::numeric_limits<T>::min()), static_cast<double>(std::numeric_limits<T>::max())));
    });
  }
  return ok();
}

Expected<std::vector<Row>> run(const Arguments& a) {
  ModelOptions first = a.options(), second = a.options();
  first.runner.preserve_all_tensors = second.runner.preserve_all_tensors = true;
  if (a.other.empty()) {
    const auto comma = a.resolver.find(',');
    const auto kind = [](const std::string& s) { return s == "fast" ? Resolver::Fast : Resolver::Plain; };
    first.runner.resolver = kind(a.resolver.substr(0, comma));
    second.runner.resolver =
        comma == std::string::npos ? (first.runner.resolver == Resolver::Fast ? Resolver::Plain : Resolver::Fast) : kind(a.resolver.substr(comma + 1));
  }
  TRY(auto x, ready_model(a, first));
  TRY(auto y, ModelRunner::load_file(a.other.empty() ? a.path : a.other, second));
  CHECK_OK(copy_inputs(*x, *y));
  CHECK_OK(x->invoke());
  CHECK_OK(y->invoke());
  std::vector<Row> rows;
  const Graph& g = x->graph().graph();
  for (const Step& step : x->graph().steps())
    for (uint32_t k = 0; k < step.out.size(); ++k) {
      const Result& r = g.result({step.node, k});
      const Tensor& mine = *step.out[k];
      if (r.name.empty() || !byte_size(mine.dtype)) continue;
      const Tensor* theirs = by_name(*y, r.name);
      if (!theirs || !theirs->defined() || !mine.defined()) continue;
      Row row{r.name, std::string(x->module().origins->last(r.origin)), fmt::format("{} [{}]", tf_name(mine.dtype), Shape::of(mine.dims).str()), {}};
      measure(mine, *theirs, a, row);
      rows.push_back(std::move(row));
    }
  if (rows.empty())
    return diag("TN3012", "the models have no computed tensor of one name").note("outputs are compared by name: convert both from the same source");
  return rows;
}

ordered_json json_of(const std::vector<Row>& rows) {
  ordered_json j{{"ok", true}, {"first_past_tolerance", nullptr}, {"tensors", ordered_json::array()}};
  for (const auto& r : rows) {
    if (r.past && j["first_past_tolerance"].is_null()) j["first_past_tolerance"] = r.tensor;
    ordered_json o{{"tensor", r.tensor}, {"node", r.node}, {"type", r.type}, {"largest", r.largest}, {"mean", r.mean}, {"past_tolerance", r.past}};
    if (std::isfinite(r.sqnr)) o["sqnr_db"] = r.sqnr;
    if (!r.problem.empty()) o["problem"] = r.problem;
    j["tensors"].push_back(std::move(o));
  }
  return j;
}

void print(const std::vector<Row>& rows, bool all) {
  size_t width = 6;
  const Row* first = nullptr;
  for (const auto& r : rows) width = std::max(width, std::min<size_t>(r.tensor.size(), 60)), first = !first && r.past ? &r : first;
  std::cout << fmt::format("{:<{}}  {:<22}  {:>10}  {:>10}  {:>8}\n", "tensor", width, "type", "largest", "mean", "SQNR");
  for (const auto& r : rows) {
    if (!all && !r.past && &r != &rows.back()) continue;
    const std::string name = r.tensor.size() > width ? "…" + r.tensor.substr(r.tensor.size() - width + 1) : r.tensor;
    std::cout << fmt::format("{:<{}}  {:<22}  {:>10.3g}  {:>10.3g}  {:>8}  {}\n", name, width, r.type, r.largest, r.mean,
                             std::isfinite(r.sqnr) ? fmt::format("{:.1f} dB", r.sqnr) : "equal",
                             r.problem.empty() ? (r.past ? "past tolerance" : "") : r.problem);
  }
  if (first) std::cout << fmt::format("first past tolerance: '{}', made by '{}'\n", first->tensor, first->node);
  else std::cout << fmt::format("{} tensors within tolerance\n", rows.size());
}

}  // namespace

void add_compare(CLI::App& app, int& code) {
  auto* verb = app.add_subcommand("compare", "Tensor by tensor: a model under two resolvers, or two models on the same inputs");
  auto a = std::make_shared<Arguments>();
  verb->footer("Example: toucanet compare model.tflite --resolver ref,fast\n         toucanet compare float.tflite quantised.tflite --input photo.jpg");
  a->add(*verb);
  a->resolver = "ref,fast";
  verb->get_option("--resolver")->description("two of ref (or plain) and fast, for one model")->check(CLI::Validator());
  verb->add_option("other", a->other, "another model with the same inputs")->check(CLI::ExistingFile);
  verb->add_option("--tolerance", a->absolute, "absolute difference of floats")->capture_default_str();
  verb->add_option("--relative", a->relative, "relative difference of floats, on top")->capture_default_str();
  verb->add_flag("--all", a->all, "print every tensor, not only those past tolerance");
  verb->callback([a, &code] {
    auto rows = run(*a);
    if (!rows) {
      a->terminal.report(rows.error());
      if (a->terminal.json) std::cout << ordered_json{{"ok", false}, {"errors", cli::json_of(rows.error())}}.dump(2) << "\n";
      code = exit_code(rows.error());
      return;
    }
    if (a->terminal.json) std::cout << json_of(*rows).dump(2) << "\n";
    else print(*rows, a->all);
    code = std::any_of(rows->begin(), rows->end(), [](const Row& r) { return r.past; }) ? VerificationFailed : Done;
  });
}

}  // namespace toucanet::cli
