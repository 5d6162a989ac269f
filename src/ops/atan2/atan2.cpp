#include "ops/atan2/atan2.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::atan2 {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto y, auto x) const { return std::atan2(y, x); }
};
std::string refuses(const OpView& v) { return same(v.in[0]->shape, v.in[1]->shape) ? "" : fmt::format("ATAN2 does not broadcast: [{}] and [{}]", v.in[0]->shape.str(), v.in[1]->shape.str()); }
constexpr TfImport imports[] = {{"Atan2", import_plain<Atan2>}};
}  // namespace ops::atan2

constinit const OpDef Atan2::def = binary("atan2", "the angle of the point (x, y)", None, ops::atan2::imports, infer_binary<ops::atan2::Fn>, eval_binary<ops::atan2::Fn>,
    {.builtin = "ATAN2", .options = "ATan2Options", .types = {DType::F32}, .refuses = ops::atan2::refuses});

}  // namespace toucanet
