#include "ops/dynamic_update_slice/dynamic_update_slice.h"

#include "ops/movement.h"

namespace toucanet {
namespace ops::dynamic_update_slice {

Status infer(InferContext& c) {
  const Shape &x = c.shape(0), &update = c.shape(1);
  if (c.dtype(0) != c.dtype(1)) return c.error("x is {}, the update is {}", name(c.dtype(0)), name(c.dtype(1)));
  CHECK_OK(check_list(c, 2));
  if (x.ranked() && update.ranked()) {
    if (x.rank() != update.rank()) return c.error("the update [{}] has not the rank of [{}]", update.str(), x.str());
    for (size_t i = 0; i < x.rank(); ++i)
      if (x[i].known() && update[i].known() && update[i].value() > x[i].value()) return c.error("the update [{}] is larger than [{}]", update.str(), x.str());
  }
  if (x.ranked() && c.shape(2).ranked() && differ(c.shape(2)[0], static_cast<int64_t>(x.rank())))
    return c.error("the start has {} entries, x has rank {}", c.shape(2)[0].str(), x.rank());
  c.out(c.dtype(0), x);
  return ok();
}
Status eval(EvalContext& c) {
  const Tensor &x = c.in(0), &update = c.in(1);
  if (!movable(x)) return c.no_kernel(x.dtype);
  copy_elements(x, 0, c.out(), 0, x.elements());
  const auto steps = strides_of(x.dims), from = strides_of(update.dims);
  int64_t to = 0;
  for (size_t i = 0; i < x.rank(); ++i) to += std::clamp<int64_t>(c.in(2).integer(static_cast<int64_t>(i)), 0, x.dims[i] - update.dims[i]) * steps[i];
  copy_view(update, 0, from, c.out(), to, steps, update.dims);
  return ok();
}
int version(const OpView& v) {
  return v.type(0) == DType::BF16 ? 6 : v.type(0) == DType::I16 ? 4 : v.type(0) == DType::F16 ? 3 : v.type(2) == DType::I64 ? 2 : 1;
}
}  // namespace ops::dynamic_update_slice

constinit const OpDef DynamicUpdateSlice::def = {
    .name = "dynamic_update_slice",
    .summary = "a part of x replaced by an update",
    .inputs = "x, update, start",
    .outputs = "y",
    .infer = ops::dynamic_update_slice::infer,
    .eval = ops::dynamic_update_slice::eval,
    .eval_quantized = ops::dynamic_update_slice::eval,
    .tflite = {.builtin = "DYNAMIC_UPDATE_SLICE",
               .options = "DynamicUpdateSliceOptions",
               .types = moved_types | DTypes{DType::F16},
               .quantized = {DType::I8, DType::U8, DType::I16, DType::I32},
               .version = ops::dynamic_update_slice::version},
};

}  // namespace toucanet
