#include "kernels/elementwise_f32/elementwise_f32_loops.h"

namespace toucanet {

extern const ElementwiseF32 elementwise_f32_avx512;
const ElementwiseF32 elementwise_f32_avx512 = {Isa::Avx512, binary, unary, quantize, extremes, steps};

}  // namespace toucanet
