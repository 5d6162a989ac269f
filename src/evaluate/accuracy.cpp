#include "evaluate/accuracy.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "import/file.h"

namespace toucanet {
namespace {

using Runners = std::vector<std::unique_ptr<ModelRunner>>;  // of one model, one a thread

Diags of_model(Diags problems, const std::string& path) {
  for (Diag& d : problems) d.what = fmt::format("'{}': {}", path, d.what);
  return problems;
}

Expected<Runners> load(const std::string& path, const AccuracyOptions& o, const LabelledSample& first) {
  Runners all;
  for (size_t t = 0; t < o.threads; ++t) {
    ModelOptions options;
    options.runner.resolver = o.resolver;
    auto m = ModelRunner::load_file(path, options);
    if (!m) return of_model(m.error(), path);
    if (auto s = allocate_for(**m, first, o.preprocessing); !s) return of_model(s.error(), path);
    all.push_back(std::move(*m));
  }
  return all;
}

// The output that holds the classes: the first with more than one number.
Expected<uint32_t> classes_output(ModelRunner& m, const std::string& path) {
  for (const uint32_t index : m.file().outputs) {
    const Tensor& t = *m.tensor(0, index);
    if (t.dtype == DType::String || t.dims.empty() || t.elements() < 2) continue;
    if (t.elements() == t.dims.back()) return index;
    return diag("TN8005", "'{}': the output '{}' is [{}], not a vector of classes", path, m.file().tensors[index].name, Shape::of(t.dims).str());
  }
  return diag("TN8005", "'{}' has no output with more than one number", path);
}

// Stored integers rise with the numbers they stand for.
void judge(const Tensor& y, const LabelledSamples& samples, size_t i, ModelAccuracy& to, std::vector<uint8_t>& not_finite) {
  int64_t best = 0, rank = 0;
  for (int64_t k = 0; k < y.elements(); ++k) {
    if (!std::isfinite(y.number(k))) not_finite[i] = 1;
    if (y.number(k) > y.number(best) || std::isnan(y.number(best))) best = k;
  }
  to.best[i] = best - to.label_offset;
  if (!samples.labelled()) return;
  const int64_t label = samples.label(i) + to.label_offset;
  const double of_label = y.number(label);
  for (int64_t k = 0; k < y.elements(); ++k) rank += k < label ? y.number(k) >= of_label : y.number(k) > of_label;
  to.rank[i] = std::isnan(of_label) ? y.elements() : rank;
}

Status place_labels(const LabelledSamples& samples, const AccuracyOptions& o, ModelAccuracy& a) {
  if (!samples.labelled()) return ok();
  int64_t largest = 0;
  for (size_t i = 0; i < samples.size(); ++i) largest = std::max(largest, samples.label(i));
  a.offset_found = !o.label_offset && a.outputs == 1001 && largest < 1000;
  a.label_offset = a.offset_found ? 1 : o.label_offset.value_or(0);
  std::vector<std::string> wrong;
  for (size_t i = 0; i < samples.size(); ++i) {
    const int64_t at = samples.label(i) + a.label_offset;
    if (at < 0 || at >= static_cast<int64_t>(a.outputs)) wrong.push_back(fmt::format("{} (class {})", samples.name(i), samples.label(i)));
  }
  if (wrong.empty()) return ok();
  Diag d = diag("TN8004", "'{}' has {} outputs: {} labels are beyond them", a.path, a.outputs, wrong.size());
  d.notes.push_back(fmt::format("for example {}", wrong[0]));
  d.notes.emplace_back("--label-offset N says which output class 0 is");
  d.nodes = std::move(wrong);
  return d;
}

struct Contest {
  const LabelledSamples& samples;
  const AccuracyOptions& options;
  std::vector<Runners> runners;
  std::vector<uint32_t> outputs;
  std::vector<ModelAccuracy> models;
  std::vector<std::vector<uint8_t>> not_finite;  // by model, by sample
  std::vector<std::vector<double>> seconds;

  Status enter(const std::string& path, const LabelledSample& first) {
    TRY(const auto file, map_file(path));
    TRY(auto all, load(path, options, first));
    TRY(const uint32_t output, classes_output(*all[0], path));
    ModelAccuracy a;
    a.path = path, a.bytes = file->bytes().size();
    a.outputs = static_cast<size_t>(all[0]->tensor(0, output)->elements());
    CHECK_OK(place_labels(samples, options, a));
    a.best.resize(samples.size());
    if (samples.labelled()) a.rank.resize(samples.size());
    runners.push_back(std::move(all)), outputs.push_back(output), models.push_back(std::move(a));
    not_finite.emplace_back(samples.size(), uint8_t{0}), seconds.emplace_back(samples.size(), 0.0);
    return ok();
  }

  Status run_sample(size_t i, size_t thread) {
    TRY(const LabelledSample s, samples.sample(i));
    for (size_t k = 0; k < models.size(); ++k) {
      ModelRunner& m = *runners[k][thread];
      if (auto done = fill(m, s, options.preprocessing); !done) return of_model(done.error(), models[k].path);
      const auto start = std::chrono::steady_clock::now();
      if (auto done = m.invoke(); !done) return of_model(done.error(), models[k].path);
      seconds[k][i] = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      judge(*m.tensor(0, outputs[k]), samples, i, models[k], not_finite[k]);
    }
    return ok();
  }

  // A slice at a time, so that progress can be told and a problem ends the work.
  Status run() {
    Threads pool(options.threads);
    const size_t slice = options.threads * 8;
    for (size_t from = 0; from < samples.size(); from += slice) {
      const size_t n = std::min(slice, samples.size() - from);
      std::vector<Status> done(n, ok());
      pool.parallel(n, [&](size_t task, size_t thread) { done[task] = run_sample(from + task, thread); });
      Diags problems;
      for (auto& d : done)
        if (!d) problems.insert(problems.end(), d.error().begin(), d.error().end());
      if (!problems.empty()) return problems;
      if (options.progress) options.progress(from + n);
    }
    for (size_t k = 0; k < models.size(); ++k) {
      models[k].not_finite = std::accumulate(not_finite[k].begin(), not_finite[k].end(), size_t{0});
      const auto middle = seconds[k].begin() + static_cast<ptrdiff_t>(samples.size() / 2);
      std::nth_element(seconds[k].begin(), middle, seconds[k].end());
      models[k].seconds = *middle;
    }
    return ok();
  }
};

}  // namespace

size_t ModelAccuracy::within(size_t top) const {
  return static_cast<size_t>(std::count_if(rank.begin(), rank.end(), [&](int64_t r) { return r < static_cast<int64_t>(top); }));
}

size_t ModelAccuracy::agreeing(const ModelAccuracy& o) const {
  size_t n = 0;
  for (size_t i = 0; i < best.size(); ++i) n += best[i] == o.best[i];
  return n;
}

Expected<std::vector<ModelAccuracy>> measure_accuracy(const std::vector<std::string>& models, const LabelledSamples& samples, const AccuracyOptions& options) {
  Contest c{samples, options, {}, {}, {}, {}, {}};
  TRY(const LabelledSample first, samples.sample(0));
  Diags problems;
  for (const auto& path : models)
    if (auto s = c.enter(path, first); !s) problems.insert(problems.end(), s.error().begin(), s.error().end());
  if (!problems.empty()) return problems;
  CHECK_OK(c.run());
  return std::move(c.models);
}

std::vector<ClassAccuracy> by_class(const ModelAccuracy& a, const LabelledSamples& samples) {
  std::map<int64_t, ClassAccuracy> classes;
  std::map<int64_t, std::map<int64_t, size_t>> others;
  for (size_t i = 0; i < a.best.size() && samples.labelled(); ++i) {
    auto& c = classes[samples.label(i)];
    c.label = samples.label(i);
    ++c.samples;
    if (a.rank[i] == 0) ++c.right;
    else ++others[c.label][a.best[i]];
  }
  std::vector<ClassAccuracy> sorted;
  for (auto& [label, c] : classes) {
    c.taken_for.assign(others[label].begin(), others[label].end());
    std::stable_sort(c.taken_for.begin(), c.taken_for.end(), [](const auto& x, const auto& y) { return x.second > y.second; });
    sorted.push_back(std::move(c));
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const ClassAccuracy& x, const ClassAccuracy& y) {
    const size_t left = x.right * y.samples, right = y.right * x.samples;
    return left != right ? left < right : x.samples > y.samples;
  });
  return sorted;
}

}  // namespace toucanet
