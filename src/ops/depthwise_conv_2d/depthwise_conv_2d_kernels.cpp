#include "ops/depthwise_conv_2d/depthwise_conv_2d_kernels.h"

#include "kernels/depthwise_f32/depthwise_f32_table.h"
#include "kernels/depthwise_f32/pack_depthwise_f32.h"
#include "kernels/depthwise_i8/depthwise_i8_table.h"
#include "kernels/depthwise_i8/pack_depthwise_i8.h"
#include "ops/depthwise_conv_2d/depthwise_conv_2d_window.h"

namespace toucanet::ops::depthwise_conv_2d {
namespace {

struct FloatDepthwise : Depthwise<float, DepthwiseF32> {
  FloatRange range;
};
std::string refuses_f32(const KernelUse& u) {
  if (std::string why = refuses(u, DType::F32, DType::F32); !why.empty()) return why;
  return u.has(2) && u.in[2]->dtype != DType::F32 ? "needs a float32 bias" : "";
}
std::unique_ptr<KernelState> plan_f32(KernelPlan& p) {
  auto s = std::make_unique<FloatDepthwise>();
  s->micro = &choose_isa(p, depthwise_f32_table());
  s->set_shape(p, 0.0f);
  s->range = FloatRange::of(p.attrs<DepthwiseConv2D>().fused_activation_function);
  const size_t channels = s->channels * s->together;
  s->weights = PackedWeights(depthwise_f32_packed_bytes(*s->micro, channels, s->taps));
  const auto filter = s->for_all(p.in[1]->as<float>().data(), s->taps);
  const auto bias = p.has(2) ? s->for_all(p.in[2]->as<float>().data(), 1) : std::vector<float>();
  pack_depthwise_f32(*s->micro, channels, s->taps, filter.data(), p.has(2) ? bias.data() : nullptr, s->weights.as<float>());
  p.scratch = s->scratch();
  p.packed = {1, 2};
  return s;
}
void run_f32(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const FloatDepthwise&>(*state);
  float* y = r.output<float>();
  s.run(r, r.input<float>(0), [&](const float* const* a, size_t to) {
    const size_t channels = s.channels * s.together;
    s.micro->run(s.groups(), channels, s.taps, a, s.weights.as<float>(), y + to, channels, s.range.low, s.range.high);
  });
}

struct IntegerDepthwise : Depthwise<int8_t, DepthwiseI8> {
  RequantI8 requant{};
};
std::string refuses_i8(const KernelUse& u) {
  if (std::string why = refuses(u, DType::I8, DType::I8); !why.empty()) return why;
  const auto a = accumulation_for(u);
  if (!a) return a.error()[0].what;
  return a->to_even.empty() ? "" : "rounds in fixed point, XNNPACK's rounding is asked for";
}
std::unique_ptr<KernelState> plan_i8(KernelPlan& p) {
  auto s = std::make_unique<IntegerDepthwise>();
  const auto a = accumulation_for(p);
  s->micro = &choose_isa(p, depthwise_i8_table());
  s->set_shape(p, static_cast<int8_t>(a->x_zero));
  s->requant = {a->y.zero_point, a->range.low, a->range.high};
  const size_t channels = s->channels * s->together;
  s->weights = PackedWeights(depthwise_i8_packed_bytes(*s->micro, channels, s->taps));
  const auto filter = s->for_all(p.in[1]->as<int8_t>().data(), s->taps);
  const auto bias = p.has(2) ? s->for_all(p.in[2]->as<int32_t>().data(), 1) : std::vector<int32_t>();
  const auto multipliers = s->for_all(a->multipliers.data(), 1);
  pack_depthwise_i8(*s->micro, channels, s->taps, filter.data(), p.has(2) ? bias.data() : nullptr, a->x_zero, multipliers.data(), s->weights.as<void>());
  p.scratch = s->scratch();
  p.packed = {1, 2};
  return s;
}
void run_i8(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const IntegerDepthwise&>(*state);
  int8_t* y = r.output<int8_t>();
  s.run(r, r.input<int8_t>(0), [&](const int8_t* const* a, size_t to) {
    const size_t channels = s.channels * s.together;
    s.micro->run(s.groups(), channels, s.taps, a, s.weights.as<void>(), y + to, channels, &s.requant);
  });
}

}  // namespace

const Kernel depthwise_conv_2d_f32{.name = "depthwise_conv_2d_f32", .refuses = refuses_f32, .plan = plan_f32, .run = run_f32};
const Kernel depthwise_conv_2d_i8{.name = "depthwise_conv_2d_i8", .refuses = refuses_i8, .plan = plan_i8, .run = run_i8};

}  // namespace toucanet::ops::depthwise_conv_2d
