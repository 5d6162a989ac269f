#include "ops/floor/floor.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::floor {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return std::floor(x); }
};
constexpr TfImport imports[] = {{"Floor", import_plain<Floor>, {}, Narrow::Same}};
}  // namespace ops::floor

constinit const OpDef Floor::def =
    unary("floor", "the largest integer not above x", ops::floor::imports, eval_unary<ops::floor::Fn>, {.builtin = "FLOOR", .types = {DType::F32}});

}  // namespace toucanet
