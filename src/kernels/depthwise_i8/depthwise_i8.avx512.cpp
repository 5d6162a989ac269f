#include "kernels/rescale_avx512.h"
// The width comes first.
#include "kernels/depthwise_i8/depthwise_i8_words.h"

namespace toucanet {
namespace {

struct Avx512 {
  using Vector = __m512i;
  static constexpr size_t lanes = 32, width = 16;

  static Ints load_ints(const int8_t* from) { return reinterpret_cast<Ints>(_mm512_loadu_si512(from)); }
  static __mmask32 mask(size_t live) { return live >= lanes ? ~0u : (1u << live) - 1; }
  static Vector words(const int8_t* from) { return _mm512_cvtepi8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from))); }
  static Vector words(const int8_t* from, size_t live) { return _mm512_cvtepi8_epi16(_mm256_maskz_loadu_epi8(mask(live), from)); }
  static Ints pairs_low(Vector x0, Vector x1, Vector w) { return reinterpret_cast<Ints>(_mm512_madd_epi16(_mm512_unpacklo_epi16(x0, x1), w)); }
  static Ints pairs_high(Vector x0, Vector x1, Vector w) { return reinterpret_cast<Ints>(_mm512_madd_epi16(_mm512_unpackhi_epi16(x0, x1), w)); }
  static Vector packed(Vector low, Vector high) { return _mm512_packs_epi32(low, high); }
  static void store_words(int8_t* to, size_t live, Vector x) { _mm256_mask_storeu_epi8(to, mask(live), _mm512_cvtepi16_epi8(x)); }
};
using Tile = WordTile<Avx512>;

}  // namespace

extern const DepthwiseI8 depthwise_i8_avx512;
const DepthwiseI8 depthwise_i8_avx512 = {Isa::Avx512, Tile::lanes, Tile::tap_group, false, order<Tile>.channel, run<Tile>};

}  // namespace toucanet
