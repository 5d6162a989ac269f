#include "quantize/samples.h"

namespace toucanet {

Diags check_sample(const Module& m, uint64_t index, const std::vector<Tensor>& sample) {
  const Graph& g = m.main();
  if (sample.size() != g.inputs.size()) return {diag("TN7002", "sample {} has {} arrays, the model has {} inputs", index, sample.size(), g.inputs.size())};
  Diags problems;
  for (size_t i = 0; i < sample.size(); ++i) {
    const TensorType& t = g.type(g.inputs[i]);
    const auto& name = g.result(g.inputs[i]).name;
    if (sample[i].dtype != t.dtype)
      problems.push_back(diag("TN7002", "sample {}: input '{}' is {}, not {}", index, name, tf_name(t.dtype), tf_name(sample[i].dtype)));
    else if (!refine(t.shape, Shape::of(sample[i].dims)))
      problems.push_back(diag("TN7002", "sample {}: input '{}' is [{}], not [{}]", index, name, t.shape.str(), Shape::of(sample[i].dims).str()));
  }
  return problems;
}

namespace {

class FunctionSamples : public SampleSource {
  NextSample next_;
  std::string description_;
  std::optional<uint64_t> size_;
  uint64_t at_ = 0;

 public:
  FunctionSamples(NextSample f, std::string d, std::optional<uint64_t> n) : next_(std::move(f)), description_(std::move(d)), size_(n) {}
  std::optional<uint64_t> size() const override { return size_; }
  bool in_order() const override { return true; }
  std::string description() const override { return description_; }
  Expected<std::optional<std::vector<Tensor>>> sample(uint64_t index) override {
    for (; at_ < index; ++at_) {
      TRY(const auto passed, next_());
      if (!passed) return std::optional<std::vector<Tensor>>{};
    }
    ++at_;
    return next_();
  }
};

}  // namespace

std::unique_ptr<SampleSource> function_samples(NextSample next, std::string description, std::optional<uint64_t> size) {
  return std::make_unique<FunctionSamples>(std::move(next), std::move(description), size);
}

}  // namespace toucanet
