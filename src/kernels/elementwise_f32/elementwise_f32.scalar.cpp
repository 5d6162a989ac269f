#include "kernels/elementwise_f32/elementwise_f32_loops.h"

namespace toucanet {

extern const ElementwiseF32 elementwise_f32_scalar;
const ElementwiseF32 elementwise_f32_scalar = {Isa::Scalar, binary, unary, quantize, extremes, steps};

}  // namespace toucanet
