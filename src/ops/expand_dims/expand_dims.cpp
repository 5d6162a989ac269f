#include "ops/expand_dims/expand_dims.h"

#include "import/graphdef/tf_node.h"
#include "ir/quant_rule.h"
#include "ops/movement.h"
#include "ops/shapes.h"

namespace toucanet {
namespace ops::expand_dims {

Status infer(InferContext& c) {
  const Shape& x = c.shape(0);
  const auto axis = known_ints(c, 1);
  if (!is_int(c.dtype(1))) return c.error("the axis is {}", name(c.dtype(1)));
  if ((axis && axis->size() != 1) || (c.shape(1).ranked() && differ(c.shape(1).elements(), 1))) return c.error("the axis has the shape [{}]", c.shape(1).str());
  if (!x.ranked() || !axis) return c.out(c.dtype(0), x.ranked() ? Shape::of_rank(x.rank() + 1) : Shape::unranked()), ok();
  const auto at = normal_axis((*axis)[0], x.rank() + 1);
  if (!at) return c.error("axis {} does not fit [{}]", (*axis)[0], x.str());
  Dims d = x.dims();
  d.insert(d.begin() + static_cast<std::ptrdiff_t>(*at), Dim(1));
  std::shared_ptr<const Dims> ints;
  if (c.ints(0) && d.size() <= 1) ints = std::make_shared<const Dims>(*c.ints(0));
  c.out(TensorType{c.dtype(0), Shape(std::move(d)), nullptr}, std::move(ints));
  return ok();
}
Status eval(EvalContext& c) {
  c.set(0, c.in(0).reshaped(c.out().dims));
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  const Value x = n.in(0);
  return std::vector<Value>{n.add<ExpandDims>({x, n.as_i32(n.in(1))})};
}
constexpr TfImport imports[] = {{"ExpandDims", from_tf, {}, Narrow::Same}};
}  // namespace ops::expand_dims

constinit const OpDef ExpandDims::def = {
    .name = "expand_dims",
    .summary = "inserts an axis of size 1",
    .traits = Movement,
    .inputs = "x, axis",
    .outputs = "y",
    .import_tf = ops::expand_dims::imports,
    .infer = ops::expand_dims::infer,
    .eval = ops::expand_dims::eval,
    .tflite = {.builtin = "EXPAND_DIMS", .options = "ExpandDimsOptions"},
    .kernels = view_kernels,
    .quant = &quant_rules::same,
};

}  // namespace toucanet
