#include "ops/call_once/call_once.h"

#include "ops/calls.h"

namespace toucanet {
namespace ops::call_once {

Status infer(InferContext& c) {
  TRY(const Graph* g, callee(c, c.attrs<CallOnce>().init_subgraph_index, 0));
  if (!g->outputs().empty()) return c.error("graph '{}' gives results", g->name);
  c.out(DType::Token, Shape{});
  return ok();
}
Status eval(EvalContext& c) {
  const GraphRef g = c.attrs<CallOnce>().init_subgraph_index;
  if (!c.executor().first_call(g)) return ok();
  TRY([[maybe_unused]] auto none, c.executor().call(g, {}));
  return ok();
}
}  // namespace ops::call_once

constinit const OpDef CallOnce::def = {
    .name = "call_once",
    .summary = "runs a graph the first time it is reached",
    .traits = Effect,
    .inputs = "",
    .outputs = "",
    .attrs = &attr_ops<CallOnce::Attrs>,
    .infer = ops::call_once::infer,
    .eval = ops::call_once::eval,
    .tflite = {.builtin = "CALL_ONCE", .options = "CallOnceOptions"},
};

}  // namespace toucanet
