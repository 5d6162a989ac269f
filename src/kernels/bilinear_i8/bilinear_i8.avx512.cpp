#include "kernels/bilinear_i8/bilinear_i8_loops.h"

namespace toucanet {

extern const BilinearI8 bilinear_i8_avx512;
const BilinearI8 bilinear_i8_avx512 = {Isa::Avx512, run};

}  // namespace toucanet
