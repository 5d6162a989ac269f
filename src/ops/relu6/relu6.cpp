#include "ops/relu6/relu6.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::relu6 {
struct Fn {
  static constexpr DTypes types = number_types;
  auto operator()(auto x) const { return x < decltype(x)(0) ? decltype(x)(0) : decltype(x)(6) < x ? decltype(x)(6) : x; }
};
constexpr TfImport imports[] = {{"Relu6", import_plain<Relu6>}};
}  // namespace ops::relu6

constinit const OpDef Relu6::def =
    unary("relu6", "min(max(x, 0), 6)", ops::relu6::imports, eval_unary<ops::relu6::Fn>, {.builtin = "RELU6", .types = {DType::F32}});

}  // namespace toucanet
