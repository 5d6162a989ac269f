#include "ops/custom/custom.h"

namespace toucanet {
namespace ops::custom {
Status infer(InferContext& c) {
  for (int64_t t : c.attrs<Custom>().types) {
    if (t < 0 || t >= static_cast<int64_t>(dtype_count)) return c.error("unknown result type {}", t);
    c.out(static_cast<DType>(t), Shape::unranked());
  }
  return ok();
}
}  // namespace ops::custom

constinit const OpDef Custom::def = {
    .name = "custom",
    .summary = "an operator that the user's runtime knows by name",
    .traits = Keep,
    .inputs = "inputs?...",
    .outputs = "outputs...",
    .attrs = &attr_ops<Custom::Attrs>,
    .infer = ops::custom::infer,
};
}  // namespace toucanet
