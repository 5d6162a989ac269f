#include "ops/var_handle/var_handle.h"

#include "runtime/eval_context.h"

namespace toucanet {
namespace ops::var_handle {

Status infer(InferContext& c) {
  c.out(DType::Resource, Shape{});
  return ok();
}
// A handle is the variable's name.
Status eval(EvalContext& c) {
  const auto& a = c.attrs<VarHandle>();
  auto name = std::make_shared<const std::string>(a.container + "/" + a.shared_name);
  c.set(0, Tensor::view(DType::Resource, {}, name, name->data(), name->size()));
  return ok();
}
}  // namespace ops::var_handle

constinit const OpDef VarHandle::def = {
    .name = "var_handle",
    .summary = "a variable, by name",
    .inputs = "",
    .outputs = "resource",
    .attrs = &attr_ops<VarHandle::Attrs>,
    .infer = ops::var_handle::infer,
    .eval = ops::var_handle::eval,
    .tflite = {.builtin = "VAR_HANDLE", .options = "VarHandleOptions"},
};

}  // namespace toucanet
