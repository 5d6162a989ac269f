#include "kernels/vector_f32_avx512.h"
// The width comes first.
#include "kernels/depthwise_f32/depthwise_f32_tiles.h"

namespace toucanet {

extern const DepthwiseF32 depthwise_f32_avx512;
const DepthwiseF32 depthwise_f32_avx512 = {Isa::Avx512, lanes, run};

}  // namespace toucanet
