#include "ops/where/where.h"

#include "ops/movement.h"

namespace toucanet {
namespace ops::where {

Status infer(InferContext& c) {
  const Shape& x = c.shape(0);
  c.out(DType::I64, Shape({Dim::unknown(), x.ranked() ? Dim(static_cast<int64_t>(x.rank())) : Dim::unknown()}));
  return ok();
}
Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  if (c.tflite() && x.rank() == 0) return c.error("the condition is a scalar");
  std::vector<int64_t> found;
  const bool done = dispatch(x.dtype, [&]<class T>(T) {
    const auto v = x.as<T>();
    for (size_t i = 0; i < v.size(); ++i)
      if (v[i] != T(0)) found.push_back(static_cast<int64_t>(i));
  });
  if (!done) return c.no_kernel(x.dtype);
  const size_t r = x.rank();
  CHECK_OK(c.allocate(0, {static_cast<int64_t>(found.size()), static_cast<int64_t>(r)}));
  auto y = c.out<int64_t>();
  for (size_t k = 0; k < found.size(); ++k) {
    int64_t i = found[k];
    for (size_t d = r; d-- > 0;) {
      y[k * r + d] = i % x.dims[d];
      i /= x.dims[d];
    }
  }
  return ok();
}
constexpr TfImport imports[] = {{"Where", import_plain<Where>}};
std::string refuses(const OpView& v) { return v.in[0]->shape.ranked() && v.in[0]->shape.rank() == 0 ? "WHERE takes no scalar" : ""; }
int version(const OpView& v) { return v.type(0) == DType::Bool ? 1 : 2; }
}  // namespace ops::where

constinit const OpDef Where::def = {
    .name = "where",
    .summary = "the indices of the elements that are not zero",
    .inputs = "condition",
    .import_tf = ops::where::imports,
    .infer = ops::where::infer,
    .eval = ops::where::eval,
    .eval_quantized = ops::where::eval,  // of stored numbers that are not 0
    .tflite = {.builtin = "WHERE",
               .options = "WhereOptions",
               .types = {DType::Bool, DType::F32, DType::I32, DType::I64, DType::I8, DType::U8, DType::U32},
               .quantized = {DType::I8, DType::U8},
               .version = ops::where::version,
               .refuses = ops::where::refuses},
};

}  // namespace toucanet
