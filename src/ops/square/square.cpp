#include "ops/square/square.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::square {
struct Fn {
  static constexpr DTypes types = number_types;
  auto operator()(auto x) const { return x * x; }
};
constexpr TfImport imports[] = {{"Square", import_plain<Square>}};
}  // namespace ops::square

constinit const OpDef Square::def =
    unary("square", "x²", ops::square::imports, eval_unary<ops::square::Fn>, {.builtin = "SQUARE", .options = "SquareOptions", .types = {DType::F32}});

}  // namespace toucanet
