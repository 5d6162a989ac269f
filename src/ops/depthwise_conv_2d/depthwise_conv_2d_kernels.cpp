#include "ops/depthwise_conv_2d/depthwise_conv_2d_kernels.h"

#include "kernels/depthwise_f32/depthwise_f32_table.h"
#include "kernels/depthwise_f32/pack_depthwise_f32.h"
#include "kernels/depthwise_i8/depthwise_i8_table.h"
#include "kernels/depthwise_i8/pack_depthwise_i8.h"
#include "ops/accumulate.h"
#include "ops/depthwise_conv_2d/depthwise_conv_2d.h"
#include "ops/indirect_gemm.h"
#include "ops/window_walk.h"
#include "runtime/choose_isa.h"

namespace toucanet::ops::depthwise_conv_2d {
namespace {

// A task is one row of the result; its pixels' taps are listed as pointers.
template <class T, class Micro>
struct Depthwise : KernelState {
  const Micro* micro = nullptr;
  Window window{};
  size_t channels = 0, taps = 0;
  std::vector<T> padding;
  PackedWeights weights;
  FloatRange range;
  RequantI8 requant{};

  // Neighbours in a row that are computed as one pixel of more channels, where channels are few. Their operands lie side
  // by side in a copy of the rows that a window touches, with its padding.
  size_t together = 1, copied_row = 0;

  void set_shape(const KernelUse& u, T pad) {
    const Tensor &x = *u.in[0], &w = *u.in[1];
    window = Window::of(x, *u.out[0], w.dims[1], w.dims[2], u.attrs<DepthwiseConv2D>());
    channels = static_cast<size_t>(x.dims[3]);
    taps = static_cast<size_t>(w.dims[1] * w.dims[2]);
    padding.assign(channels, pad);
    if (window.stride_w != 1 || !channels || !window.out_w) return;
    together = std::max<size_t>(1, micro->lanes / channels);
    while (static_cast<size_t>(window.out_w) % together) --together;
    if (together > 1) copied_row = static_cast<size_t>(window.out_w + (window.kernel_w - 1) * window.dilation_w) * channels;
  }
  // What belongs to channels, for each of the pixels that are computed as one.
  template <class C>
  std::vector<C> for_all(const C* values, size_t rows) const {
    std::vector<C> all;
    for (size_t row = 0; row < rows; ++row)
      for (size_t i = 0; i < together; ++i) all.insert(all.end(), values + row * channels, values + (row + 1) * channels);
    return all;
  }
  size_t groups() const { return static_cast<size_t>(window.out_w) / together; }
  size_t scratch() const { return groups() * taps * sizeof(void*) + static_cast<size_t>(window.kernel_h) * copied_row * sizeof(T); }
  size_t rows() const { return static_cast<size_t>(window.batch * window.out_h); }

  void copy_row(const T* line, T* to) const {
    const auto left = static_cast<size_t>(window.left) * channels, inside = std::min(static_cast<size_t>(window.in_w) * channels, copied_row - left);
    std::fill(to, to + left, padding[0]);
    std::copy(line, line + inside, to + left);
    std::fill(to + left + inside, to + copied_row, padding[0]);
  }
  void fill(const T* x, std::byte* memory, size_t row) const {
    auto** pointers = reinterpret_cast<const T**>(memory);
    T* copies = reinterpret_cast<T*>(memory + groups() * taps * sizeof(void*));
    const auto n = static_cast<int64_t>(row) / window.out_h, oy = static_cast<int64_t>(row) % window.out_h;
    size_t tap = 0;
    for (int64_t ky = 0; ky < window.kernel_h; ++ky) {
      const int64_t iy = oy * window.stride_h - window.top + ky * window.dilation_h;
      const bool in_rows = iy >= 0 && iy < window.in_h;
      const T* line = x + (n * window.in_h + iy) * window.in_w * static_cast<int64_t>(channels);
      if (together > 1) {
        if (in_rows) copy_row(line, copies);
        else std::fill(copies, copies + copied_row, padding[0]);
        for (int64_t kx = 0; kx < window.kernel_w; ++kx, ++tap)
          for (size_t g = 0; g < groups(); ++g) pointers[g * taps + tap] = copies + (g * together + static_cast<size_t>(kx * window.dilation_w)) * channels;
        copies += copied_row;
        continue;
      }
      for (int64_t kx = 0; kx < window.kernel_w; ++kx, ++tap) {
        int64_t ix = kx * window.dilation_w - window.left;
        for (size_t ox = 0; ox < static_cast<size_t>(window.out_w); ++ox, ix += window.stride_w)
          pointers[ox * taps + tap] = in_rows && ix >= 0 && ix < window.in_w ? line + ix * static_cast<int64_t>(channels) : padding.data();
      }
    }
  }
  template <class Run>
  void run(KernelRun& r, Run&& compute) const {
    const T* x = r.input<T>(0);
    T* y = r.output<T>();
    if (!channels || !window.out_w) return;
    r.threads.parallel(rows(), [&](size_t row, size_t thread) {
      std::byte* memory = r.scratch(thread);
      fill(x, memory, row);
      compute(reinterpret_cast<const T* const*>(memory), y + row * static_cast<size_t>(window.out_w) * channels);
    });
  }
};

std::string refuses(const KernelUse& u, DType type) {
  if (u.in[0]->dtype != type) return fmt::format("needs {}, here {}", tf_name(type), tf_name(u.in[0]->dtype));
  if (u.in[1]->dtype != type) return fmt::format("needs a filter of {}, here {}", tf_name(type), tf_name(u.in[1]->dtype));
  if (!u.constant(1) || (u.has(2) && !u.constant(2))) return "needs a constant filter and bias";
  if (u.in[0]->dims[3] != u.in[1]->dims[3]) return fmt::format("needs one result for each of {} channels, here {}", u.in[0]->dims[3], u.in[1]->dims[3]);
  if (!is_clamp(u.attrs<DepthwiseConv2D>().fused_activation_function)) return "needs an activation that is a clamp";
  return {};
}

using FloatDepthwise = Depthwise<float, DepthwiseF32>;
std::string refuses_f32(const KernelUse& u) {
  if (std::string why = refuses(u, DType::F32); !why.empty()) return why;
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
  s.run(r, [&](const float* const* a, float* y) {
    const size_t channels = s.channels * s.together;
    s.micro->run(s.groups(), channels, s.taps, a, s.weights.as<float>(), y, channels, s.range.low, s.range.high);
  });
}

using IntegerDepthwise = Depthwise<int8_t, DepthwiseI8>;
Expected<Accumulation> accumulation_for(const KernelUse& u) {
  return accumulation(*u.node.op, *u.in[0], *u.in[1], u.has(2) ? u.in[2] : nullptr, *u.out[0], u.in[1]->dims[3],
                      u.attrs<DepthwiseConv2D>().fused_activation_function);
}
std::string refuses_i8(const KernelUse& u) {
  if (std::string why = refuses(u, DType::I8); !why.empty()) return why;
  if (u.out[0]->dtype != DType::I8) return fmt::format("needs an int8 result, here {}", tf_name(u.out[0]->dtype));
  const auto a = accumulation_for(u);
  return a ? "" : a.error()[0].what;
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
  s.run(r, [&](const int8_t* const* a, int8_t* y) {
    const size_t channels = s.channels * s.together;
    s.micro->run(s.groups(), channels, s.taps, a, s.weights.as<void>(), y, channels, &s.requant);
  });
}

}  // namespace

const Kernel depthwise_conv_2d_f32{.name = "depthwise_conv_2d_f32", .refuses = refuses_f32, .plan = plan_f32, .run = run_f32};
const Kernel depthwise_conv_2d_i8{.name = "depthwise_conv_2d_i8", .refuses = refuses_i8, .plan = plan_i8, .run = run_i8};

}  // namespace toucanet::ops::depthwise_conv_2d
