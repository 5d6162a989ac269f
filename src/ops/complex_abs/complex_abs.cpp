#include "ops/complex_abs/complex_abs.h"

#include "ops/complex.h"

namespace toucanet {
namespace ops::complex_abs {
struct Fn {
  float operator()(float re, float im) const { return std::hypot(re, im); }
};
constexpr TfImport imports[] = {{"ComplexAbs", import_of_complex<ComplexAbs>}};
}  // namespace ops::complex_abs

constinit const OpDef ComplexAbs::def = of_complex<ops::complex_abs::Fn>("complex_abs", "moduli of complex numbers", ops::complex_abs::imports, "COMPLEX_ABS");

}  // namespace toucanet
