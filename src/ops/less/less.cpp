#include "ops/less/less.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::less {
struct Fn {
  bool operator()(const auto& x, const auto& y) const { return x < y; }
};
constexpr TfImport imports[] = {{"Less", import_plain<Less>}};
}  // namespace ops::less

constinit const OpDef Less::def =
    binary("less", "x < y, element by element", None, ops::less::imports, infer_compare, eval_compare<ops::less::Fn>,
           {.builtin = "LESS", .options = "LessOptions", .types = {DType::F32, DType::I32, DType::I64}, .refuses = broadcasts_at_most<4>});

}  // namespace toucanet
