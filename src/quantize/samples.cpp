#include "quantize/samples.h"

namespace toucanet {

Diags check_sample(const Graph& g, uint64_t index, const std::vector<Tensor>& sample) {
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

class FirstSamples : public SampleSource {
  std::unique_ptr<SampleSource> all_;
  uint64_t most_;

 public:
  FirstSamples(std::unique_ptr<SampleSource> all, uint64_t most) : all_(std::move(all)), most_(most) {}
  std::optional<uint64_t> size() const override {
    const auto n = all_->size();
    return n ? std::optional(std::min(*n, most_)) : std::nullopt;
  }
  bool in_order() const override { return all_->in_order(); }
  std::vector<uint32_t> graphs() const override { return all_->graphs(); }
  uint32_t graph(uint64_t index) const override { return all_->graph(index); }
  std::string description() const override { return fmt::format("the first {} of {}", most_, all_->description()); }
  Expected<std::optional<std::vector<Tensor>>> sample(uint64_t index) override {
    if (index >= most_) return std::optional<std::vector<Tensor>>{};
    return all_->sample(index);
  }
};

}  // namespace

std::unique_ptr<SampleSource> first_samples(std::unique_ptr<SampleSource> all, uint64_t most) {
  if (const auto n = all->size(); n && *n <= most) return all;
  return std::make_unique<FirstSamples>(std::move(all), most);
}

std::unique_ptr<SampleSource> function_samples(NextSample next, std::string description, std::optional<uint64_t> size) {
  return std::make_unique<FunctionSamples>(std::move(next), std::move(description), size);
}

}  // namespace toucanet
