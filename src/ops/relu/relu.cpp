#include "ops/relu/relu.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::relu {
struct Fn {
  static constexpr DTypes types = number_types;
  auto operator()(auto x) const { return x < decltype(x)(0) ? decltype(x)(0) : x; }
};
constexpr TfImport imports[] = {{"Relu", import_plain<Relu>}};
}  // namespace ops::relu

constinit const OpDef Relu::def =
    unary("relu", "max(x, 0); NaN stays NaN", ops::relu::imports, eval_unary<ops::relu::Fn>, {.builtin = "RELU", .types = {DType::F32}});

}  // namespace toucanet
