#include "ops/less_equal/less_equal.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::less_equal {
struct Fn {
  bool operator()(const auto& x, const auto& y) const { return x <= y; }
};
constexpr TfImport imports[] = {{"LessEqual", import_plain<LessEqual>}};
}  // namespace ops::less_equal

constinit const OpDef LessEqual::def =
    binary("less_equal", "x <= y, element by element", None, ops::less_equal::imports, infer_compare, eval_compare<ops::less_equal::Fn>,
           {.builtin = "LESS_EQUAL", .options = "LessEqualOptions", .types = {DType::F32, DType::I32, DType::I64}, .refuses = broadcasts_at_most<4>});

}  // namespace toucanet
