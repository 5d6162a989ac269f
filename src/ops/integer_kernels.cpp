#include "ops/integer_kernels.h"

namespace toucanet {

std::string refuses_binary_i8(const KernelUse& u) {
  for (const Tensor* t : {u.in[0], u.in[1], static_cast<const Tensor*>(u.out[0])})
    if (t->dtype != DType::I8 || !t->quant) return fmt::format("needs quantised int8, here {}{}", t->quant ? "quantised " : "", tf_name(t->dtype));
  return {};
}

std::unique_ptr<BinaryInteger> plan_binary_i8(KernelPlan& p) {
  auto s = std::make_unique<BinaryInteger>();
  s->micro = &choose_isa(p, elementwise_i8_table());
  s->rows = BroadcastRows::of(p.in[0]->dims, p.in[1]->dims, p.out[0]->dims);
  s->rows.lengthen(p.constant(0), p.constant(1));
  if (p.constant(0)) s->x = repeated<int8_t>(*p.in[0], s->rows.x_repeat);
  if (p.constant(1)) s->y = repeated<int8_t>(*p.in[1], s->rows.y_repeat);
  return s;
}

namespace {
template <class F>
void run(const BinaryInteger& s, KernelRun& r, F f) {
  const int8_t *x = s.x.empty() ? r.input<int8_t>(0) : s.x.data(), *y = s.y.empty() ? r.input<int8_t>(1) : s.y.data();
  int8_t* z = r.output<int8_t>();
  s.rows.run(r.threads, [&](size_t n, size_t from_x, size_t from_y, size_t to) { f(n, x + from_x, s.rows.x_step, y + from_y, s.rows.y_step, z + to); });
}
}  // namespace

void run_sum_i8(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const BinaryInteger&>(*state);
  run(s, r, [&](auto... a) { s.micro->sum(&s.sum, a...); });
}

void run_product_i8(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const BinaryInteger&>(*state);
  run(s, r, [&](auto... a) { s.micro->product(&s.product, a...); });
}

}  // namespace toucanet
