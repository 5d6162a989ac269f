#include "ops/squeeze/squeeze.h"

#include "import/graphdef/tf_node.h"
#include "ir/quant_rule.h"
#include "ops/movement.h"
#include "ops/shapes.h"

namespace toucanet {
namespace ops::squeeze {

Status infer(InferContext& c) {
  const Shape& x = c.shape(0);
  const auto& axes = c.attrs<Squeeze>().squeeze_dims;
  if (!x.ranked()) return c.out(c.dtype(0), Shape::unranked()), ok();
  std::vector<bool> drop(x.rank());
  for (int64_t a : axes) {
    const auto axis = normal_axis(a, x.rank());
    if (!axis) return c.error("there is no axis {} in [{}]", a, x.str());
    if (differ(x[*axis], 1)) return c.error("axis {} of [{}] is not 1", a, x.str());
    drop[*axis] = true;
  }
  Dims d;
  for (size_t i = 0; i < x.rank(); ++i) {
    if (axes.empty() && !x[i].known()) return c.out(c.dtype(0), Shape::unranked()), ok();
    if (axes.empty() ? !x[i].is(1) : !drop[i]) d.push_back(x[i]);
  }
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
  auto axes = n.ints("squeeze_dims", {});
  const auto newer = n.ints("axis", {});
  return std::vector<Value>{n.add<Squeeze>({n.in(0)}, {.squeeze_dims = axes.empty() ? newer : axes})};
}
constexpr TfImport imports[] = {{"Squeeze", from_tf, {}, Narrow::Same}};
int version(const OpView& v) { return v.type(0) == DType::String ? 2 : 1; }
}  // namespace ops::squeeze

constinit const OpDef Squeeze::def = {
    .name = "squeeze",
    .summary = "drops axes of size 1",
    .traits = Movement,
    .inputs = "x",
    .outputs = "y",
    .attrs = &attr_ops<Squeeze::Attrs>,
    .import_tf = ops::squeeze::imports,
    .infer = ops::squeeze::infer,
    .eval = ops::squeeze::eval,
    .tflite = {.builtin = "SQUEEZE", .options = "SqueezeOptions", .version = ops::squeeze::version},
    .kernels = view_kernels,
    .quant = &quant_rules::same,
};

}  // namespace toucanet
