#include "ops/while/while.h"

#include "ops/calls.h"

namespace toucanet {
namespace ops::while_op {

Status infer(InferContext& c) {
  const auto& a = c.attrs<While>();
  TRY(const Graph* cond, callee(c, a.cond_subgraph_index, 0));
  TRY(const Graph* body, callee(c, a.body_subgraph_index, 0));
  if (cond->outputs().size() != 1 || cond->type(cond->outputs()[0].value).dtype != DType::Bool) return c.error("the condition's graph must give one bool");
  const size_t n = c.inputs() - 1;
  if (body->outputs().size() != n) return c.error("the body gives {} results for {} loop variables", body->outputs().size(), n);
  for (size_t i = 0; i < n; ++i) {
    const TensorType& t = body->type(body->outputs()[i].value);
    if (t.dtype != c.dtype(i)) return c.error("loop variable {} is {}, the body gives {}", i, name(c.dtype(i)), name(t.dtype));
    c.out(t.dtype, join(c.shape(i), t.shape));
  }
  c.out(DType::Token, Shape{});
  return ok();
}

Status eval(EvalContext& c) {
  const auto& a = c.attrs<While>();
  std::vector<Tensor> values = call_operands(c, 0);
  for (int64_t turn = 0;; ++turn) {
    if (turn > 100'000'000) return c.error("the loop does not end");
    TRY(auto go, c.executor().call(a.cond_subgraph_index, values));
    if (go.size() != 1 || go[0].elements() != 1) return c.error("the condition must give one element");
    if (!go[0].as<bool>()[0]) break;
    TRY(values, c.executor().call(a.body_subgraph_index, std::move(values)));
  }
  for (size_t i = 0; i < values.size(); ++i) c.set(i, std::move(values[i]));
  return ok();
}
}  // namespace ops::while_op

constinit const OpDef While::def = {
    .name = "while",
    .summary = "runs a graph as long as another gives true",
    .traits = Effect | ZeroSign,
    .inputs = "operands...",
    .outputs = "results...",
    .attrs = &attr_ops<While::Attrs>,
    .infer = ops::while_op::infer,
    .eval = ops::while_op::eval,
    .tflite = {.builtin = "WHILE", .options = "WhileOptions"},
};

}  // namespace toucanet
