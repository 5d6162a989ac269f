#include "ops/if/if.h"

#include "ops/calls.h"

namespace toucanet {
namespace ops::if_op {

Status infer(InferContext& c) {
  const auto& a = c.attrs<If>();
  if (c.dtype(0) != DType::Bool) return c.error("the condition is {}", name(c.dtype(0)));
  TRY(const Graph* yes, callee(c, a.then_subgraph_index, 1));
  TRY(const Graph* no, callee(c, a.else_subgraph_index, 1));
  if (yes->outputs().size() != no->outputs().size()) return c.error("the branches give {} and {} results", yes->outputs().size(), no->outputs().size());
  for (size_t i = 0; i < yes->outputs().size(); ++i) {
    const TensorType &x = yes->type(yes->outputs()[i].value), &y = no->type(no->outputs()[i].value);
    if (x.dtype != y.dtype) return c.error("result {} is {} in one branch, {} in the other", i, name(x.dtype), name(y.dtype));
    c.out(x.dtype, join(x.shape, y.shape));
  }
  c.out(DType::Token, Shape{});
  return ok();
}

Status eval(EvalContext& c) {
  const auto& a = c.attrs<If>();
  if (c.in(0).elements() != 1) return c.error("the condition has {} elements", c.in(0).elements());
  TRY(auto out, c.executor().call(c.in<bool>(0)[0] ? a.then_subgraph_index : a.else_subgraph_index, call_operands(c, 1)));
  for (size_t i = 0; i < out.size(); ++i) c.set(i, std::move(out[i]));
  return ok();
}
}  // namespace ops::if_op

constinit const OpDef If::def = {
    .name = "if",
    .summary = "runs one of two graphs",
    .traits = Effect | ZeroSign,
    .inputs = "cond, operands...",
    .outputs = "results...",
    .attrs = &attr_ops<If::Attrs>,
    .infer = ops::if_op::infer,
    .eval = ops::if_op::eval,
    .tflite = {.builtin = "IF", .options = "IfOptions"},
};

}  // namespace toucanet
