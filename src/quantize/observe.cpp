#include "quantize/observe.h"

#include <cmath>
#include <set>

#include "kernels/host_isa.h"
#include "ops/assign_variable/assign_variable.h"
#include "ops/call_once/call_once.h"
#include "quantize/fingerprint.h"
#include "quantize/row_spool.h"
#include "quantize/samples.h"
#include "toucanet/version.h"

namespace toucanet {

std::vector<ObservedValue> observed_values(const Module& m) {
  std::vector<ObservedValue> all;
  std::set<std::string> taken;
  for (uint32_t i = 0; i < m.graphs.size(); ++i) {
    const Graph& g = m.graphs[i];
    for (NodeId id : g.topological())
      for (uint32_t k = 0; !g[id].is<Const>() && k < g[id].outputs.size(); ++k) {
        const Result& r = g[id].outputs[k];
        if (r.type.dtype != DType::F32) continue;
        const std::string name = i ? g.name + "::" + r.name : r.name;
        std::string unique = name;
        for (int n = 2; !taken.insert(unique).second; ++n) unique = fmt::format("{}#{}", name, n);
        all.push_back({i, {id, k}, std::move(unique)});
      }
  }
  return all;
}

bool has_state(const Module& m) {
  std::set<int32_t> once;  // graphs that give variables their first values
  for (const Graph& g : m.graphs)
    for (NodeId id : g.topological())
      if (g[id].is<CallOnce>()) once.insert(g[id].as<CallOnce>().init_subgraph_index.index);
  for (size_t i = 0; i < m.graphs.size(); ++i)
    for (NodeId id : m.graphs[i].topological())
      if (m.graphs[i][id].is<AssignVariable>() && !once.count(static_cast<int32_t>(i))) return true;
  return false;
}

namespace {

// The least and greatest of each channel of rows of `into.size()` numbers.
void join_channels(std::span<const float> values, std::vector<Extremes>& into) {
  for (size_t i = 0; i < values.size(); i += into.size())
    for (size_t c = 0; c < into.size(); ++c) into[c].join({values[i + c] + 0.0f, values[i + c] + 0.0f});
}

constexpr uint32_t unwatched = UINT32_MAX;

struct Column {
  Extremes extremes;
  Histogram histogram;
  std::vector<Extremes> channels;
};

}  // namespace

struct Observer::Impl {
  const Module& module;
  const Options options;
  PlainExecutor executor;
  Threads threads;
  std::map<uint32_t, std::unique_ptr<GraphRunner>> runners;  // by graph
  const std::vector<ObservedValue> values;
  std::vector<std::vector<std::vector<uint32_t>>> column_of;  // by graph, node and slot; `unwatched`
  std::vector<Column> columns;
  std::map<uint32_t, std::vector<std::pair<uint32_t, Column>>> folded;  // by graph: values that follow from constants, under the present plan
  HistogramCounter counter;
  std::string kernels;
  std::vector<std::pair<uint64_t, uint64_t>> covered;  // in the order of the spool's rows
  std::unique_ptr<RowSpool> spool;
  // of the run that is going on
  uint64_t first = 0, live = 0;
  std::span<Extremes> rows;
  Diags problems;

  Impl(const Module& m, Options o)
      : module(m),
        options(o),
        executor(m, ExecuteOptions{.semantics = Semantics::TfLite}),
        threads(o.threads),
        values(observed_values(m)),
        columns(values.size()) {
    column_of.resize(m.graphs.size());
    for (size_t g = 0; g < m.graphs.size(); ++g) {
      column_of[g].resize(m.graphs[g].arena_size());
      for (uint32_t n = 0; n < column_of[g].size(); ++n) column_of[g][n].assign(m.graphs[g][NodeId{n}].outputs.size(), unwatched);
    }
    for (uint32_t c = 0; c < values.size(); ++c) column_of[values[c].graph][values[c].value.node.index][values[c].value.slot] = c;
    for (const auto& [name, f] : options.customs) executor.register_custom(name, f);
    for (const uint32_t g : options.graphs) {
      runners[g] = std::make_unique<GraphRunner>(m, g, executor, RunnerOptions{});
      runners[g]->set_observer([this, g](const Step& s) { return look_at(g, s); });
    }
    executor.set_observer([this](uint32_t g, Value v, const Tensor& t) { look(g, v, t); });
  }

  Status look_at(uint32_t graph, const Step& s) {
    for (uint32_t k = 0; k < s.out.size() && problems.empty(); ++k) look(graph, {s.node, k}, *s.out[k]);
    if (!problems.empty()) return problems;
    return ok();
  }

  void look(uint32_t graph, Value v, const Tensor& t) {
    const uint32_t column = column_of[graph][v.node.index][v.slot];
    if (t.dtype != DType::F32 || column == unwatched || !t.bytes() || !problems.empty()) return;
    const auto all = t.as<float>();
    const size_t each = all.size() / options.batch;
    Column& c = columns[column];
    for (uint64_t i = 0; i < live; ++i) {
      const Extremes e = counter.count_some(all.subspan(i * each, each));
      c.extremes.join(e);
      rows[i * values.size() + column].join(e);
    }
    if (!counter.flush(c.histogram)) return not_finite(column, all, each);
    if (options.channels && t.rank() > 1) {
      c.channels.resize(static_cast<size_t>(t.dims.back()));
      join_channels(all.first(live * each), c.channels);
    }
  }

  void not_finite(uint32_t column, std::span<const float> all, size_t each) {
    const ObservedValue& o = values[column];
    const auto bad = std::find_if(all.begin(), all.end(), [](float x) { return !std::isfinite(x); });
    const Graph& g = module.graphs[o.graph];
    const uint64_t sample = first + static_cast<uint64_t>(bad - all.begin()) / each;
    problems.push_back(diag("TN7002", "sample {}: '{}' holds {}", sample, o.name,
                            std::isnan(*bad) ? "nan"
                            : *bad > 0       ? "inf"
                                             : "-inf")
                           .at(module.origins->last(g.result(o.value).origin))
                           .note(g[o.value].is<Input>() ? "mend the sample or leave it out" : "no operator before this one gave such a number"));
  }

  Status plan(uint32_t graph) {
    GraphRunner& runner = *runners.at(graph);
    CHECK_OK(runner.plan(threads));
    folded[graph].clear();
    for (uint32_t c = 0; c < values.size(); ++c) {
      if (values[c].graph != graph || !runner.is_constant(values[c].value)) continue;
      const Tensor& t = runner.tensor(values[c].value);
      if (!t.raw()) continue;  // given up: every reader has a packed copy
      const Tensor all = t.aligned();
      Column k;
      k.extremes = counter.count_some(all.as<float>());
      if (counter.flush(k.histogram)) folded[graph].emplace_back(c, std::move(k));
    }
    return ok();
  }

  bool is_open(const Graph& g) const {
    for (Value v : g.inputs) {
      const Shape& s = g.type(v).shape;
      if (!s.ranked()) return true;
      for (size_t i = options.batch > 1 ? 1 : 0; i < s.rank(); ++i)
        if (!s[i].known()) return true;
    }
    return false;
  }

  // Plans, as far as shapes are known, and adds the kernels that were chosen.
  Status prepare_graph(uint32_t graph, std::set<std::string>& kernel_names) {
    if (is_open(module.graphs[graph])) return ok();
    GraphRunner& runner = *runners.at(graph);
    for (size_t i = 0; i < module.graphs[graph].inputs.size(); ++i) {
      auto dims = runner.input_dims(i);
      if (options.batch > 1) dims[0] = static_cast<int64_t>(options.batch);
      runner.set_input_dims(i, std::move(dims));
    }
    if (auto s = plan(graph); !s) {
      if (options.batch > 1) s.error().front().notes.push_back(fmt::format("it was planned for a batch of {}: give --batch 1", options.batch));
      return s;
    }
    for (const Step& s : runner.steps())
      if (s.kernel) kernel_names.insert(s.isa.empty() ? std::string(s.kernel->name) : fmt::format("{}.{}", s.kernel->name, s.isa));
    return ok();
  }

  // Each value of a batch must be the values of its samples one behind the other.
  Status prepare() {
    if (Diags missing = unsupported(module, executor); !missing.empty()) return missing;
    const Graph& g = module.main();
    const auto no = [&](std::string why) { return diag("TN7009", "the model cannot take {} samples at once: {}", options.batch, why).note("give --batch 1"); };
    if (options.batch > 1) {
      if (module.graphs.size() > 1) return no("it has several graphs");
      for (Value v : g.inputs)
        if (const Shape& s = g.type(v).shape; !s.ranked() || s.rank() == 0 || (s[0].known() && s[0].value() != 1))
          return no(fmt::format("its input '{}' is [{}]", g.result(v).name, s.str()));
    }
    std::set<std::string> names;
    for (const uint32_t graph : options.graphs) CHECK_OK(prepare_graph(graph, names));
    kernels = fmt::format("{}{}{}", name(host_isa()), names.empty() ? "" : ": ", fmt::join(names, ", "));
    if (options.batch == 1 || is_open(g)) return ok();
    GraphRunner& runner = *runners.at(0);
    GraphRunner one(module, 0, executor, {});
    CHECK_OK(one.plan(threads));
    for (const ObservedValue& v : values) {
      if (one.is_constant(v.value)) continue;
      auto want = one.tensor(v.value).dims;
      if (!want.empty()) want[0] *= static_cast<int64_t>(options.batch);
      if (want.empty() || runner.tensor(v.value).dims != want)
        return no(fmt::format("'{}' is [{}] for one and [{}] for {}", v.name, Shape::of(one.tensor(v.value).dims).str(),
                              Shape::of(runner.tensor(v.value).dims).str(), options.batch));
    }
    return ok();
  }

  Status set_inputs(uint32_t graph, std::span<const std::vector<Tensor>> samples) {
    const Graph& g = module.graphs[graph];
    GraphRunner& runner = *runners.at(graph);
    for (size_t i = 0; i < g.inputs.size(); ++i) {
      auto dims = samples[0][i].dims;
      for (const auto& s : samples)
        if (s[i].dims != dims)
          return diag("TN7002", "samples {} and {} have different shapes: no batch can be made of them", first, first + live - 1).note("give --batch 1");
      if (options.batch > 1) dims[0] = static_cast<int64_t>(options.batch);
      runner.set_input_dims(i, std::move(dims));
    }
    if (!runner.planned()) CHECK_OK(plan(graph));
    for (size_t i = 0; i < g.inputs.size(); ++i) {
      Tensor& to = runner.tensor(g.inputs[i]);
      if (!byte_size(to.dtype)) {
        to = samples[0][i];
        continue;
      }
      const size_t each = to.bytes() / options.batch;
      for (uint64_t b = 0; each && b < options.batch; ++b) std::memcpy(to.raw_mutable() + b * each, samples[std::min<uint64_t>(b, live - 1)][i].raw(), each);
    }
    return ok();
  }

  Status run(uint64_t index, std::span<const std::vector<Tensor>> samples, std::span<Extremes> r, uint32_t graph) {
    first = index, live = samples.size(), rows = r;
    problems.clear();
    for (uint64_t i = 0; i < live; ++i)
      if (Diags d = check_sample(module.graphs[graph], first + i, samples[i]); !d.empty()) problems.insert(problems.end(), d.begin(), d.end());
    if (!problems.empty()) return problems;
    if (kernels.empty()) CHECK_OK(prepare());
    CHECK_OK(set_inputs(graph, samples));
    GraphRunner& runner = *runners.at(graph);
    std::fill(rows.begin(), rows.end(), Extremes{});
    for (Value v : module.graphs[graph].inputs) look(graph, v, runner.tensor(v));
    if (!problems.empty()) return problems;
    executor.set_seed(first + 1);  // each batch has random numbers of its own
    CHECK_OK(runner.run());
    for (const auto& [c, k] : folded[graph]) {
      columns[c].extremes.join(k.extremes);
      columns[c].histogram.merge(k.histogram, live);
      for (uint64_t i = 0; i < live; ++i) rows[i * values.size() + c] = k.extremes;
    }
    return ok();
  }
};

Observer::Observer(const Module& m, Options o) : impl_(std::make_unique<Impl>(m, o)) {}
Observer::~Observer() = default;

Status Observer::prepare() { return impl_->prepare(); }

Status Observer::add(uint64_t first, std::span<const std::vector<Tensor>> samples, std::span<Extremes> rows, uint32_t graph) {
  return impl_->run(first, samples, rows, graph);
}

Status Observer::add(uint64_t index, const std::vector<Tensor>& inputs) {
  Impl& o = *impl_;
  if (!o.spool) {
    TRY(o.spool, RowSpool::create("", o.values.size()));
  }
  std::vector<Extremes> row(o.values.size());
  CHECK_OK(o.run(index, {&inputs, 1}, row, 0));
  CHECK_OK(o.spool->put(o.covered.size(), row));
  o.covered.emplace_back(index, index + 1);
  return ok();
}

Expected<Observations> Observer::seen() const {
  const Impl& o = *impl_;
  Observations s;
  s.source = {.fingerprint = fingerprint(o.module),
              .model = o.module.main().name,
              .producer = fmt::format("toucanet {}", version),
              .kernels = o.kernels,
              .batch = o.options.batch,
              .channels = o.options.channels};
  for (uint32_t c = 0; c < o.values.size(); ++c) {
    s.names.push_back(o.values[c].name);
    const Column& k = o.columns[c];
    if (!k.extremes.empty()) s.tensors[s.names.back()] = {.extremes = k.extremes, .histogram = k.histogram, .channels = k.channels, .column = c};
  }
  auto rows = std::make_shared<std::vector<SampleRows>>();
  SampleRows all{};
  if (o.spool && !o.covered.empty()) {
    TRY(all, o.spool->map(0, o.covered.size()));
  }
  for (size_t i = 0; i < o.covered.size(); ++i) {
    const auto [first, last] = o.covered[i];
    s.samples += last - first;
    const bool goes_on = !s.covered.empty() && s.covered.back().second == first;
    goes_on ? void(s.covered.back().second = last) : void(s.covered.emplace_back(first, last));
    if (!all.rows) continue;
    goes_on ? void(++rows->back().count) : void(rows->push_back({first, 1, all.rows + i * o.values.size(), all.owner}));
  }
  std::sort(s.covered.begin(), s.covered.end());
  std::sort(rows->begin(), rows->end(), [](const SampleRows& a, const SampleRows& b) { return a.first < b.first; });
  s.set_rows(std::move(rows));
  return s;
}

}  // namespace toucanet
