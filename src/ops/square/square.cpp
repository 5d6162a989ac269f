#include "ops/square/square.h"

#include "ops/elementwise.h"
#include "ops/float_kernels.h"

namespace toucanet {
namespace ops::square {
struct Fn {
  static constexpr DTypes types = number_types;
  auto operator()(auto x) const { return x * x; }
};
constexpr TfImport imports[] = {{"Square", import_plain<Square>, {}, Narrow::Rounded}};
constexpr Kernel square_f32 = unary_f32<UnaryF32::Square>("square_f32");
constexpr const Kernel* kernels[] = {&square_f32};
}  // namespace ops::square

constinit const OpDef Square::def = with_kernels(
    unary("square", "x²", ops::square::imports, eval_unary<ops::square::Fn>, {.builtin = "SQUARE", .options = "SquareOptions", .types = {DType::F32}}),
    ops::square::kernels);

}  // namespace toucanet
