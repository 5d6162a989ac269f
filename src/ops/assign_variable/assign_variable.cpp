#include "ops/assign_variable/assign_variable.h"

#include "runtime/eval_context.h"

namespace toucanet {
namespace ops::assign_variable {

Status infer(InferContext& c) {
  if (c.dtype(0) != DType::Resource) return c.error("the operand is {}, not a resource", name(c.dtype(0)));
  c.out(DType::Token, Shape{});
  return ok();
}
Status eval(EvalContext& c) {
  c.executor().assign(std::string(reinterpret_cast<const char*>(c.in(0).raw()), c.in(0).bytes()), c.in(1).copy());
  return ok();
}
}  // namespace ops::assign_variable

constinit const OpDef AssignVariable::def = {
    .name = "assign_variable",
    .summary = "gives the variable a value",
    .traits = Effect,
    .inputs = "resource, value",
    .outputs = "",
    .infer = ops::assign_variable::infer,
    .eval = ops::assign_variable::eval,
    .tflite = {.builtin = "ASSIGN_VARIABLE", .options = "AssignVariableOptions"},
};

}  // namespace toucanet
