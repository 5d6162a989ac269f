#include "ops/real/real.h"

#include "ops/complex.h"

namespace toucanet {
namespace ops::real {
struct Fn {
  float operator()(float re, float) const { return re; }
};
constexpr TfImport imports[] = {{"Real", import_of_complex<Real>}};
}  // namespace ops::real

constinit const OpDef Real::def = of_complex<ops::real::Fn>("real", "real parts of complex numbers", ops::real::imports, "REAL");

}  // namespace toucanet
