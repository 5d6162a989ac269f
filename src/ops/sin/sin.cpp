#include "ops/sin/sin.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::sin {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return std::sin(x); }
};
constexpr TfImport imports[] = {{"Sin", import_plain<Sin>}};
}  // namespace ops::sin

constinit const OpDef Sin::def = unary("sin", "sine", ops::sin::imports, eval_unary<ops::sin::Fn>, {.builtin = "SIN", .types = {DType::F32}});

}  // namespace toucanet
