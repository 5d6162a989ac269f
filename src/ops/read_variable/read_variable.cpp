#include "ops/read_variable/read_variable.h"

#include "runtime/eval_context.h"

namespace toucanet {
namespace ops::read_variable {

Status infer(InferContext& c) {
  if (c.dtype(0) != DType::Resource) return c.error("the operand is {}, not a resource", name(c.dtype(0)));
  const auto t = TensorType::parse(c.attrs<ReadVariable>().result_type);
  if (!t) return c.error("'{}' is no type", c.attrs<ReadVariable>().result_type);
  c.out(*t);
  c.out(DType::Token, Shape{});
  return ok();
}
Status eval(EvalContext& c) {
  const std::string name(reinterpret_cast<const char*>(c.in(0).raw()), c.in(0).bytes());
  Tensor* t = c.executor().variable(name);
  if (!t) return c.error("the variable '{}' is read before it is assigned", name);
  const auto want = TensorType::parse(c.attrs<ReadVariable>().result_type);
  if (!want || t->dtype != want->dtype || !refine(t->type().shape, want->shape)) return c.error("the variable '{}' holds {}", name, t->type().str());
  c.set(0, *t);
  return ok();
}
}  // namespace ops::read_variable

constinit const OpDef ReadVariable::def = {
    .name = "read_variable",
    .summary = "the variable's value",
    .traits = Effect,
    .inputs = "resource",
    .outputs = "value",
    .attrs = &attr_ops<ReadVariable::Attrs>,
    .infer = ops::read_variable::infer,
    .eval = ops::read_variable::eval,
    .tflite = {.builtin = "READ_VARIABLE", .options = "ReadVariableOptions"},
};

}  // namespace toucanet
