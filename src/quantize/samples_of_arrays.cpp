// Samples that are stacked in the arrays of a .npz or .npy file.
#include <mutex>

#include "import/npz.h"
#include "quantize/fingerprint.h"
#include "quantize/samples.h"

namespace toucanet {
namespace {

struct InputArray {
  std::string name;  // as the file calls it
  std::shared_ptr<ArrayRows> rows;
  std::vector<int64_t> sample;  // shape of one
};

class ArraySamples : public SampleSource {
  std::vector<InputArray> arrays_;
  uint64_t size_;
  std::mutex mutex_;

 public:
  ArraySamples(std::vector<InputArray> a, uint64_t n) : arrays_(std::move(a)), size_(n) {}
  std::optional<uint64_t> size() const override { return size_; }
  bool in_order() const override {
    return std::any_of(arrays_.begin(), arrays_.end(), [](const InputArray& a) { return a.rows->in_order(); });
  }
  std::string description() const override {
    ContentHash h;
    std::string s;
    for (const auto& a : arrays_) {
      h.number(a.rows->content());
      s += fmt::format("{}'{}' {} [{}]", s.empty() ? "arrays " : ", ", a.name, tf_name(a.rows->dtype()), Shape::of(a.rows->dims()).str());
    }
    return fmt::format("{}, content {:016x}", s, h.value());
  }
  Expected<std::optional<std::vector<Tensor>>> sample(uint64_t index) override {
    if (index >= size_) return std::optional<std::vector<Tensor>>{};
    std::lock_guard lock(mutex_);
    std::vector<Tensor> sample;
    for (const auto& a : arrays_) {
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

// The array of input k: by its tensor's name, by a signature's, the only one, or the k-th of those that numpy names.
std::shared_ptr<ArrayRows> array_for(const Module& m, size_t k, std::map<std::string, std::shared_ptr<ArrayRows>>& arrays, std::string& name) {
  const Graph& g = m.main();
  std::vector<std::string> names{g.result(g.inputs[k]).name};
  for (const Signature& s : m.signatures)
    for (const auto& [key, index] : s.inputs)
      if (s.graph == 0 && index == k) names.push_back(key);
  if (g.inputs.size() == arrays.size()) names.push_back(fmt::format("arr_{}", k));
  if (g.inputs.size() == 1 && arrays.size() == 1) names.push_back(arrays.begin()->first);
  for (const auto& n : names)
    if (const auto at = arrays.find(n); at != arrays.end()) return name = n, at->second;
  return nullptr;
}

}  // namespace

Expected<std::unique_ptr<SampleSource>> array_samples(const Module& m, const std::string& path) {
  TRY(auto files, open_arrays(path));
  const Graph& g = m.main();
  Diags problems;
  std::vector<InputArray> arrays;
  int64_t samples = -1;
  for (size_t k = 0; k < g.inputs.size(); ++k) {
    const TensorType& t = g.type(g.inputs[k]);
    const auto& input = g.result(g.inputs[k]).name;
    InputArray a;
    a.rows = array_for(m, k, files, a.name);
    if (!a.rows) {
      std::vector<std::string_view> there;
      for (const auto& [name, rows] : files) there.push_back(name);
      problems.push_back(diag("TN7002", "'{}' holds no array '{}'", path, input).note(fmt::format("it holds {}", fmt::join(there, ", "))));
      continue;
    }
    if (a.name.empty()) a.name = input;
    const auto& dims = a.rows->dims();
    const auto shape = shape_of_sample(t.shape, dims);
    if (a.rows->dtype() != t.dtype)
      problems.push_back(diag("TN7002", "the array '{}' is {}, the input '{}' {}", a.name, tf_name(a.rows->dtype()), input, tf_name(t.dtype))
                             .note(fmt::format("save it as array.astype('{}')", tf_name(t.dtype))));
    if (!shape) {
      problems.push_back(
          diag("TN7002", "the array '{}' is [{}], which holds no samples for the input '{}' [{}]", a.name, Shape::of(dims).str(), input, t.shape.str())
              .note("stack the samples in front, on an axis of their own or in place of a batch of one"));
      continue;
    }
    if (samples >= 0 && dims[0] != samples) problems.push_back(diag("TN7002", "the array '{}' holds {} samples, another one {}", a.name, dims[0], samples));
    samples = dims[0];
    a.sample = *shape;
    arrays.push_back(std::move(a));
  }
  if (problems.empty() && samples < 1) problems.push_back(diag("TN7008", "'{}' holds no samples", path).note("give at least one"));
  if (!problems.empty()) return problems;
  return std::unique_ptr<SampleSource>(std::make_unique<ArraySamples>(std::move(arrays), static_cast<uint64_t>(samples)));
}

}  // namespace toucanet
