#include "kernels/elementwise_f32/elementwise_f32_loops.h"

namespace toucanet {

extern const ElementwiseF32 elementwise_f32_avx2;
const ElementwiseF32 elementwise_f32_avx2 = {Isa::Avx2, binary, unary, quantize, extremes, steps};

}  // namespace toucanet
