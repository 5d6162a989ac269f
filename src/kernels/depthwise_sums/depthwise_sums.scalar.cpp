#include "kernels/depthwise_sums/depthwise_sums_loops.h"

namespace toucanet {

extern const DepthwiseSums depthwise_sums_scalar;
const DepthwiseSums depthwise_sums_scalar = {Isa::Scalar, lanes, run<int8_t>, run<int16_t>};

}  // namespace toucanet
