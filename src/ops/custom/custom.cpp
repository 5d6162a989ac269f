#include "ops/custom/custom.h"

#include "runtime/eval_context.h"

namespace toucanet {
namespace ops::custom {
Status infer(InferContext& c) {
  for (int64_t t : c.attrs<Custom>().types) {
    if (t < 0 || t >= static_cast<int64_t>(dtype_count)) return c.error("unknown result type {}", t);
    c.out(static_cast<DType>(t), Shape::unranked());
  }
  return ok();
}
Status eval(EvalContext& c) {
  const auto& a = c.attrs<Custom>();
  const CustomFunction* f = c.executor().custom(a.custom_code);
  if (!f) return c.error("no function is registered for '{}'", a.custom_code);
  std::vector<const Tensor*> operands;
  for (size_t i = 0; i < c.inputs(); ++i) operands.push_back(c.has(i) ? &c.in(i) : nullptr);
  TRY(auto results, (*f)(a.custom_options, operands));
  if (results.size() != c.outputs()) return c.error("'{}' gave {} results, {} are expected", a.custom_code, results.size(), c.outputs());
  for (size_t i = 0; i < results.size(); ++i) {
    if (results[i].dtype != c.out(i).dtype)
      return c.error("'{}' gave {} as result {}, {} is expected", a.custom_code, name(results[i].dtype), i, name(c.out(i).dtype));
    c.set(i, std::move(results[i]));
  }
  return ok();
}
}  // namespace ops::custom

constinit const OpDef Custom::def = {
    .name = "custom",
    .summary = "an operator that the user's runtime knows by name",
    .traits = Keep | ZeroSign,
    .inputs = "inputs?...",
    .outputs = "outputs...",
    .attrs = &attr_ops<Custom::Attrs>,
    .infer = ops::custom::infer,
    .eval = ops::custom::eval,
    .eval_quantized = ops::custom::eval,
};
}  // namespace toucanet
