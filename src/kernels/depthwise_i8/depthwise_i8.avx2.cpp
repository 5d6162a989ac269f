#include "kernels/rescale_avx2.h"
// The width comes first.
#include "kernels/depthwise_i8/depthwise_i8_words.h"

namespace toucanet {
namespace {

struct Avx2 {
  using Vector = __m256i;
  static constexpr size_t lanes = 16, width = 8;

  static Ints load_ints(const int8_t* from) { return reinterpret_cast<Ints>(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from))); }
  static Vector words(const int8_t* from) { return _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))); }
  static Vector words(const int8_t* from, size_t live) {
    int8_t bytes[lanes] = {};
    for (size_t i = 0; i < live; ++i) bytes[i] = from[i];
    return words(bytes);
  }
  static Ints pairs_low(Vector x0, Vector x1, Vector w) { return reinterpret_cast<Ints>(_mm256_madd_epi16(_mm256_unpacklo_epi16(x0, x1), w)); }
  static Ints pairs_high(Vector x0, Vector x1, Vector w) { return reinterpret_cast<Ints>(_mm256_madd_epi16(_mm256_unpackhi_epi16(x0, x1), w)); }
  static Vector packed(Vector low, Vector high) { return _mm256_packs_epi32(low, high); }
  static void store_words(int8_t* to, size_t live, Vector x) {
    store_bytes(to, live, _mm_packs_epi16(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1)));
  }
};
using Tile = WordTile<Avx2>;

}  // namespace

extern const DepthwiseI8 depthwise_i8_avx2;
const DepthwiseI8 depthwise_i8_avx2 = {Isa::Avx2, Tile::lanes, Tile::tap_group, false, order<Tile>.channel, run<Tile>};

}  // namespace toucanet
