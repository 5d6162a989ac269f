#include "ops/cos/cos.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::cos {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return std::cos(x); }
};
constexpr TfImport imports[] = {{"Cos", import_plain<Cos>, {}, Narrow::Rounded}};
}  // namespace ops::cos

constinit const OpDef Cos::def =
    unary("cos", "cosine", ops::cos::imports, eval_unary<ops::cos::Fn>, {.builtin = "COS", .options = "CosOptions", .types = {DType::F32}});

}  // namespace toucanet
