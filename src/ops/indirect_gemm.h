#pragma once
// Cuts a matrix product whose rows are lists of pointers (kernels/gemm_*) into tasks.
#include "runtime/kernel.h"

namespace toucanet {

struct GemmTiles {
  size_t rows, cols;
  size_t mr, nr;
  size_t tile_bytes;  ///< of scratch for the pointers (and gathered elements) of one tile, a multiple of 64

  static constexpr size_t tiles_per_block = 4;  // a panel of weights is read once from far for so many tiles
  size_t scratch() const { return tile_bytes * tiles_per_block; }

  /// fill(memory, first row, rows) prepares a tile; run(memory, first row, rows, panel, cols) computes one panel of it.
  template <class Fill, class Run>
  void run(KernelRun& r, Fill&& fill, Run&& compute) const {
    if (!rows || !cols) return;
    const size_t block = mr * tiles_per_block, blocks = (rows + block - 1) / block, panels = (cols + nr - 1) / nr;
    const size_t wanted = r.threads.count() == 1 ? 1 : (4 * r.threads.count() + blocks - 1) / blocks;
    const size_t splits = std::min(wanted, panels);
    r.threads.parallel(blocks * splits, [&](size_t task, size_t thread) {
      const size_t first = task / splits * block, part = task % splits;
      const size_t tiles = (std::min(rows - first, block) + mr - 1) / mr;
      const auto rows_of = [&](size_t tile) { return std::min(mr, rows - first - tile * mr); };
      for (size_t t = 0; t < tiles; ++t) fill(r.scratch(thread) + t * tile_bytes, first + t * mr, rows_of(t));
      for (size_t p = panels * part / splits; p < panels * (part + 1) / splits; ++p)
        for (size_t t = 0; t < tiles; ++t) compute(r.scratch(thread) + t * tile_bytes, first + t * mr, rows_of(t), p, std::min(nr, cols - p * nr));
    });
  }
};

/// Bounds of a fused activation on floats.
struct FloatRange {
  float low = -std::numeric_limits<float>::infinity(), high = std::numeric_limits<float>::infinity();
  static FloatRange of(Activation a) {
    FloatRange r;
    if (a == Activation::Relu || a == Activation::Relu6) r.low = 0;
    if (a == Activation::Relu6) r.high = 6;
    if (a == Activation::ReluN1To1) r.low = -1, r.high = 1;
    return r;
  }
};
/// Activations that are a clamp.
inline bool is_clamp(Activation a) { return a != Activation::Tanh && a != Activation::SignBit; }

}  // namespace toucanet
