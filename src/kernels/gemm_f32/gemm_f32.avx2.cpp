#include "kernels/vector_f32_avx2.h"
// The width comes first.
#include "kernels/gemm_f32/gemm_f32_tiles.h"

namespace toucanet {
namespace {

constexpr size_t mr = 6;

// By ⌈cols/lanes⌉ and rows.
constexpr Tile tiles[2][mr] = {{tile<1, 1, mr>, tile<2, 1, mr>, tile<3, 1, mr>, tile<4, 1, mr>, tile<5, 1, mr>, tile<6, 1, mr>},
                               {tile<1, 2, mr>, tile<2, 2, mr>, tile<3, 2, mr>, tile<4, 2, mr>, tile<5, 2, mr>, tile<6, 2, mr>}};

void run(size_t rows, size_t cols, size_t taps, size_t depth, const float* const* a, const float* w, float* c, size_t c_stride, float low, float high) {
  tiles[cols > lanes][rows - 1](cols, taps, depth, a, w, c, c_stride, low, high);
}

}  // namespace

extern const GemmF32 gemm_f32_avx2;
const GemmF32 gemm_f32_avx2 = {Isa::Avx2, mr, nr, run};

}  // namespace toucanet
