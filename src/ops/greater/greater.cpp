#include "ops/greater/greater.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::greater {
struct Fn {
  bool operator()(const auto& x, const auto& y) const { return x > y; }
};
constexpr TfImport imports[] = {{"Greater", import_plain<Greater>}};
}  // namespace ops::greater

constinit const OpDef Greater::def =
    binary("greater", "x > y, element by element", None, ops::greater::imports, infer_compare, eval_compare<ops::greater::Fn>,
           {.builtin = "GREATER", .options = "GreaterOptions", .types = {DType::F32, DType::I32, DType::I64}, .refuses = broadcasts_at_most<4>});

}  // namespace toucanet
