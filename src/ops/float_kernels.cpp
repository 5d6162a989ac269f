#include "ops/float_kernels.h"

namespace toucanet {

std::string refuses_unary_f32(const KernelUse& u) { return u.in[0]->dtype == DType::F32 ? "" : fmt::format("needs float32, here {}", tf_name(u.in[0]->dtype)); }

void run_unary_f32(const UnaryFloat& s, UnaryF32 operation, KernelRun& r) noexcept {
  constexpr size_t piece = 16384;
  const size_t n = r.in[0]->bytes() / sizeof(float);
  const float* x = r.input<float>(0);
  float* y = r.output<float>();
  r.threads.parallel((n + piece - 1) / piece, [&](size_t task, size_t) {
    const size_t from = task * piece;
    s.micro->unary(operation, std::min(piece, n - from), x + from, y + from, s.range.low, s.range.high);
  });
}

std::string refuses_binary_f32(const KernelUse& u, Activation a) {
  for (size_t i : {0, 1})
    if (u.in[i]->dtype != DType::F32) return fmt::format("needs float32, here {}", tf_name(u.in[i]->dtype));
  return is_clamp(a) ? "" : "needs an activation that is a clamp";
}

std::unique_ptr<KernelState> plan_binary_f32(KernelPlan& p, Activation a) {
  auto s = std::make_unique<BinaryFloat>();
  s->micro = &choose_isa(p, elementwise_f32_table());
  s->range = FloatRange::of(a);
  s->rows = BroadcastRows::of(p.in[0]->dims, p.in[1]->dims, p.out[0]->dims);
  s->rows.lengthen(p.constant(0), p.constant(1));
  if (p.constant(0)) s->x = repeated<float>(*p.in[0], s->rows.x_repeat);
  if (p.constant(1)) s->y = repeated<float>(*p.in[1], s->rows.y_repeat);
  return s;
}

void run_binary_f32(const BinaryFloat& s, BinaryF32 operation, KernelRun& r) noexcept {
  const float *x = s.x.empty() ? r.input<float>(0) : s.x.data(), *y = s.y.empty() ? r.input<float>(1) : s.y.data();
  float* z = r.output<float>();
  s.rows.run(r.threads, [&](size_t n, size_t from_x, size_t from_y, size_t to) {
    s.micro->binary(operation, n, x + from_x, s.rows.x_step, y + from_y, s.rows.y_step, z + to, s.range.low, s.range.high);
  });
}

}  // namespace toucanet
