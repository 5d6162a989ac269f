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

}  // namespace

Verification verify_numbers(const Module& source, const Module& written, const Module& module, const VerifyOptions& options) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  Verification v;
  if (const auto macs = cost_of(source).macs; macs > options.max_macs) {
    v.reason = fmt::format("{:.3g} multiply-accumulates are too many", static_cast<double>(macs));
    return v;
  }
  const auto keep_going = [&] { return elapsed() < options.seconds; };
  bool dynamic = false;
  for (Value i : source.main().inputs)
    if (!options.inputs.count(source.main().result(i).name)) dynamic = dynamic || !source.main().type(i).shape.is_static();
  // Unknown dimensions at 1 and at another size.
  std::vector<int64_t> sizes{1};
  if (dynamic) sizes.push_back(3);
  std::string first_problem;
  const size_t threads = std::clamp<size_t>(std::thread::hardware_concurrency(), 1, 4);
  for (int64_t size : sizes) {
    for (int s = 0; s < options.samples; ++s) {
      auto inputs = sample_inputs(source, size, options.seed + static_cast<uint64_t>(s), options.fixed, options.inputs);
      if (!inputs) {
        first_problem = inputs.error()[0].what;
        continue;
      }
      ExecuteOptions tf{.semantics = options.source, .seed = options.seed, .memory_limit = options.max_bytes, .keep_going = keep_going};
      auto want = run_once(source, *inputs, tf, threads);
      if (!want) {  // this size does not fit the graph: another one may
        first_problem = want.error()[0].what;
        if (want.error()[0].code == "TN3005") first_problem = fmt::format("the budget of {:.0f} s is used up", options.seconds);
        continue;
      }
      ExecuteOptions lite{.semantics = Semantics::TfLite, .seed = options.seed, .memory_limit = options.max_bytes, .keep_going = keep_going};
      auto got = run_once(written, *inputs, lite, threads);
      if (!got) {
        if (const auto& code = got.error()[0].code; code == "TN3005" || code == "TN3004" || code == "TN3009") {
          first_problem = code == "TN3005" ? fmt::format("the budget of {:.0f} s is used up", options.seconds) : got.error()[0].what;
          continue;
        }
        // A rank that was only guessed may be one that TensorFlow Lite does not take.
        const Graph& g = source.main();
        if (std::any_of(g.inputs.begin(), g.inputs.end(), [&](Value x) { return !g.type(x).shape.ranked(); })) {
          first_problem = "an input has no rank, and the model does not run for the one that was tried: " + got.error()[0].what;
          continue;
        }
        v.status = Verification::Status::Wrong;
        v.reason = "the converted model does not run: " + got.error()[0].what;
        v.tensor = got.error()[0].node;
        v.seconds = elapsed();
        return v;
      }
      ++v.samples;
      for (size_t k = 0; k < want->size(); ++k) {
        const auto why = compare((*want)[k], (*got)[k], &v.largest_difference);
        if (why.empty()) continue;
        const auto here = execute(source, 0, *inputs, lite);
        v.kernels_differ = here && compare((*here)[k], (*got)[k], nullptr).empty();
        // At a tie, levels of TensorFlow's FakeQuant and of FAKE_QUANT are a step apart, and so is all that follows.
        if (v.kernels_differ && rounds_to_levels(source)) {
          v.reason = fmt::format("'{}' differs by a level: where two are as near, TensorFlow Lite's FAKE_QUANT takes the other than TensorFlow's",
                                 source.main().outputs()[k].name);
          continue;
        }
        v.status = Verification::Status::Wrong;
        v.output = source.main().outputs()[k].name;
        v.reason = fmt::format("'{}': {}", v.output, why);
        locate(source, module, *inputs, options.source, v);
        if (v.kernels_differ) v.reason += " (TensorFlow Lite's kernels differ from TensorFlow's on these values; the conversion itself is right)";
        v.seconds = elapsed();
        return v;
      }
    }
  }
  v.seconds = elapsed();
  v.status = v.samples ? Verification::Status::Right : Verification::Status::Skipped;
  if (!v.samples) v.reason = first_problem.empty() ? "no input could be made" : first_problem;
  return v;
}

Diag numbers_differ(const Verification& v) {
  Diag d = diag("TN6001", "the converted model does not give the source's numbers: {}", v.reason);
  d.node = v.tensor;
  d.rewrite = v.rewrite;
  return d;
}

}  // namespace toucanet
