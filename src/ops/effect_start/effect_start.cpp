#include "ops/effect_start/effect_start.h"

#include "runtime/eval_context.h"

namespace toucanet {
namespace ops::effect_start {
Status infer(InferContext& c) {
  c.out(DType::Token, Shape{});
  return ok();
}
Status eval(EvalContext&) { return ok(); }
}  // namespace ops::effect_start

constinit const OpDef EffectStart::def = {
    .name = "effect_start",
    .summary = "the first effect token of a graph",
    .traits = Keep,
    .inputs = "",
    .outputs = "token",
    .infer = ops::effect_start::infer,
    .eval = ops::effect_start::eval,
};
}  // namespace toucanet
