#include "ops/greater_equal/greater_equal.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::greater_equal {
struct Fn {
  bool operator()(const auto& x, const auto& y) const { return x >= y; }
};
constexpr TfImport imports[] = {{"GreaterEqual", import_plain<GreaterEqual>}};
}  // namespace ops::greater_equal

constinit const OpDef GreaterEqual::def =
    binary("greater_equal", "x >= y, element by element", None, ops::greater_equal::imports, infer_compare, eval_compare<ops::greater_equal::Fn>,
           {.builtin = "GREATER_EQUAL", .options = "GreaterEqualOptions", .types = {DType::F32, DType::I32, DType::I64}, .refuses = broadcasts_at_most<4>});

}  // namespace toucanet
