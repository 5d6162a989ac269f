#pragma once
// A depthwise convolution row by row: what its kernels share.
#include "ops/accumulate.h"
#include "ops/depthwise_conv_2d/depthwise_conv_2d.h"
#include "ops/indirect_gemm.h"
#include "ops/window_walk.h"
#include "runtime/choose_isa.h"

namespace toucanet::ops::depthwise_conv_2d {

// A task is one row of the result; its pixels' taps are listed as pointers.
template <class T, class Micro>
struct Depthwise : KernelState {
  const Micro* micro = nullptr;
  Window window{};
  size_t channels = 0, taps = 0;
  size_t repeats = 1;  // of the window, each with weights of its own
  std::vector<T> padding;
  PackedWeights weights;

  // Neighbours in a row that are computed as one pixel of more channels, where channels are few. Their operands lie side
  // by side in a copy of the rows that a window touches, with its padding.
  size_t together = 1, copied_row = 0;

  void set_shape(const KernelUse& u, T pad, size_t times = 1) {
    const Tensor &x = *u.in[0], &w = *u.in[1];
    window = Window::of(x, *u.out[0], w.dims[1], w.dims[2], u.attrs<DepthwiseConv2D>());
    channels = static_cast<size_t>(x.dims[3]);
    taps = static_cast<size_t>(w.dims[1] * w.dims[2]);
    repeats = times;
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
  size_t scratch() const { return groups() * all_taps() * sizeof(void*) + static_cast<size_t>(window.kernel_h) * copied_row * sizeof(T); }
  size_t rows() const { return static_cast<size_t>(window.batch * window.out_h); }
  size_t all_taps() const { return repeats * taps; }
  size_t image_elements() const { return static_cast<size_t>(window.in_h * window.in_w) * channels; }
  size_t elements() const { return static_cast<size_t>(window.batch) * image_elements(); }
  size_t image_of(size_t row) const { return row / static_cast<size_t>(window.out_h); }
  size_t row_elements() const { return static_cast<size_t>(window.out_w) * channels; }

  void copy_row(const T* line, T pad, T* to) const {
    const auto left = static_cast<size_t>(window.left) * channels, inside = std::min(static_cast<size_t>(window.in_w) * channels, copied_row - left);
    std::fill(to, to + left, pad);
    std::copy(line, line + inside, to + left);
    std::fill(to + left + inside, to + copied_row, pad);
  }
  // `pad`: what lies beyond the edges, `channels` equal elements.
  void fill(const T* x, const T* pad, std::byte* memory, size_t row) const {
    auto** pointers = reinterpret_cast<const T**>(memory);
    const size_t all = all_taps();
    T* copies = reinterpret_cast<T*>(memory + groups() * all * sizeof(void*));
    const auto n = static_cast<int64_t>(row) / window.out_h, oy = static_cast<int64_t>(row) % window.out_h;
    size_t tap = 0;
    for (int64_t ky = 0; ky < window.kernel_h; ++ky) {
      const int64_t iy = oy * window.stride_h - window.top + ky * window.dilation_h;
      const bool in_rows = iy >= 0 && iy < window.in_h;
      const T* line = x + (n * window.in_h + iy) * window.in_w * static_cast<int64_t>(channels);
      if (together > 1) {
        if (in_rows) copy_row(line, *pad, copies);
        else std::fill(copies, copies + copied_row, *pad);
        for (int64_t kx = 0; kx < window.kernel_w; ++kx, ++tap)
          for (size_t g = 0; g < groups(); ++g) pointers[g * all + tap] = copies + (g * together + static_cast<size_t>(kx * window.dilation_w)) * channels;
        copies += copied_row;
        continue;
      }
      for (int64_t kx = 0; kx < window.kernel_w; ++kx, ++tap) {
        int64_t ix = kx * window.dilation_w - window.left;
        for (size_t ox = 0; ox < static_cast<size_t>(window.out_w); ++ox, ix += window.stride_w)
          pointers[ox * all + tap] = in_rows && ix >= 0 && ix < window.in_w ? line + ix * static_cast<int64_t>(channels) : pad;
      }
    }
    for (size_t g = 0; repeats > 1 && g < groups(); ++g)
      for (size_t i = taps; i < all; ++i) pointers[g * all + i] = pointers[g * all + i - taps];
  }
  // compute(pointers, memory of the thread, row) for each row of the result; image n has the padding pad + n · pad_step.
  template <class Run>
  void run(KernelRun& r, const T* x, const T* pad, size_t pad_step, Run&& compute) const {
    if (!channels || !window.out_w) return;
    r.threads.parallel(rows(), [&](size_t row, size_t thread) {
      std::byte* memory = r.scratch(thread);
      fill(x, pad + image_of(row) * pad_step, memory, row);
      compute(reinterpret_cast<const T* const*>(memory), memory, row);
    });
  }
  template <class Run>
  void run(KernelRun& r, const T* x, Run&& compute) const {
    run(r, x, padding.data(), 0, [&](const T* const* a, std::byte*, size_t row) { compute(a, row * row_elements()); });
  }
};

/// Where the operands have not these types, or the filter is not known.
inline std::string refuses(const KernelUse& u, DType x, DType filter) {
  if (u.in[0]->dtype != x) return fmt::format("needs {}, here {}", tf_name(x), tf_name(u.in[0]->dtype));
  if (u.in[1]->dtype != filter) return fmt::format("needs a filter of {}, here {}", tf_name(filter), tf_name(u.in[1]->dtype));
  if (!u.constant(1) || (u.has(2) && !u.constant(2))) return "needs a constant filter and bias";
  if (u.in[0]->dims[3] != u.in[1]->dims[3]) return fmt::format("needs one result for each of {} channels, here {}", u.in[0]->dims[3], u.in[1]->dims[3]);
  if (u.out[0]->dtype != x) return fmt::format("needs a result of {}, here {}", tf_name(x), tf_name(u.out[0]->dtype));
  if (!is_clamp(u.attrs<DepthwiseConv2D>().fused_activation_function)) return "needs an activation that is a clamp";
  return {};
}
inline Expected<Accumulation> accumulation_for(const KernelUse& u) {
  return accumulation(*u.node.op, *u.in[0], *u.in[1], u.has(2) ? u.in[2] : nullptr, *u.out[0], u.in[1]->dims[3],
                      u.attrs<DepthwiseConv2D>().fused_activation_function, u.rounding);
}
}  // namespace toucanet::ops::depthwise_conv_2d
