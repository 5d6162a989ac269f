#include "kernels/finish_sums/finish_sums_loops.h"

namespace toucanet {

extern const FinishSums finish_sums_avx512;
const FinishSums finish_sums_avx512 = {Isa::Avx512, to_f32, finish_sums<int8_t>, finish_sums<int16_t>, finish_halves, split};

}  // namespace toucanet
