// Samples that are stacked in the arrays of a .npz or .npy file.
#include <mutex>
#include <set>

#include "import/open_arrays.h"
#include "quantize/fingerprint.h"
#include "quantize/samples.h"

namespace toucanet {
namespace {

struct InputArray {
  std::string name;  // as the file calls it
  std::shared_ptr<ArrayRows> rows;
  std::vector<int64_t> sample;  // shape of one
};

// The arrays of one graph.
struct Part {
  uint32_t graph;
  uint64_t size = 0;
  std::vector<InputArray> arrays = {};
};

class ArraySamples : public SampleSource {
  std::vector<Part> parts_;
  std::mutex mutex_;

  // The part that holds a sample, and the sample's place there; absent behind the last one.
  const Part* part_of(uint64_t& index) const {
    for (const Part& p : parts_) {
      if (index < p.size) return &p;
      index -= p.size;
    }
    return nullptr;
  }

 public:
  explicit ArraySamples(std::vector<Part> parts) : parts_(std::move(parts)) {}
  std::optional<uint64_t> size() const override {
    uint64_t n = 0;
    for (const Part& p : parts_) n += p.size;
    return n;
  }
  std::vector<uint32_t> graphs() const override {
    std::vector<uint32_t> all;
    for (const Part& p : parts_) all.push_back(p.graph);
    return all;
  }
  uint32_t graph(uint64_t index) const override {
    const Part* p = part_of(index);
    return p ? p->graph : 0;
  }
  bool in_order() const override {
    return std::any_of(parts_.begin(), parts_.end(),
                       [](const Part& p) { return std::any_of(p.arrays.begin(), p.arrays.end(), [](const InputArray& a) { return a.rows->in_order(); }); });
  }
  std::string description() const override {
    ContentHash h;
    std::string s;
    for (const Part& p : parts_)
      for (const auto& a : p.arrays) {
        h.number(a.rows->content());
        s += fmt::format("{}'{}' {} [{}]", s.empty() ? "arrays " : ", ", a.name, tf_name(a.rows->dtype()), Shape::of(a.rows->dims()).str());
      }
    return fmt::format("{}, content {:016x}", s, h.value());
  }
  Expected<std::optional<std::vector<Tensor>>> sample(uint64_t index) override {
    const Part* part = part_of(index);
    if (!part) return std::optional<std::vector<Tensor>>{};
    std::lock_guard lock(mutex_);
    std::vector<Tensor> sample;
    for (const auto& a : part->arrays) {
      TRY(const Tensor row, a.rows->row(index));
      sample.push_back(row.reshaped(a.sample));
    }
    return std::optional(std::move(sample));
  }
};

// The shape of one sample for an input, if the array can be cut that way.
std::optional<std::vector<int64_t>> shape_of_sample(const Shape& input, const std::vector<int64_t>& dims) {
  if (dims.empty()) return std::nullopt;
  std::vector<int64_t> sample(dims.begin() + 1, dims.end());
  if (input.ranked() && input.rank() == dims.size() && (!input[0].known() || input[0].value() == 1)) sample.insert(sample.begin(), 1);
  return refine(input, Shape::of(sample)) ? std::optional(sample) : std::nullopt;
}

using Arrays = std::map<std::string, std::shared_ptr<ArrayRows>>;

// Graphs of the signatures whose keys stand before an array's name, "key/input"; otherwise the main one.
std::vector<uint32_t> sampled_graphs(const Module& m, const Arrays& arrays) {
  std::set<uint32_t> graphs;
  for (const Signature& s : m.signatures)
    if (std::any_of(arrays.begin(), arrays.end(), [&](const auto& a) { return a.first.starts_with(s.key + "/"); })) graphs.insert(s.graph);
  if (graphs.empty()) graphs = {0};
  return {graphs.begin(), graphs.end()};
}

// The array of input k: by its tensor's name, by a signature's, the only one, or the k-th of those that numpy names; where
// several graphs have arrays, by signature and name.
std::shared_ptr<ArrayRows> array_for(const Module& m, uint32_t graph, bool alone, size_t k, const Arrays& arrays, std::string& name) {
  const Graph& g = m.graphs[graph];
  std::vector<std::string> names;
  if (alone) names.push_back(g.result(g.inputs[k]).name);
  for (const Signature& s : m.signatures)
    for (const auto& [key, index] : s.inputs) {
      if (s.graph != graph || index != k) continue;
      names.push_back(s.key + "/" + key);
      if (alone) names.push_back(key);
    }
  if (alone && g.inputs.size() == arrays.size()) names.push_back(fmt::format("arr_{}", k));
  if (alone && g.inputs.size() == 1 && arrays.size() == 1) names.push_back(arrays.begin()->first);
  for (const auto& n : names)
    if (const auto at = arrays.find(n); at != arrays.end()) return name = n, at->second;
  name = names.empty() ? g.result(g.inputs[k]).name : names[0];
  return nullptr;
}

// One input's array, if it fits.
std::optional<InputArray> input_array(const Module& m, uint32_t graph, bool alone, size_t k, const Arrays& arrays, const std::string& path, Diags& problems) {
  const Graph& g = m.graphs[graph];
  const TensorType& t = g.type(g.inputs[k]);
  const auto& input = g.result(g.inputs[k]).name;
  InputArray a;
  a.rows = array_for(m, graph, alone, k, arrays, a.name);
  if (!a.rows) {
    std::vector<std::string_view> there;
    for (const auto& [name, rows] : arrays) there.push_back(name);
    problems.push_back(diag("TN7002", "'{}' holds no array '{}'", path, a.name).note(fmt::format("it holds {}", fmt::join(there, ", "))));
    return std::nullopt;
  }
  if (a.name.empty()) a.name = input;
  const auto& dims = a.rows->dims();
  if (a.rows->dtype() != t.dtype)
    problems.push_back(diag("TN7002", "the array '{}' is {}, the input '{}' {}", a.name, tf_name(a.rows->dtype()), input, tf_name(t.dtype))
                           .note(fmt::format("save it as array.astype('{}')", tf_name(t.dtype))));
  const auto shape = shape_of_sample(t.shape, dims);
  if (!shape) {
    problems.push_back(
        diag("TN7002", "the array '{}' is [{}], which holds no samples for the input '{}' [{}]", a.name, Shape::of(dims).str(), input, t.shape.str())
            .note("stack the samples in front, on an axis of their own or in place of a batch of one"));
    return std::nullopt;
  }
  a.sample = *shape;
  return a;
}

}  // namespace

Expected<std::unique_ptr<SampleSource>> array_samples(const Module& m, const std::string& path) {
  TRY(const Arrays files, open_arrays(path));
  Diags problems;
  std::vector<Part> parts;
  const auto graphs = sampled_graphs(m, files);
  for (const uint32_t graph : graphs) {
    Part& part = parts.emplace_back(Part{graph});
    for (size_t k = 0; k < m.graphs[graph].inputs.size(); ++k) {
      auto a = input_array(m, graph, graphs.size() == 1, k, files, path, problems);
      if (!a) continue;
      const auto samples = static_cast<uint64_t>(a->rows->dims()[0]);
      if (!part.arrays.empty() && samples != part.size)
        problems.push_back(diag("TN7002", "the array '{}' holds {} samples, another one {}", a->name, samples, part.size));
      part.size = samples;
      part.arrays.push_back(std::move(*a));
    }
  }
  auto source = std::make_unique<ArraySamples>(std::move(parts));
  if (problems.empty() && *source->size() == 0) problems.push_back(diag("TN7008", "'{}' holds no samples", path).note("give at least one"));
  if (!problems.empty()) return problems;
  return std::unique_ptr<SampleSource>(std::move(source));
}

}  // namespace toucanet
