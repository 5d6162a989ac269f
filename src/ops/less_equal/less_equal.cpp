#include "ops/less_equal/less_equal.h"

#include "ir/quant_rule.h"
#include "ops/limits.h"
#include "ops/quantized_comparison.h"
#include "ops/reduce_prod/reduce_prod.h"
#include "ops/shape_of/shape_of.h"

namespace toucanet {
namespace ops::less_equal {
struct Fn {
  bool operator()(const auto& x, const auto& y) const { return x <= y; }
};
// The number of elements of a tensor.
bool is_size(const Graph& g, Value v) {
  return g[v].is<ReduceProd>() && g[g[v].inputs[0]].is<ShapeOf>() && g.type(v).shape.ranked() && g.type(v).shape.rank() == 0;
}
// TensorFlow Lite counts elements in int: no tensor has more.
Expected<std::vector<Value>> from_tf(TfNode& n) {
  const Value x = n.in(0), y = n.in(1);
  const auto most = n.constant(1);
  if (x.node && most && most->rank() == 0 && is_int(most->dtype) && most->integer(0) >= std::numeric_limits<int32_t>::max() && is_size(n.graph(), x))
    return std::vector<Value>{n.constant(Tensor::of<uint8_t>(DType::Bool, {}, {1}))};
  return std::vector<Value>{n.add<LessEqual>({x, y})};
}
constexpr TfImport imports[] = {{"LessEqual", from_tf}};
int version(const OpView& v) { return v.type(0) == DType::I8 ? 2 : 1; }
}  // namespace ops::less_equal

constinit const OpDef LessEqual::def = with_quant(
    with_quantized(binary("less_equal", "x <= y, element by element", None, ops::less_equal::imports, infer_compare, eval_compare<ops::less_equal::Fn>,
                          {.builtin = "LESS_EQUAL",
                           .options = "LessEqualOptions",
                           .types = {DType::F32, DType::I16, DType::I32, DType::I64},
                           .quantized = {DType::I8, DType::U8, DType::I16},
                           .version = ops::less_equal::version,
                           .refuses = broadcasts_at_most<4>}),
                   eval_quantized_compare<ops::less_equal::Fn>),
    quant_rules::comparison);

}  // namespace toucanet
