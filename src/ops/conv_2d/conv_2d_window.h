#pragma once
// A convolution as a matrix product whose rows are windows: what its kernels share.
#include "ops/accumulate.h"
#include "ops/conv_2d/conv_2d.h"
#include "ops/indirect_gemm.h"
#include "ops/window_walk.h"
#include "runtime/choose_isa.h"

namespace toucanet::ops::conv_2d {

// How a window becomes taps of the matrix product. Products shall have some length.
enum class Taps : uint8_t {
  Pixels,     // each position of the window is one
  Pointwise,  // there is one position, and results lie as operands do
  Rows,       // each row of the window, where channels are few: neighbours in memory, copied at the edges alone
  Whole,      // the window, gathered
};

// What is common to all element types.
template <class T>
struct Convolution : KernelState {
  Window window{};
  int64_t channels = 0, row = 0;  // elements of a pixel, of a row of the window
  Taps kind = Taps::Pixels;
  std::vector<int64_t> offsets;  // of the window's pixels from its first
  size_t repeats = 1;            // of the window, each with weights of its own
  size_t taps = 0, depth = 0;    // of the matrix product, of one repeat
  bool inside = false;           // all_inside()
  GemmTiles tiles{};
  std::vector<T> padding;  // what lies beyond the edges, and a chunk more
  PackedWeights weights;
  size_t panel_bytes = 0;

  void set_shape(const KernelUse& u, size_t mr, size_t nr, T pad, size_t times = 1) {
    const Tensor &x = *u.in[0], &w = *u.in[1];
    window = Window::of(x, *u.out[0], w.dims[1], w.dims[2], u.attrs<Conv2D>());
    channels = x.dims[3], row = window.kernel_w * channels;
    const int64_t positions = window.kernel_h * window.kernel_w, all = positions * channels;
    if (positions == 1 && window.stride_h == 1 && window.stride_w == 1) kind = Taps::Pointwise;
    else if (positions > 1 && channels < 16 && (row < 8 || all <= 64)) kind = Taps::Whole;
    else if (positions > 1 && (channels < 16 || row <= 64)) kind = Taps::Rows;
    taps = static_cast<size_t>(kind == Taps::Rows ? window.kernel_h : kind == Taps::Whole ? 1 : positions);
    depth = static_cast<size_t>(all) / std::max<size_t>(1, taps);
    if (kind == Taps::Whole && sizeof(T) == 1) depth = (depth + 3) / 4 * 4;  // products come in fours
    set_offsets();
    repeats = times;
    padding.assign(static_cast<size_t>(kind == Taps::Rows ? row : channels) + chunk, pad);
    const bool copies = kind == Taps::Rows || kind == Taps::Whole;
    const size_t bytes = mr * taps * (repeats * sizeof(void*) + (copies ? depth * sizeof(T) : 0)) + chunk;
    tiles = {static_cast<size_t>(window.batch * window.out_h * window.out_w), static_cast<size_t>(w.dims[0]), mr, nr, (bytes + 63) / 64 * 64};
  }

  void set_offsets() {
    offsets.clear();
    for (int64_t ky = 0; ky < window.kernel_h; ++ky)
      for (int64_t kx = 0; kx < window.kernel_w; ++kx) offsets.push_back((ky * window.dilation_h * window.in_w + kx * window.dilation_w) * channels);
    inside = kind != Taps::Pointwise && all_inside();
  }

  // The filter as the product takes it: with zeros where depth is padded.
  template <class W>
  std::vector<W> padded(const W* filter, size_t channels_out) const {
    const size_t used = offsets.size() * static_cast<size_t>(channels), each = taps * depth;
    std::vector<W> all(channels_out * each);
    for (size_t i = 0; i < channels_out; ++i) std::copy(filter + i * used, filter + (i + 1) * used, all.begin() + static_cast<ptrdiff_t>(i * each));
    return all;
  }
  size_t elements() const { return static_cast<size_t>(window.batch * image_elements()); }
  int64_t image_elements() const { return window.in_h * window.in_w * channels; }
  // Of the image that a row of the product belongs to.
  size_t image_of(size_t product_row) const { return product_row / static_cast<size_t>(window.out_w * window.out_h); }

  // An image and what lies beyond its edges.
  struct Image {
    const T *first, *padding;
  };
  // f(row of the tile, image, top line of the window, its left column)
  template <class F>
  void for_each_window(const T* x, const T* pad, size_t pad_step, size_t first, size_t rows, F&& f) const {
    const auto p = static_cast<int64_t>(first);
    int64_t ox = p % window.out_w, oy = p / window.out_w % window.out_h, n = p / (window.out_w * window.out_h);
    for (size_t m = 0; m < rows; ++m) {
      const Image image{x + n * image_elements(), pad + static_cast<size_t>(n) * pad_step};
      f(m, image, oy * window.stride_h - window.top, ox * window.stride_w - window.left);
      if (++ox < window.out_w) continue;
      ox = 0;
      if (++oy == window.out_h) oy = 0, ++n;
    }
  }
  const T* pixel(const Image& image, int64_t iy, int64_t ix) const {
    return iy >= 0 && iy < window.in_h && ix >= 0 && ix < window.in_w ? image.first + (iy * window.in_w + ix) * channels : image.padding;
  }
  // A row of the window, where it lies or else as it is copied to `copy`.
  const T* window_row(const Image& image, int64_t iy, int64_t left, T* copy) const {
    const int64_t from = std::max<int64_t>(0, -left), to = std::min(window.kernel_w, window.in_w - left);
    const bool in_rows = iy >= 0 && iy < window.in_h;
    if (window.dilation_w == 1 && in_rows && from < to) {
      const T* inside = image.first + (iy * window.in_w + left + from) * channels;
      if (to - from == window.kernel_w) return inside;
      std::fill_n(copy, from * channels, *image.padding);
      std::memcpy(copy + from * channels, inside, static_cast<size_t>((to - from) * channels) * sizeof(T));
      std::fill_n(copy + to * channels, (window.kernel_w - to) * channels, *image.padding);
      return copy;
    }
    for (int64_t kx = 0; kx < window.kernel_w; ++kx) {
      const T* of = pixel(image, iy, left + kx * window.dilation_w);
      std::copy(of, of + channels, copy + kx * channels);
    }
    return copy;
  }

  bool is_inside(int64_t top, int64_t left) const {
    return top >= 0 && left >= 0 && top + (window.kernel_h - 1) * window.dilation_h < window.in_h &&
           left + (window.kernel_w - 1) * window.dilation_w < window.in_w;
  }
  static constexpr size_t chunk = 16;
  // `bytes` and up to a chunk more, which lies before `end` and may be overwritten.
  static void copy_chunks(const T* from, size_t bytes, const T* end, T* to) {
    const auto *a = reinterpret_cast<const std::byte*>(from), *behind = reinterpret_cast<const std::byte*>(end);
    auto* b = reinterpret_cast<std::byte*>(to);
    if (bytes > 4 * chunk || static_cast<size_t>(behind - a) < bytes + chunk) {
      std::memcpy(b, a, bytes);
      return;
    }
    for (size_t i = 0; i < bytes; i += chunk) std::memcpy(b + i, a + i, chunk);
  }

  // Whether every window lies inside of its image, its rows in one piece where they are taken so.
  bool all_inside() const {
    return window.top == 0 && window.left == 0 && is_inside((window.out_h - 1) * window.stride_h, (window.out_w - 1) * window.stride_w) &&
           (kind == Taps::Pixels || window.dilation_w == 1);
  }
  // fill() then, run by run of neighbours in a row.
  void fill_inside(const T* x, std::byte* memory, size_t first, size_t rows) const {
    const size_t mr = tiles.mr;
    auto** pointers = reinterpret_cast<const T**>(memory);
    T* copies = reinterpret_cast<T*>(memory + repeats * mr * taps * sizeof(void*));
    const T* end = x + window.batch * image_elements();
    const auto p = static_cast<int64_t>(first), kernel_w = window.kernel_w;
    int64_t ox = p % window.out_w, line = p / window.out_w;
    const int64_t step = window.stride_w * channels;
    for (size_t m = 0; m < rows; ox = 0, ++line) {
      const T* from = x + line / window.out_h * image_elements() + (line % window.out_h * window.stride_h * window.in_w + ox * window.stride_w) * channels;
      const size_t run = std::min(rows - m, static_cast<size_t>(window.out_w - ox));
      if (kind == Taps::Whole) {
        for (size_t i = 0; i < run; ++i, from += step) {
          T* copy = copies + (m + i) * depth;
          pointers[m + i] = copy;
          for (int64_t ky = 0; ky < window.kernel_h; ++ky, copy += row)
            copy_chunks(from + offsets[static_cast<size_t>(ky * kernel_w)], static_cast<size_t>(row) * sizeof(T), end, copy);
        }
      } else {
        for (size_t tap = 0; tap < taps; ++tap) {
          const T* at = from + offsets[kind == Taps::Rows ? tap * static_cast<size_t>(kernel_w) : tap];
          for (size_t i = 0; i < run; ++i) pointers[tap * mr + m + i] = at + static_cast<int64_t>(i) * step;
        }
      }
      m += run;
    }
    finish_pointers(pointers, rows);
  }
  // Rows beyond the last one, and what is repeated.
  void finish_pointers(const T** pointers, size_t rows) const {
    const size_t mr = tiles.mr;
    for (size_t tap = 0; tap < taps; ++tap)
      for (size_t m = rows; m < mr; ++m) pointers[tap * mr + m] = pointers[tap * mr + rows - 1];
    for (size_t i = taps * mr; i < repeats * taps * mr; ++i) pointers[i] = pointers[i - taps * mr];
  }

  void fill(const T* x, std::byte* memory, size_t first, size_t rows) const { fill(x, padding.data(), 0, memory, first, rows); }
  // Image n has the padding pad + n · pad_step.
  void fill(const T* x, const T* pad, size_t pad_step, std::byte* memory, size_t first, size_t rows) const {
    const size_t mr = tiles.mr;
    auto** pointers = reinterpret_cast<const T**>(memory);
    T* copies = reinterpret_cast<T*>(memory + repeats * mr * taps * sizeof(void*));
    const T* end = x + window.batch * image_elements();
    if (inside) return fill_inside(x, memory, first, rows);
    if (kind == Taps::Pointwise) {
      for (size_t m = 0; m < rows; ++m) pointers[m] = x + (first + m) * depth;
    } else if (kind == Taps::Pixels) {
      for_each_window(x, pad, pad_step, first, rows, [&](size_t m, const Image& image, int64_t top, int64_t left) {
        if (is_inside(top, left)) {
          const T* from = image.first + (top * window.in_w + left) * channels;
          for (size_t tap = 0; tap < taps; ++tap) pointers[tap * mr + m] = from + offsets[tap];
          return;
        }
        size_t tap = 0;
        for (int64_t ky = 0; ky < window.kernel_h; ++ky)
          for (int64_t kx = 0; kx < window.kernel_w; ++kx, ++tap)
            pointers[tap * mr + m] = pixel(image, top + ky * window.dilation_h, left + kx * window.dilation_w);
      });
    } else {
      for_each_window(x, pad, pad_step, first, rows, [&](size_t m, const Image& image, int64_t top, int64_t left) {
        T* copy = copies + m * taps * depth;
        pointers[m] = copy;
        if (window.dilation_w == 1 && is_inside(top, left)) {
          const T* from = image.first + (top * window.in_w + left) * channels;
          const auto step = static_cast<size_t>(window.kernel_w);
          for (size_t ky = 0; ky < static_cast<size_t>(window.kernel_h); ++ky)
            if (kind == Taps::Rows) pointers[ky * mr + m] = from + offsets[ky * step];
            else copy_chunks(from + offsets[ky * step], static_cast<size_t>(row) * sizeof(T), end, copy + ky * static_cast<size_t>(row));
          return;
        }
        for (int64_t ky = 0; ky < window.kernel_h; ++ky, copy += row) {
          const int64_t iy = top + ky * window.dilation_h;
          const bool outside = kind == Taps::Rows && (iy < 0 || iy >= window.in_h);
          const T* from = outside ? image.padding : window_row(image, iy, left, copy);
          if (kind == Taps::Rows) pointers[static_cast<size_t>(ky) * mr + m] = from;
          else if (from != copy) std::copy(from, from + row, copy);
        }
      });
    }
    finish_pointers(pointers, rows);
  }
};

/// Where the operands have not these types, the window has groups, or the filter is not known.
inline std::string refuses(const KernelUse& u, DType x, DType filter) {
  const auto& a = u.attrs<Conv2D>();
  if (u.in[0]->dtype != x) return fmt::format("needs {}, here {}", tf_name(x), tf_name(u.in[0]->dtype));
  if (u.in[1]->dtype != filter) return fmt::format("needs a filter of {}, here {}", tf_name(filter), tf_name(u.in[1]->dtype));
  if (!u.constant(1) || (u.has(2) && !u.constant(2))) return "needs a constant filter and bias";
  if (u.in[0]->dims[3] != u.in[1]->dims[3]) return fmt::format("needs one group, here {}", u.in[1]->dims[3] ? u.in[0]->dims[3] / u.in[1]->dims[3] : 0);
  if (u.out[0]->dtype != x) return fmt::format("needs a result of {}, here {}", tf_name(x), tf_name(u.out[0]->dtype));
  if (!is_clamp(a.fused_activation_function)) return "needs an activation that is a clamp";
  return {};
}
inline Expected<Accumulation> accumulation_for(const KernelUse& u) {
  return accumulation(*u.node.op, *u.in[0], *u.in[1], u.has(2) ? u.in[2] : nullptr, *u.out[0], u.in[1]->dims[0], u.attrs<Conv2D>().fused_activation_function,
                      u.rounding);
}

}  // namespace toucanet::ops::conv_2d
