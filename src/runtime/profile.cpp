#include "runtime/profile.h"

#include <chrono>

#include "kernels/gemm_f32/gemm_f32_table.h"
#include "kernels/gemm_f32/pack_gemm_f32.h"
#include "kernels/gemm_i8/gemm_i8_table.h"
#include "kernels/gemm_i8/pack_gemm_i8.h"
#include "kernels/host_isa.h"
#include "ops/custom/custom.h"

namespace toucanet {
namespace {

// Operations a second of f, which makes `operations` of them: the best of several short spells.
template <class F>
double rate(double operations, F&& f) {
  using Clock = std::chrono::steady_clock;
  double best = 0;
  for (int spell = 0; spell < 5; ++spell) {
    const auto start = Clock::now();
    int n = 0;
    double seconds = 0;
    do {
      for (int k = 0; k < 20; ++k) f();
      n += 20;
      seconds = std::chrono::duration<double>(Clock::now() - start).count();
    } while (seconds < 0.002);
    best = std::max(best, operations * n / seconds);
  }
  return best;
}

// A panel and a tile of these rows lie in the nearest cache.
constexpr size_t depth = 128;

double peak_f32() {
  const GemmF32& g = best(gemm_f32_table());
  const std::vector<float> a(depth, 1.0f), b(size_t{g.nr} * depth, 1.0f);
  std::vector<float> w(gemm_f32_packed_bytes(g, g.nr, 1, depth) / sizeof(float)), c(size_t{g.mr} * g.nr);
  pack_gemm_f32(g, g.nr, 1, depth, b.data(), nullptr, w.data());
  const std::vector<const float*> rows(g.mr, a.data());
  return rate(2.0 * g.mr * g.nr * depth, [&] { g.run(g.mr, g.nr, 1, depth, rows.data(), w.data(), c.data(), g.nr, -1e30f, 1e30f); });
}

double peak_i8() {
  const GemmI8& g = best(gemm_i8_table());
  const std::vector<int8_t> a(depth * 4, 1), b(size_t{g.nr} * depth * 4, 1);
  std::vector<int32_t> w(gemm_i8_packed_bytes(g, g.nr, 1, depth * 4) / sizeof(int32_t)), c(size_t{g.mr} * g.nr);
  pack_gemm_i8(g, g.nr, 1, depth * 4, b.data(), nullptr, 0, nullptr, w.data());
  const std::vector<const int8_t*> rows(g.mr, a.data());
  return rate(8.0 * g.mr * g.nr * depth, [&] { g.run_acc(g.mr, g.nr, 1, depth * 4, rows.data(), w.data(), c.data(), g.nr); });
}

int64_t macs_of(const Node& n, const Step& s) {
  if (!n.op->macs || s.dynamic) return 0;
  std::vector<TensorType> types;
  types.reserve(s.in.size() + s.out.size());
  std::vector<const TensorType*> in, out;
  for (const Tensor* t : s.in) in.push_back(t ? &types.emplace_back(t->type()) : nullptr);
  for (const Tensor* t : s.out) out.push_back(&types.emplace_back(t->type()));
  const Dim m = n.op->macs({n.attrs, in, out});
  return m.known() ? m.value() : 0;
}

ProfileRow describe(const Module& module, const Graph& g, const Step& s, const Peaks& peaks, size_t threads) {
  const Node& n = g[s.node];
  ProfileRow r;
  r.op = n.is<Custom>() ? n.as<Custom>().custom_code : std::string(n.op->tflite.builtin.empty() ? n.op->name : n.op->tflite.builtin);
  if (!n.outputs.empty()) r.tensor = n.outputs[0].name, r.node = std::string(module.origins->last(n.outputs[0].origin));
  r.kernel = !s.kernel ? fmt::format("{}.plain", n.op->name) : s.isa.empty() ? std::string(s.kernel->name) : fmt::format("{}.{}", s.kernel->name, s.isa);
  r.why_not = s.passed_over;
  if (!s.kernel && r.why_not.empty())
    r.why_not.push_back(s.dynamic ? "its shapes follow from data" : n.op->kernels.empty() ? "no faster kernel is written" : "plain evaluation was asked for");
  r.operations = 2 * macs_of(n, s);
  if (r.operations && !s.in.empty() && s.in[0]) {
    const auto is_8bit = [](const Tensor* t) { return t && (t->dtype == DType::I8 || t->dtype == DType::U8); };
    const bool integer = is_8bit(s.in[0]) || (s.in.size() > 1 && is_8bit(s.in[1]));
    const double peak = (integer ? peaks.i8 : peaks.f32) * static_cast<double>(threads);
    if (integer || s.in[0]->dtype == DType::F32) r.peak_family = integer ? "int8" : "float32";
    if (peak > 0 && !r.peak_family.empty()) r.share = static_cast<double>(r.operations) / peak;  // per second of running: divided by the time below
  }
  return r;
}

}  // namespace

Peaks measure_peaks() { return {peak_f32(), peak_i8()}; }

Expected<std::vector<ProfileRow>> profile(ModelRunner& m, int runs, const Peaks& peaks) {
  GraphRunner& g = m.graph();
  std::vector<std::vector<double>> times(g.steps().size());
  for (int i = 0; i < runs; ++i) {
    CHECK_OK(m.invoke(0, true));
    for (size_t k = 0; k < times.size(); ++k) times[k].push_back(g.steps()[k].microseconds);
  }
  std::vector<ProfileRow> rows;
  for (size_t k = 0; k < times.size(); ++k) {
    ProfileRow r = describe(m.module(), g.graph(), g.steps()[k], peaks, m.threads());
    std::nth_element(times[k].begin(), times[k].begin() + static_cast<std::ptrdiff_t>(times[k].size() / 2), times[k].end());
    r.microseconds = times[k][times[k].size() / 2];
    if (r.share > 0) r.share = r.microseconds > 0 ? r.share / (r.microseconds * 1e-6) : 0;
    rows.push_back(std::move(r));
  }
  return rows;
}

}  // namespace toucanet
