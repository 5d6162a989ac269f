#include "ops/broadcast_to/broadcast_to.h"

#include "ir/quant_rule.h"
#include "ops/movement.h"

namespace toucanet {
namespace ops::broadcast_to {

Status infer(InferContext& c) {
  const Shape& x = c.shape(0);
  CHECK_OK(check_list(c, 1));
  const auto d = ints_of(c, 1);
  if (!d) return c.out(c.dtype(0), Shape::unranked()), ok();
  for (const Dim& k : *d)
    if (k.known() && k.value() < 0) return c.error("the shape has the dimension {}", k.value());
  if (x.ranked() && x.rank() > d->size()) return c.error("[{}] has more axes than [{}]", x.str(), Shape(*d).str());
  for (size_t i = 0; x.ranked() && i < x.rank(); ++i) {
    const Dim& k = (*d)[i + d->size() - x.rank()];
    if (!x[i].is(1) && x[i].known() && differ(x[i], k)) return c.error("[{}] does not broadcast to [{}]", x.str(), Shape(*d).str());
  }
  std::shared_ptr<const Dims> ints;
  if (d->size() <= 1 && c.ints(0)) {
    const Dim n = d->empty() ? Dim(1) : (*d)[0];
    if (n.known() && n.value() <= 64 && c.ints(0)->size() == 1) ints = std::make_shared<const Dims>(at(n.value()), (*c.ints(0))[0]);
    else if (n.is(static_cast<int64_t>(c.ints(0)->size()))) ints = std::make_shared<const Dims>(*c.ints(0));
  }
  c.out(TensorType{c.dtype(0), Shape(*d), nullptr}, std::move(ints));
  return ok();
}
Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  Tensor& y = c.out();
  if (!movable(x)) return c.no_kernel(x.dtype);
  std::vector<int64_t> step(y.rank(), 0);
  const auto sx = strides_of(x.dims);
  for (size_t i = 0; i < x.rank(); ++i) step[i + y.rank() - x.rank()] = x.dims[i] == 1 ? 0 : sx[i];
  copy_view(x, 0, step, y, 0, strides_of(y.dims), y.dims);
  return ok();
}
constexpr TfImport imports[] = {{"BroadcastTo", import_plain<BroadcastTo>, {}, Narrow::Same}};
int version(const OpView& v) { return v.type(0) == DType::I8 || v.type(0) == DType::I16 ? 3 : 2; }
}  // namespace ops::broadcast_to

constinit const OpDef BroadcastTo::def = {
    .name = "broadcast_to",
    .summary = "x broadcast to a shape",
    .traits = Movement,
    .inputs = "x, shape",
    .outputs = "y",
    .import_tf = ops::broadcast_to::imports,
    .infer = ops::broadcast_to::infer,
    .eval = ops::broadcast_to::eval,
    .tflite = {.builtin = "BROADCAST_TO", .options = "BroadcastToOptions", .types = moved_types | DTypes{DType::U32}, .version = ops::broadcast_to::version},
    .quant = &quant_rules::same,
};

}  // namespace toucanet
