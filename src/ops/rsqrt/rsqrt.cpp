#include "ops/rsqrt/rsqrt.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::rsqrt {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return 1.0f / std::sqrt(x); }
};
constexpr TfImport imports[] = {{"Rsqrt", import_plain<Rsqrt>}};
}  // namespace ops::rsqrt

constinit const OpDef Rsqrt::def = unary("rsqrt", "1/√x", ops::rsqrt::imports, eval_unary<ops::rsqrt::Fn>, {.builtin = "RSQRT", .types = {DType::F32}});

}  // namespace toucanet
