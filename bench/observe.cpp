// What observing costs beside the float run: bench_observe model.tflite samples.npy [batch]
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "import/file.h"
#include "quantize/observe.h"
#include "quantize/samples.h"
#include "runtime/model_runner.h"

using namespace toucanet;

namespace {

double seconds_of(const auto& f) {
  const auto start = std::chrono::steady_clock::now();
  f();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

int fail(const Diags& problems) { return std::fprintf(stderr, "%s\n", str(problems).c_str()), 1; }

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::fprintf(stderr, "usage: bench_observe model.tflite samples.npy [batch]\n"), 2;
  const auto batch = static_cast<uint64_t>(argc > 3 ? std::atoi(argv[3]) : 1);
  auto model = ModelRunner::load_file(argv[1]);
  if (!model) return fail(model.error());
  const Module& m = (*model)->module();
  for (size_t i = 0; i < m.main().inputs.size() && batch > 1; ++i) {
    auto dims = (*model)->graph().input_dims(i);
    dims[0] = static_cast<int64_t>(batch);
    (*model)->resize_input(0, i, dims);
  }
  if (auto s = (*model)->allocate(); !s) return fail(s.error());
  auto source = array_samples(m, argv[2]);
  if (!source) return fail(source.error());
  std::vector<std::vector<std::vector<Tensor>>> batches;
  for (uint64_t i = 0; i + batch <= *(*source)->size(); i += batch) {
    auto& samples = batches.emplace_back();
    for (uint64_t k = 0; k < batch; ++k) samples.push_back(**(*source)->sample(i + k));
  }
  Observer observer(m, {.batch = batch});
  if (auto s = observer.prepare(); !s) return fail(s.error());
  std::vector<Extremes> rows(batch * observed_values(m).size());
  // Of each batch the least of eleven turns: what else the machine does counts little then.
  double run = 0, observed = 0;
  for (uint64_t b = 0; b < batches.size(); ++b) {
    double least_run = 1e9, least_observed = 1e9;
    for (int turn = 0; turn < 11; ++turn) {
      least_run = std::min(least_run, seconds_of([&] {
                             for (size_t i = 0; i < m.main().inputs.size(); ++i) {
                               std::byte* to = (*model)->graph().tensor(m.main().inputs[i]).raw_mutable();
                               for (const auto& s : batches[b]) std::memcpy(to, s[i].raw(), s[i].bytes()), to += s[i].bytes();
                             }
                             (void)(*model)->invoke();
                           }));
      least_observed = std::min(least_observed, seconds_of([&] { (void)observer.add(b * batch, batches[b], rows); }));
    }
    run += least_run, observed += least_observed;
  }
  const auto n = static_cast<double>(batches.size() * batch);
  std::printf("float run %.1f us, observed %.1f us a sample: %.2f times (each the least of 11 turns)\n", run / n * 1e6, observed / n * 1e6, observed / run);
}
