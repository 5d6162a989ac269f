// Depthwise convolutions whose operands or results are neither float32 nor int8.
#include "kernels/depthwise_i8/depthwise_i8_table.h"
#include "kernels/depthwise_i8/pack_depthwise_i8.h"
#include "kernels/depthwise_sums/depthwise_sums_table.h"
#include "ops/depthwise_conv_2d/depthwise_conv_2d_kernels.h"
#include "ops/depthwise_conv_2d/depthwise_conv_2d_window.h"
#include "ops/sums.h"

namespace toucanet::ops::depthwise_conv_2d {
namespace {

constexpr size_t aligned(size_t bytes) { return (bytes + 63) / 64 * 64; }

// The sums of a row of the result, then what they become.
template <class T>
struct SumDepthwise : Depthwise<T, DepthwiseSums> {
  size_t sums_at = 0;  // in a thread's memory
  std::vector<int8_t> filter;

  void set(KernelPlan& p) {
    this->micro = &choose_isa(p, depthwise_sums_table());
    this->set_shape(p, 0);
    filter = this->for_all(p.in[1]->template as<int8_t>().data(), this->taps);
    sums_at = aligned(this->scratch());
    p.scratch = sums_at + this->row_elements() * sizeof(int32_t);
    p.packed = {1, 2};
  }
  size_t channels_at_once() const { return this->channels * this->together; }
  int32_t* sums(std::byte* memory) const { return reinterpret_cast<int32_t*>(memory + sums_at); }
};

// float32 with a filter of int8: images become int8 one by one, each with a padding of its own.
struct HybridDepthwise : SumDepthwise<int8_t> {
  HybridSums finish;
  size_t pad_at = 0, rows_at = 0;  // in the shared memory
};
std::string refuses_hybrid(const KernelUse& u) {
  if (std::string why = refuses(u, DType::F32, DType::I8); !why.empty()) return why;
  if (u.has(2) && u.in[2]->dtype != DType::F32) return "needs a float32 bias";
  const auto scales = channel_scales(*u.node.op, *u.in[1], u.in[1]->dims[3], "the filter");
  if (!scales) return scales.error()[0].what;
  return u.in[1]->quant->scale.size() == scales->size() ? "" : fmt::format("needs {} scales, here {}", scales->size(), u.in[1]->quant->scale.size());
}
std::unique_ptr<KernelState> plan_hybrid(KernelPlan& p) {
  auto s = std::make_unique<HybridDepthwise>();
  s->set(p);
  const auto scales = channel_scales(*p.node.op, *p.in[1], p.in[1]->dims[3], "the filter");
  s->finish = HybridSums::of(s->for_all(scales->data(), 1), nullptr, p.attrs<DepthwiseConv2D>().fused_activation_function);
  if (p.has(2)) s->finish.bias = s->for_all(p.in[2]->as<float>().data(), 1);
  // The zero point is taken off before products are summed.
  s->finish.weights.assign(s->finish.scales.size(), 0);
  s->pad_at = aligned(s->elements());
  s->rows_at = aligned(s->pad_at + static_cast<size_t>(s->window.batch) * s->channels);
  p.shared = s->rows_at + static_cast<size_t>(s->window.batch) * sizeof(HybridRow);
  return s;
}
void run_hybrid(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const HybridDepthwise&>(*state);
  const float* x = r.input<float>(0);
  float* y = r.output<float>();
  auto* q = reinterpret_cast<int8_t*>(r.shared());
  int8_t* pad = q + s.pad_at;
  auto* rows = reinterpret_cast<HybridRow*>(r.shared() + s.rows_at);
  const size_t image = s.image_elements(), channels = s.channels_at_once();
  r.threads.parallel(static_cast<size_t>(s.window.batch), [&](size_t n, size_t) {
    rows[n] = s.finish.quantize(x + n * image, image, q + n * image, true);
    std::fill_n(pad + n * s.channels, s.channels, static_cast<int8_t>(rows[n].zero_point));
  });
  s.run(r, q, pad, s.channels, [&](const int8_t* const* a, std::byte* memory, size_t row) {
    const HybridRow& by = rows[s.image_of(row)];
    int32_t* sums = s.sums(memory);
    s.micro->run_i8(s.groups(), channels, s.taps, a, by.zero_point, s.filter.data(), sums);
    for (size_t g = 0; g < s.groups(); ++g) s.finish.finish(by, 0, channels, sums + g * channels, y + row * s.row_elements() + g * channels);
  });
}

template <class T>
struct IntegerSumDepthwise : SumDepthwise<T> {
  IntegerSums finish;

  void set_finish(const Accumulation& a, SumRounding rounding) {
    finish = IntegerSums::of(a, rounding);
    finish.mantissas = this->for_all(finish.mantissas.data(), 1);
    finish.exponents = this->for_all(finish.exponents.data(), 1);
    finish.scales = this->for_all(finish.scales.data(), 1);
    finish.bias = this->for_all(finish.bias.data(), 1);
  }
};
using WideDepthwise = IntegerSumDepthwise<int16_t>;
std::string refuses_i16(const KernelUse& u) {
  if (std::string why = refuses(u, DType::I16, DType::I8); !why.empty()) return why;
  if (u.has(2) && u.in[2]->dtype != DType::I64) return "needs an int64 bias";
  if (const int64_t taps = u.in[1]->dims[1] * u.in[1]->dims[2]; taps > 511) return fmt::format("needs at most 511 taps, here {}", taps);
  const auto a = accumulation_for(u);
  return a ? "" : a.error()[0].what;
}
std::unique_ptr<KernelState> plan_i16(KernelPlan& p) {
  auto s = std::make_unique<WideDepthwise>();
  s->set(p);
  s->set_finish(*accumulation_for(p), SumRounding::Wide);
  return s;
}
void run_i16(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const WideDepthwise&>(*state);
  int16_t* y = r.output<int16_t>();
  const size_t channels = s.channels_at_once();
  s.run(r, r.input<int16_t>(0), s.padding.data(), 0, [&](const int16_t* const* a, std::byte* memory, size_t row) {
    int32_t* sums = s.sums(memory);
    s.micro->run_i16(s.groups(), channels, s.taps, a, 0, s.filter.data(), sums);
    const FinishInteger f = s.finish.at(0);
    for (size_t g = 0; g < s.groups(); ++g) s.finish.micro->to_i16(channels, sums + g * channels, f, y + row * s.row_elements() + g * channels);
  });
}

// int8 as XNNPACK rounds it.
struct EvenDepthwise : IntegerSumDepthwise<int8_t> {
  int32_t zero_point = 0;
};
std::string refuses_even(const KernelUse& u) {
  if (std::string why = refuses(u, DType::I8, DType::I8); !why.empty()) return why;
  const auto a = accumulation_for(u);
  if (!a) return a.error()[0].what;
  return a->to_even.empty() ? "XNNPACK's rounding is not asked for" : "";
}
std::unique_ptr<KernelState> plan_even(KernelPlan& p) {
  auto s = std::make_unique<EvenDepthwise>();
  const auto a = accumulation_for(p);
  s->set(p);
  s->zero_point = a->x_zero;
  s->padding.assign(s->channels, static_cast<int8_t>(a->x_zero));
  s->set_finish(*a, SumRounding::ToEven);
  return s;
}
void run_even(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const EvenDepthwise&>(*state);
  int8_t* y = r.output<int8_t>();
  const size_t channels = s.channels_at_once();
  s.run(r, r.input<int8_t>(0), s.padding.data(), 0, [&](const int8_t* const* a, std::byte* memory, size_t row) {
    int32_t* sums = s.sums(memory);
    s.micro->run_i8(s.groups(), channels, s.taps, a, s.zero_point, s.filter.data(), sums);
    const FinishInteger f = s.finish.at(0);
    for (size_t g = 0; g < s.groups(); ++g) s.finish.micro->to_i8(channels, sums + g * channels, f, y + row * s.row_elements() + g * channels);
  });
}

// uint8 as int8 with the other sign bit.
struct FlippedDepthwise : Depthwise<int8_t, DepthwiseI8> {
  RequantI8 requant{};
};
std::string refuses_u8(const KernelUse& u) {
  if (std::string why = refuses(u, DType::U8, DType::U8); !why.empty()) return why;
  const auto a = accumulation_for(u);
  return a ? "" : a.error()[0].what;
}
std::unique_ptr<KernelState> plan_u8(KernelPlan& p) {
  auto s = std::make_unique<FlippedDepthwise>();
  const auto a = accumulation_for(p);
  const Tensor& w = *p.in[1];
  const auto split = SplitWeights::of(w.as<uint8_t>().data(), 1, w.bytes(), a->w_zero);
  s->micro = &choose_isa(p, depthwise_i8_table());
  s->set_shape(p, flipped(a->x_zero), split.parts);
  s->requant = {a->y.zero_point - 128, a->range.low - 128, a->range.high - 128};
  const size_t channels = s->channels * s->together;
  s->weights = PackedWeights(depthwise_i8_packed_bytes(*s->micro, channels, s->all_taps()));
  const auto filter = s->for_all(split.values.data(), s->all_taps());
  const auto bias = p.has(2) ? s->for_all(p.in[2]->as<int32_t>().data(), 1) : std::vector<int32_t>();
  const auto multipliers = s->for_all(a->multipliers.data(), 1);
  pack_depthwise_i8(*s->micro, channels, s->all_taps(), filter.data(), p.has(2) ? bias.data() : nullptr, a->x_zero - 128, multipliers.data(),
                    s->weights.as<void>());
  p.shared = s->elements();
  p.scratch = s->scratch();
  p.packed = {1, 2};
  return s;
}
void run_u8(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const FlippedDepthwise&>(*state);
  auto* y = r.output<uint8_t>();
  auto* x = reinterpret_cast<int8_t*>(r.shared());
  flip_sign_bits(r.threads, r.input<uint8_t>(0), s.elements(), reinterpret_cast<uint8_t*>(x));
  s.run(r, x, [&](const int8_t* const* a, size_t to) {
    const size_t channels = s.channels * s.together;
    s.micro->run(s.groups(), channels, s.all_taps(), a, s.weights.as<void>(), reinterpret_cast<int8_t*>(y + to), channels, &s.requant);
    flip_sign_bits(y + to, s.row_elements(), y + to);
  });
}

}  // namespace

const Kernel depthwise_conv_2d_hybrid{.name = "depthwise_conv_2d_hybrid", .refuses = refuses_hybrid, .plan = plan_hybrid, .run = run_hybrid};
const Kernel depthwise_conv_2d_i8_xnnpack{.name = "depthwise_conv_2d_i8_xnnpack", .refuses = refuses_even, .plan = plan_even, .run = run_even};
const Kernel depthwise_conv_2d_u8{.name = "depthwise_conv_2d_u8", .refuses = refuses_u8, .plan = plan_u8, .run = run_u8};
const Kernel depthwise_conv_2d_i16{.name = "depthwise_conv_2d_i16", .refuses = refuses_i16, .plan = plan_i16, .run = run_i16};

}  // namespace toucanet::ops::depthwise_conv_2d
