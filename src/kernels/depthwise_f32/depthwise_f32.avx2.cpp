#include "kernels/vector_f32_avx2.h"
// The width comes first.
#include "kernels/depthwise_f32/depthwise_f32_tiles.h"

namespace toucanet {

extern const DepthwiseF32 depthwise_f32_avx2;
const DepthwiseF32 depthwise_f32_avx2 = {Isa::Avx2, lanes, run};

}  // namespace toucanet
