#include "kernels/bilinear_i8/bilinear_i8_loops.h"

namespace toucanet {

extern const BilinearI8 bilinear_i8_scalar;
const BilinearI8 bilinear_i8_scalar = {Isa::Scalar, run};

}  // namespace toucanet
