#pragma once
// What the vector kernels of depthwise_i8 share around their tiles. `Tile` has lanes, width (of a vector of sums),
// vectors, tap_group and run<pixels, whole>(), which does some pixels of one block of channels.
#include "kernels/depthwise_i8/depthwise_i8.h"
#include "kernels/unroll.h"

namespace toucanet {
namespace {

struct Block {
  size_t channels, taps;
  const int8_t* w;
  const RequantI8* q;
};

template <class Tile>
struct Order {
  uint8_t channel[Tile::lanes];
};

// What unpacking within lanes of 128 bits makes of the channels' order.
template <class Tile>
constexpr Order<Tile> unpacked() {
  Order<Tile> order{};
  for (size_t slot = 0; slot < Tile::lanes; ++slot) {
    const size_t vector = slot / Tile::width, lane = slot % Tile::width / 4;
    order.channel[slot] = static_cast<uint8_t>(lane * 4 * Tile::vectors + vector * 4 + slot % 4);
  }
  return order;
}
template <class Tile>
constexpr Order<Tile> order = unpacked<Tile>();

template <class Tile, bool whole>
void all_pixels(size_t pixels, const Block& block, const int8_t* const* a, size_t first, int8_t* y, size_t y_stride) {
  for (; pixels >= 4; pixels -= 4, a += 4 * block.taps, y += 4 * y_stride) Tile::template run<4, whole>(block, a, first, y, y_stride);
  for (; pixels > 0; --pixels, a += block.taps, y += y_stride) Tile::template run<1, whole>(block, a, first, y, y_stride);
}

template <class Tile>
void run(size_t pixels, size_t channels, size_t taps, const int8_t* const* a, const void* w, int8_t* y, size_t y_stride, const RequantI8* q) {
  const size_t bytes = Tile::lanes * (3 * sizeof(int32_t) + (taps + Tile::tap_group - 1) / Tile::tap_group * Tile::tap_group);
  Block block{Tile::lanes, taps, static_cast<const int8_t*>(w), q};
  size_t first = 0;
  for (; channels - first >= Tile::lanes; first += Tile::lanes, block.w += bytes) all_pixels<Tile, true>(pixels, block, a, first, y, y_stride);
  block.channels = channels - first;
  if (block.channels > 0) all_pixels<Tile, false>(pixels, block, a, first, y, y_stride);
}

}  // namespace
}  // namespace toucanet
