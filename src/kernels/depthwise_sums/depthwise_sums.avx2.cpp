#include "kernels/depthwise_sums/depthwise_sums_loops.h"

namespace toucanet {

extern const DepthwiseSums depthwise_sums_avx2;
const DepthwiseSums depthwise_sums_avx2 = {Isa::Avx2, lanes, run<int8_t>, run<int16_t>};

}  // namespace toucanet
