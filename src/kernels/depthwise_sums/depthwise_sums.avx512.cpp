#include "kernels/depthwise_sums/depthwise_sums_loops.h"

namespace toucanet {

extern const DepthwiseSums depthwise_sums_avx512;
const DepthwiseSums depthwise_sums_avx512 = {Isa::Avx512, lanes, run<int8_t>, run<int16_t>};

}  // namespace toucanet
