#include "ops/conv_2d/conv_2d_kernels.h"

#include "kernels/gemm_f32/gemm_f32_table.h"
#include "kernels/gemm_f32/pack_gemm_f32.h"
#include "kernels/gemm_i8/gemm_i8_table.h"
#include "kernels/gemm_i8/pack_gemm_i8.h"
#include "ops/conv_2d/conv_2d_window.h"
#include "ops/sums.h"

namespace toucanet::ops::conv_2d {
namespace {

struct FloatConvolution : Convolution<float> {
  const GemmF32* gemm = nullptr;
  FloatRange range;
};
std::string refuses_f32(const KernelUse& u) {
  if (std::string why = refuses(u, DType::F32, DType::F32); !why.empty()) return why;
  return u.has(2) && u.in[2]->dtype != DType::F32 ? "needs a float32 bias" : "";
}
std::unique_ptr<KernelState> plan_f32(KernelPlan& p) {
  auto s = std::make_unique<FloatConvolution>();
  s->gemm = &choose_isa(p, gemm_f32_table());
  s->set_shape(p, s->gemm->mr, s->gemm->nr, 0.0f);
  s->range = FloatRange::of(p.attrs<Conv2D>().fused_activation_function);
  s->weights = PackedWeights(gemm_f32_packed_bytes(*s->gemm, s->tiles.cols, s->taps, s->depth));
  s->panel_bytes = gemm_f32_panel_floats(*s->gemm, s->taps, s->depth) * sizeof(float);
  pack_gemm_f32(*s->gemm, s->tiles.cols, s->taps, s->depth, p.in[1]->as<float>().data(), p.has(2) ? p.in[2]->as<float>().data() : nullptr,
                s->weights.as<float>());
  p.scratch = s->tiles.scratch();
  p.packed = {1, 2};
  return s;
}
void run_f32(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const FloatConvolution&>(*state);
  const float* x = r.input<float>(0);
  float* y = r.output<float>();
  s.tiles.run(
      r, [&](std::byte* m, size_t first, size_t rows) { s.fill(x, m, first, rows); },
      [&](std::byte* m, size_t first, size_t rows, size_t panel, size_t cols) {
        s.gemm->run(rows, cols, s.taps, s.depth, reinterpret_cast<const float* const*>(m),
                    reinterpret_cast<const float*>(s.weights.as<std::byte>() + panel * s.panel_bytes), y + first * s.tiles.cols + panel * s.tiles.nr,
                    s.tiles.cols, s.range.low, s.range.high);
      });
}

struct IntegerConvolution : Convolution<int8_t> {
  const GemmI8* gemm = nullptr;
  RequantI8 requant{};
  bool flips = false;     // sign bits, once: of images into the shared memory, with their padding; of rows into the tile
  Window source{};        // of the images as they are given
  size_t flipped_at = 0;  // rows in a tile

  // Images are copied anyway: every window shall lie inside of the copy.
  void copy_padded(KernelPlan& p, int32_t x_zero) {
    source = window;
    padding.assign(padding.size(), flipped(x_zero));
    window.in_h = (window.out_h - 1) * window.stride_h + (window.kernel_h - 1) * window.dilation_h + 1;
    window.in_w = (window.out_w - 1) * window.stride_w + (window.kernel_w - 1) * window.dilation_w + 1;
    window.top = window.left = 0;
    set_offsets();
    p.shared = elements() + chunk;
  }
  void copy_line(const uint8_t* x, size_t line, uint8_t* y) const {
    const auto to = static_cast<int64_t>(line), iy = to % window.in_h - source.top, n = to / window.in_h;
    const size_t width = static_cast<size_t>(window.in_w * channels);
    y += line * width;
    const auto pad = static_cast<uint8_t>(padding[0]);
    const int64_t left = source.left, last = std::min(source.in_w, window.in_w - left);
    if (iy < 0 || iy >= source.in_h || last <= 0) return void(std::fill_n(y, width, pad));
    std::fill_n(y, left * channels, pad);
    flip_sign_bits(x + (n * source.in_h + iy) * source.in_w * channels, static_cast<size_t>(last * channels), y + left * channels);
    std::fill_n(y + (left + last) * channels, (window.in_w - left - last) * channels, pad);
  }
  void flip_rows(const uint8_t* x, std::byte* tile, size_t first, size_t rows) const {
    auto* to = reinterpret_cast<uint8_t*>(tile + flipped_at);
    flip_sign_bits(x + first * depth, rows * depth, to);
    auto** pointers = reinterpret_cast<const uint8_t**>(tile);
    for (size_t m = 0; m < tiles.mr; ++m) pointers[m] = to + std::min(m, rows - 1) * depth;
  }
};
std::string refuses_i8(const KernelUse& u) {
  if (std::string why = refuses(u, DType::I8, DType::I8); !why.empty()) return why;
  const auto a = accumulation_for(u);
  if (!a) return a.error()[0].what;
  return a->to_even.empty() ? "" : "rounds in fixed point, XNNPACK's rounding is asked for";
}
std::unique_ptr<KernelState> plan_i8(KernelPlan& p) {
  auto s = std::make_unique<IntegerConvolution>();
  const auto a = accumulation_for(p);
  s->gemm = &choose_isa(p, gemm_i8_table());
  s->set_shape(p, s->gemm->mr, s->gemm->nr, static_cast<int8_t>(a->x_zero));
  const bool pointwise = s->kind == Taps::Pointwise;
  s->flips = s->gemm->run_flipped && (pointwise ? s->tiles.cols > s->tiles.nr : s->tiles.rows > 0 && (s->kind == Taps::Pixels || s->window.dilation_w == 1));
  if (s->flips && pointwise) {
    s->flipped_at = s->tiles.tile_bytes;
    s->tiles.tile_bytes += (s->tiles.mr * s->depth + s->chunk + 63) / 64 * 64;
  } else if (s->flips) {
    s->copy_padded(p, a->x_zero);
  }
  s->requant = {a->y.zero_point, a->range.low, a->range.high};
  s->weights = PackedWeights(gemm_i8_packed_bytes(*s->gemm, s->tiles.cols, s->taps, s->depth));
  s->panel_bytes = gemm_i8_panel_bytes(*s->gemm, s->taps, s->depth);
  pack_gemm_i8(*s->gemm, s->tiles.cols, s->taps, s->depth, s->padded(p.in[1]->as<int8_t>().data(), s->tiles.cols).data(),
               p.has(2) ? p.in[2]->as<int32_t>().data() : nullptr, a->x_zero, a->multipliers.data(), s->weights.as<void>());
  p.scratch = s->tiles.scratch();
  p.packed = {1, 2};
  return s;
}
void run_i8(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const IntegerConvolution&>(*state);
  const int8_t* x = r.input<int8_t>(0);
  int8_t* y = r.output<int8_t>();
  if (s.flips && !s.flipped_at) {
    const auto lines = static_cast<size_t>(s.window.batch * s.window.in_h);
    constexpr size_t piece = 16;
    r.threads.parallel((lines + piece - 1) / piece, [&](size_t task, size_t) {
      for (size_t line = task * piece; line < std::min(lines, (task + 1) * piece); ++line)
        s.copy_line(r.input<uint8_t>(0), line, reinterpret_cast<uint8_t*>(r.shared()));
    });
    x = reinterpret_cast<const int8_t*>(r.shared());
  }
  const auto run = s.flips ? s.gemm->run_flipped : s.gemm->run;
  s.tiles.run(
      r, [&](std::byte* m, size_t first, size_t rows) { s.flipped_at ? s.flip_rows(r.input<uint8_t>(0), m, first, rows) : s.fill(x, m, first, rows); },
      [&](std::byte* m, size_t first, size_t rows, size_t panel, size_t cols) {
        run(rows, cols, s.taps, s.depth, reinterpret_cast<const int8_t* const*>(m), s.weights.as<std::byte>() + panel * s.panel_bytes,
            y + first * s.tiles.cols + panel * s.tiles.nr, s.tiles.cols, &s.requant);
      });
}

}  // namespace

const Kernel conv_2d_f32{.name = "conv_2d_f32", .refuses = refuses_f32, .plan = plan_f32, .run = run_f32};
const Kernel conv_2d_i8{.name = "conv_2d_i8", .refuses = refuses_i8, .plan = plan_i8, .run = run_i8};

}  // namespace toucanet::ops::conv_2d
