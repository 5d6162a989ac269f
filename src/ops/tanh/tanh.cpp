#include "ops/tanh/tanh.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::tanh {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return std::tanh(x); }
};
constexpr TfImport imports[] = {{"Tanh", import_plain<Tanh>}};
}  // namespace ops::tanh

constinit const OpDef Tanh::def =
    unary("tanh", "hyperbolic tangent", ops::tanh::imports, eval_unary<ops::tanh::Fn>, {.builtin = "TANH", .types = {DType::F32}});

}  // namespace toucanet
