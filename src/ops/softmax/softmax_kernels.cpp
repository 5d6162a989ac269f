#include "ops/softmax/softmax_kernels.h"

#include <array>

#include "kernels/elementwise_f32/elementwise_f32_table.h"
#include "ops/quantized_softmax.h"
#include "ops/softmax/softmax.h"
#include "runtime/choose_isa.h"
#include "runtime/use_context.h"

namespace toucanet::ops::softmax {
namespace {

size_t length(const Tensor& x) { return static_cast<size_t>(x.dims.back()); }
size_t row_count(const Tensor& x) { return length(x) ? static_cast<size_t>(x.elements()) / length(x) : 0; }

struct Differences : KernelState {
  std::array<int32_t, 256> exps{};     // Q0.31, 0 where the plain evaluation gives 0
  std::array<int32_t, 256> addends{};  // Q12.19
};
Expected<ScaledDifference> difference_of(const KernelUse& u) {
  UseContext c(u);
  TRY(const Affine x, affine_in(*c, 0));
  CHECK_OK(check_result(*c, 1.0 / 256, u.out[0]->dtype == DType::I8 ? -128 : 0));
  return ScaledDifference::of(*u.node.op, static_cast<double>(u.attrs<Softmax>().beta), x);
}
std::string refuses_8bit(const KernelUse& u) {
  const DType x = u.in[0]->dtype, y = u.out[0]->dtype;
  if ((x != DType::I8 && x != DType::U8) || x != y) return fmt::format("needs 8 bits, here {} and {}", tf_name(x), tf_name(y));
  const auto d = difference_of(u);
  return d ? "" : d.error()[0].what;
}
std::unique_ptr<KernelState> plan_8bit(KernelPlan& p) {
  auto s = std::make_unique<Differences>();
  const auto d = difference_of(p);
  for (int32_t i = 0; i < 256 && -i >= d->least; ++i) {
    const int32_t e = exp_of_negative((*d)(-i));
    s->exps[static_cast<size_t>(i)] = e;
    s->addends[static_cast<size_t>(i)] = rounding_divide_by_power_of_two(e, 12);
  }
  return s;
}
// Stored numbers with the sign bit flipped where they are signed, so that both types are read as uint8.
void run_row(const Differences& s, const uint8_t* x, size_t n, uint8_t flip, uint8_t* y) {
  uint8_t top = 0;
  for (size_t i = 0; i < n; ++i) top = std::max<uint8_t>(top, x[i] ^ flip);
  uint32_t sum = 0;
  for (size_t i = 0; i < n; ++i) sum += static_cast<uint32_t>(s.addends[static_cast<size_t>(top - (x[i] ^ flip))]);
  const FixedMultiplier r = reciprocal(static_cast<int32_t>(sum));
  const int32_t shift = 12 - (r.exponent + 31) + 31 - 8;
  const auto result = [&](size_t difference) {
    const int32_t v = shift > 31 ? 0 : rounding_divide_by_power_of_two(saturating_rounding_doubling_high_mul(r.mantissa, s.exps[difference]), shift);
    return static_cast<uint8_t>(std::min(v, 255) ^ flip);
  };
  if (n < 256) {
    for (size_t i = 0; i < n; ++i) y[i] = result(static_cast<size_t>(top - (x[i] ^ flip)));
    return;
  }
  std::array<uint8_t, 256> results;
  for (size_t d = 0; d < 256; ++d) results[d] = result(d);
  for (size_t i = 0; i < n; ++i) y[i] = results[static_cast<size_t>(top - (x[i] ^ flip))];
}
void run_8bit(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const Differences&>(*state);
  const size_t n = length(*r.in[0]);
  const uint8_t* x = r.input<uint8_t>(0);
  uint8_t* y = r.output<uint8_t>();
  const uint8_t flip = r.in[0]->dtype == DType::I8 ? 0x80 : 0;
  r.threads.parallel(row_count(*r.in[0]), [&](size_t row, size_t) { run_row(s, x + row * n, n, flip, y + row * n); });
}

struct FloatSoftmax : KernelState {
  const ElementwiseF32* micro = nullptr;
  float beta = 1;
};
std::string refuses_f32(const KernelUse& u) { return u.in[0]->dtype == DType::F32 ? "" : fmt::format("needs float32, here {}", tf_name(u.in[0]->dtype)); }
std::unique_ptr<KernelState> plan_f32(KernelPlan& p) {
  auto s = std::make_unique<FloatSoftmax>();
  s->micro = &choose_isa(p, elementwise_f32_table());
  s->beta = p.attrs<Softmax>().beta;
  return s;
}
void run_f32(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const FloatSoftmax&>(*state);
  constexpr float inf = std::numeric_limits<float>::infinity();
  const size_t n = length(*r.in[0]);
  const float* xs = r.input<float>(0);
  float* ys = r.output<float>();
  r.threads.parallel(row_count(*r.in[0]), [&](size_t row, size_t) {
    const float* x = xs + row * n;
    float* y = ys + row * n;
    const float top = *std::max_element(x, x + n);
    s.micro->binary(BinaryF32::Sub, n, x, 1, &top, 0, y, -inf, inf);
    if (s.beta != 1) s.micro->binary(BinaryF32::Mul, n, y, 1, &s.beta, 0, y, -inf, inf);
    s.micro->unary(UnaryF32::Exp, n, y, y, 0, 0);
    std::array<float, 8> parts{};
    for (size_t i = 0; i < n; ++i) parts[i % 8] += y[i];
    float sum = 0;
    for (const float part : parts) sum += part;
    s.micro->binary(BinaryF32::Div, n, y, 1, &sum, 0, y, -inf, inf);
  });
}

}  // namespace

const Kernel softmax_8bit{.name = "softmax_8bit", .refuses = refuses_8bit, .plan = plan_8bit, .run = run_8bit, .in_place = 1};
const Kernel softmax_f32{.name = "softmax_f32", .refuses = refuses_f32, .plan = plan_f32, .run = run_f32, .in_place = 1};

}  // namespace toucanet::ops::softmax
