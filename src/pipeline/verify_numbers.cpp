#include "pipeline/verify_numbers.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>
#include <thread>

#include "ops/fake_quant/fake_quant.h"
#include "ops/fake_quant_per_channel/fake_quant_per_channel.h"
#include "ops/quantize_and_dequantize/quantize_and_dequantize.h"
#include "pipeline/cost.h"
#include "pipeline/input_domain.h"
#include "runtime/graph_runner.h"

namespace toucanet {

std::string compare(const Tensor& a, const Tensor& b, double* largest) {
  if (a.dtype != b.dtype) return fmt::format("{} instead of {}", name(b.dtype), name(a.dtype));
  if (a.dims != b.dims) return fmt::format("[{}] instead of [{}]", Shape::of(b.dims).str(), Shape::of(a.dims).str());
  if (!is_float(a.dtype)) return a.identical(b) ? "" : "different values";
  double scale = 0, worst = 0;
  const int64_t n = a.elements();
  for (int64_t i = 0; i < n; ++i)
    if (const double v = a.number(i); std::isfinite(v)) scale = std::max(scale, std::fabs(v));
  std::string why;
  for (int64_t i = 0; i < n; ++i) {
    const double x = a.number(i), y = b.number(i);
    if (std::isfinite(x) && std::isfinite(y)) {
      const double d = std::fabs(x - y);
      if (d > worst) worst = d;
      if (d > 1e-4 + 1e-4 * std::fabs(x) + 1e-6 * scale && why.empty()) why = fmt::format("{} instead of {} at element {}", y, x, i);
    } else if (!(std::isnan(x) && std::isnan(y)) && !(std::isinf(x) && x == y) && why.empty()) {
      why = fmt::format("{} instead of {} at element {}", y, x, i);
    }
  }
  if (largest) *largest = std::max(*largest, worst);
  return why;
}

namespace {

// The first value of the written module whose name the source also has and whose numbers differ.
void locate(const Module& source, const Module& written, const std::vector<Tensor>& inputs, Semantics semantics, Verification& v) {
  std::map<std::string, Tensor> reference;
  ExecuteOptions tf{.semantics = semantics};
  size_t bytes = 0;
  tf.observe = [&](Value x, const Tensor& t) {
    const auto& n = source.main().result(x).name;
    if (!n.empty() && (bytes += t.bytes()) < (size_t{1} << 30)) reference[n] = t;
  };
  if (!execute(source, 0, inputs, tf)) return;
  ExecuteOptions lite{.semantics = Semantics::TfLite};
  lite.observe = [&](Value x, const Tensor& t) {
    const Result& r = written.main().result(x);
    if (!v.tensor.empty() || r.name.empty()) return;
    const auto it = reference.find(r.name);
    if (it == reference.end() || it->second.dtype != t.dtype || it->second.dims != t.dims) return;
    double d = 0;
    if (compare(it->second, t, &d).empty()) return;
    v.tensor = r.name;
    const auto by = written.origins->rewrites(r.origin);
    if (!by.empty()) v.rewrite = by[0];
  };
  (void)execute(written, 0, inputs, lite);
}

bool rounds_to_levels(const Module& m) {
  for (const Graph& g : m.graphs)
    for (NodeId id : g.topological())
      if (g[id].is<FakeQuant>() || g[id].is<FakeQuantPerChannel>() || g[id].is<QuantizeAndDequantize>()) return true;
  return false;
}

class NumbersCheck {
  using Clock = std::chrono::steady_clock;
  const Module &source_, &written_, &module_;
  const VerifyOptions& options_;
  const Clock::time_point start_ = Clock::now();
  const size_t threads_ = std::clamp<size_t>(std::thread::hardware_concurrency(), 1, 4);
  Verification v_;
  std::string problem_;  // why the last inputs that were tried tell nothing

 public:
  NumbersCheck(const Module& source, const Module& written, const Module& module, const VerifyOptions& o)
      : source_(source), written_(written), module_(module), options_(o) {}

  Verification run() {
    if (const auto macs = cost_of(source_).macs; macs > options_.max_macs) {
      v_.reason = fmt::format("{:.3g} multiply-accumulates are too many", static_cast<double>(macs));
      return v_;
    }
    const bool right = try_all();
    v_.seconds = elapsed();
    if (!right) v_.status = Verification::Status::Wrong;
    else if (v_.samples) v_.status = Verification::Status::Right;
    else v_.reason = problem_.empty() ? "no input could be made" : problem_;
    return v_;
  }

 private:
  double elapsed() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
  ExecuteOptions under(Semantics s) const {
    return {.semantics = s, .seed = options_.seed, .memory_limit = options_.max_bytes, .keep_going = [this] { return elapsed() < options_.seconds; }};
  }
  std::string in_words(const Diag& d) const { return d.code == "TN3005" ? fmt::format("the budget of {:.0f} s is used up", options_.seconds) : d.what; }

  // Unknown dimensions at 1 and at another size.
  bool try_all() {
    const Graph& g = source_.main();
    const bool dynamic =
        std::any_of(g.inputs.begin(), g.inputs.end(), [&](Value i) { return !options_.inputs.count(g.result(i).name) && !g.type(i).shape.is_static(); });
    for (int64_t size : dynamic ? std::vector<int64_t>{1, 3} : std::vector<int64_t>{1})
      for (int s = 0; s < options_.samples; ++s) {
        const auto inputs = sample_inputs(source_, size, options_.seed + static_cast<uint64_t>(s), options_.fixed, options_.inputs);
        if (!inputs) problem_ = inputs.error()[0].what;
        else if (!agree(*inputs)) return false;
      }
    return true;
  }

  // False: they do not. A size that does not fit the graph tells nothing; another one may.
  bool agree(const std::vector<Tensor>& inputs) {
    const auto want = run_once(source_, inputs, under(options_.source), threads_);
    if (!want) return problem_ = in_words(want.error()[0]), true;
    const auto got = run_once(written_, inputs, under(Semantics::TfLite), threads_);
    if (!got) return may_fail(got.error()[0]);
    ++v_.samples;
    for (size_t k = 0; k < want->size(); ++k)
      if (const auto why = compare((*want)[k], (*got)[k], &v_.largest_difference); !why.empty() && !excused(inputs, k, (*got)[k], why)) return false;
    return true;
  }

  bool may_fail(const Diag& d) {
    if (d.code == "TN3005" || d.code == "TN3004" || d.code == "TN3009") return problem_ = in_words(d), true;
    // A rank that was only guessed may be one that TensorFlow Lite does not take.
    const Graph& g = source_.main();
    if (std::any_of(g.inputs.begin(), g.inputs.end(), [&](Value x) { return !g.type(x).shape.ranked(); }))
      return problem_ = "an input has no rank, and the model does not run for the one that was tried: " + d.what, true;
    v_.reason = "the converted model does not run: " + d.what;
    v_.tensor = d.node;
    return false;
  }

  bool excused(const std::vector<Tensor>& inputs, size_t k, const Tensor& got, const std::string& why) {
    const std::string& output = source_.main().outputs()[k].name;
    const auto here = execute(source_, 0, inputs, under(Semantics::TfLite));
    v_.kernels_differ = here && compare((*here)[k], got, nullptr).empty();
    // At a tie, levels of TensorFlow's FakeQuant and of FAKE_QUANT are a step apart, and so is all that follows.
    if (v_.kernels_differ && rounds_to_levels(source_)) {
      v_.reason = fmt::format("'{}' differs by a level: where two are as near, TensorFlow Lite's FAKE_QUANT takes the other than TensorFlow's", output);
      return true;
    }
    v_.output = output;
    v_.reason = fmt::format("'{}': {}", output, why);
    locate(source_, module_, inputs, options_.source, v_);
    if (v_.kernels_differ) v_.reason += " (TensorFlow Lite's kernels differ from TensorFlow's on these values; the conversion itself is right)";
    return false;
  }
};

}  // namespace

Verification verify_numbers(const Module& source, const Module& written, const Module& module, const VerifyOptions& options) {
  return NumbersCheck(source, written, module, options).run();
}

Diag numbers_differ(const Verification& v) {
  Diag d = diag("TN6001", "the converted model does not give the source's numbers: {}", v.reason);
  d.node = v.tensor;
  d.rewrite = v.rewrite;
  return d;
}

}  // namespace toucanet
