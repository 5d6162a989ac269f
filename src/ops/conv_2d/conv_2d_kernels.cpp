#include "ops/conv_2d/conv_2d_kernels.h"

#include "kernels/gemm_f32/gemm_f32_table.h"
#include "kernels/gemm_f32/pack_gemm_f32.h"
#include "kernels/gemm_i8/gemm_i8_table.h"
#include "kernels/gemm_i8/pack_gemm_i8.h"
#include "ops/accumulate.h"
#include "ops/conv_2d/conv_2d.h"
#include "ops/indirect_gemm.h"
#include "ops/window_walk.h"
#include "runtime/choose_isa.h"

namespace toucanet::ops::conv_2d {
namespace {

// How a window becomes taps of the matrix product. Products shall have some length.
enum class Taps : uint8_t {
  Pixels,     // each position of the window is one
  Pointwise,  // there is one position, and results lie as operands do
  Rows,       // each row of the window, where channels are few: neighbours in memory, copied at the edges alone
  Whole,      // the window, gathered
};

// What is common to both element types.
template <class T>
struct Convolution : KernelState {
  Window window{};
  int64_t channels = 0, row = 0;  // elements of a pixel, of a row of the window
  Taps kind = Taps::Pixels;
  size_t taps = 0, depth = 0;  // of the matrix product
  GemmTiles tiles{};
  std::vector<T> padding;  // what lies beyond the edges
  PackedWeights weights;
  size_t panel_bytes = 0;

  void set_shape(const KernelUse& u, size_t mr, size_t nr, T pad) {
    const Tensor &x = *u.in[0], &w = *u.in[1];
    window = Window::of(x, *u.out[0], w.dims[1], w.dims[2], u.attrs<Conv2D>());
    channels = x.dims[3], row = window.kernel_w * channels;
    const int64_t positions = window.kernel_h * window.kernel_w;
    if (positions == 1 && window.stride_h == 1 && window.stride_w == 1) kind = Taps::Pointwise;
    else if (positions > 1 && channels < 16) kind = row >= 8 ? Taps::Rows : Taps::Whole;
    taps = static_cast<size_t>(kind == Taps::Rows ? window.kernel_h : kind == Taps::Whole ? 1 : positions);
    depth = static_cast<size_t>(channels * positions) / std::max<size_t>(1, taps);
    padding.assign(static_cast<size_t>(kind == Taps::Rows ? row : channels), pad);
    const bool copies = kind == Taps::Rows || kind == Taps::Whole;
    const size_t bytes = mr * taps * (sizeof(void*) + (copies ? depth * sizeof(T) : 0));
    tiles = {static_cast<size_t>(window.batch * window.out_h * window.out_w), static_cast<size_t>(w.dims[0]), mr, nr, (bytes + 63) / 64 * 64};
  }

  // f(row of the tile, image's first line, top line of the window, its left column)
  template <class F>
  void for_each_window(const T* x, size_t first, size_t rows, F&& f) const {
    const auto p = static_cast<int64_t>(first);
    int64_t ox = p % window.out_w, oy = p / window.out_w % window.out_h, n = p / (window.out_w * window.out_h);
    for (size_t m = 0; m < rows; ++m) {
      f(m, x + n * window.in_h * window.in_w * channels, oy * window.stride_h - window.top, ox * window.stride_w - window.left);
      if (++ox < window.out_w) continue;
      ox = 0;
      if (++oy == window.out_h) oy = 0, ++n;
    }
  }
  const T* pixel(const T* image, int64_t iy, int64_t ix) const {
    return iy >= 0 && iy < window.in_h && ix >= 0 && ix < window.in_w ? image + (iy * window.in_w + ix) * channels : padding.data();
  }
  // A row of the window, where it lies or else as it is copied to `copy`.
  const T* window_row(const T* image, int64_t iy, int64_t left, T* copy) const {
    if (window.dilation_w == 1 && left >= 0 && left + window.kernel_w <= window.in_w && iy >= 0 && iy < window.in_h)
      return image + (iy * window.in_w + left) * channels;
    for (int64_t kx = 0; kx < window.kernel_w; ++kx) {
      const T* from = pixel(image, iy, left + kx * window.dilation_w);
      for (int64_t k = 0; k < channels; ++k) copy[kx * channels + k] = from[k];
    }
    return copy;
  }

  void fill(const T* x, std::byte* memory, size_t first, size_t rows) const {
    const size_t mr = tiles.mr;
    auto** pointers = reinterpret_cast<const T**>(memory);
    T* copies = reinterpret_cast<T*>(memory + mr * taps * sizeof(void*));
    if (kind == Taps::Pointwise) {
      for (size_t m = 0; m < rows; ++m) pointers[m] = x + (first + m) * depth;
    } else if (kind == Taps::Pixels) {
      for_each_window(x, first, rows, [&](size_t m, const T* image, int64_t top, int64_t left) {
        size_t tap = 0;
        for (int64_t ky = 0; ky < window.kernel_h; ++ky)
          for (int64_t kx = 0; kx < window.kernel_w; ++kx, ++tap)
            pointers[tap * mr + m] = pixel(image, top + ky * window.dilation_h, left + kx * window.dilation_w);
      });
    } else {
      for_each_window(x, first, rows, [&](size_t m, const T* image, int64_t top, int64_t left) {
        T* copy = copies + m * taps * depth;
        pointers[m] = copy;
        for (int64_t ky = 0; ky < window.kernel_h; ++ky, copy += row) {
          const int64_t iy = top + ky * window.dilation_h;
          const bool outside = kind == Taps::Rows && (iy < 0 || iy >= window.in_h);
          const T* from = outside ? padding.data() : window_row(image, iy, left, copy);
          if (kind == Taps::Rows) pointers[static_cast<size_t>(ky) * mr + m] = from;
          else if (from != copy) std::copy(from, from + row, copy);
        }
      });
    }
    for (size_t tap = 0; tap < taps; ++tap)
      for (size_t m = rows; m < mr; ++m) pointers[tap * mr + m] = pointers[tap * mr + rows - 1];
  }
};

std::string refuses(const KernelUse& u, DType type) {
  const auto& a = u.attrs<Conv2D>();
  if (u.in[0]->dtype != type) return fmt::format("needs {}, here {}", tf_name(type), tf_name(u.in[0]->dtype));
  if (u.in[1]->dtype != type) return fmt::format("needs a filter of {}, here {}", tf_name(type), tf_name(u.in[1]->dtype));
  if (!u.constant(1) || (u.has(2) && !u.constant(2))) return "needs a constant filter and bias";
  if (u.in[0]->dims[3] != u.in[1]->dims[3]) return fmt::format("needs one group, here {}", u.in[1]->dims[3] ? u.in[0]->dims[3] / u.in[1]->dims[3] : 0);
  if (!is_clamp(a.fused_activation_function)) return "needs an activation that is a clamp";
  return {};
}

struct FloatConvolution : Convolution<float> {
  const GemmF32* gemm = nullptr;
  FloatRange range;
};
std::string refuses_f32(const KernelUse& u) {
  if (std::string why = refuses(u, DType::F32); !why.empty()) return why;
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
};
Expected<Accumulation> accumulation_for(const KernelUse& u) {
  return accumulation(*u.node.op, *u.in[0], *u.in[1], u.has(2) ? u.in[2] : nullptr, *u.out[0], u.in[1]->dims[0], u.attrs<Conv2D>().fused_activation_function);
}
std::string refuses_i8(const KernelUse& u) {
  if (std::string why = refuses(u, DType::I8); !why.empty()) return why;
  if (u.out[0]->dtype != DType::I8) return fmt::format("needs an int8 result, here {}", tf_name(u.out[0]->dtype));
  const auto a = accumulation_for(u);
  return a ? "" : a.error()[0].what;
}
std::unique_ptr<KernelState> plan_i8(KernelPlan& p) {
  auto s = std::make_unique<IntegerConvolution>();
  const auto a = accumulation_for(p);
  s->gemm = &choose_isa(p, gemm_i8_table());
  s->set_shape(p, s->gemm->mr, s->gemm->nr, static_cast<int8_t>(a->x_zero));
  s->requant = {a->y.zero_point, a->range.low, a->range.high};
  s->weights = PackedWeights(gemm_i8_packed_bytes(*s->gemm, s->tiles.cols, s->taps, s->depth));
  s->panel_bytes = gemm_i8_panel_bytes(*s->gemm, s->taps, s->depth);
  pack_gemm_i8(*s->gemm, s->tiles.cols, s->taps, s->depth, p.in[1]->as<int8_t>().data(), p.has(2) ? p.in[2]->as<int32_t>().data() : nullptr, a->x_zero,
               a->multipliers.data(), s->weights.as<void>());
  p.scratch = s->tiles.scratch();
  p.packed = {1, 2};
  return s;
}
void run_i8(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const IntegerConvolution&>(*state);
  const int8_t* x = r.input<int8_t>(0);
  int8_t* y = r.output<int8_t>();
  s.tiles.run(
      r, [&](std::byte* m, size_t first, size_t rows) { s.fill(x, m, first, rows); },
      [&](std::byte* m, size_t first, size_t rows, size_t panel, size_t cols) {
        s.gemm->run(rows, cols, s.taps, s.depth, reinterpret_cast<const int8_t* const*>(m), s.weights.as<std::byte>() + panel * s.panel_bytes,
                    y + first * s.tiles.cols + panel * s.tiles.nr, s.tiles.cols, &s.requant);
      });
}

}  // namespace

const Kernel conv_2d_f32{.name = "conv_2d_f32", .refuses = refuses_f32, .plan = plan_f32, .run = run_f32};
const Kernel conv_2d_i8{.name = "conv_2d_i8", .refuses = refuses_i8, .plan = plan_i8, .run = run_i8};

}  // namespace toucanet::ops::conv_2d
