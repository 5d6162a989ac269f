#include "kernels/bilinear_i8/bilinear_i8_loops.h"

namespace toucanet {

extern const BilinearI8 bilinear_i8_avx2;
const BilinearI8 bilinear_i8_avx2 = {Isa::Avx2, run};

}  // namespace toucanet
