#include "ops/imag/imag.h"

#include "ops/complex.h"

namespace toucanet {
namespace ops::imag {
struct Fn {
  float operator()(float, float im) const { return im; }
};
constexpr TfImport imports[] = {{"Imag", import_of_complex<Imag>}};
}  // namespace ops::imag

constinit const OpDef Imag::def = of_complex<ops::imag::Fn>("imag", "imaginary parts of complex numbers", ops::imag::imports, "IMAG");

}  // namespace toucanet
