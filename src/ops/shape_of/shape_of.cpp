#include "ops/shape_of/shape_of.h"

#include "import/graphdef/tf_node.h"
#include "runtime/eval_context.h"

namespace toucanet {
namespace ops::shape_of {

Status infer(InferContext& c) {
  const DType t = c.attrs<ShapeOf>().out_type;
  if (t != DType::I32 && t != DType::I64) return c.error("the result type is {}", name(t));
  const Shape& x = c.shape(0);
  if (!x.ranked()) return c.out(t, Shape({Dim::unknown()})), ok();
  c.out(t, Shape({Dim(static_cast<int64_t>(x.rank()))}), x.dims());
  return ok();
}
Status eval(EvalContext& c) {
  const auto& dims = c.in(0).dims;
  for (size_t i = 0; i < dims.size(); ++i) {
    if (c.out().dtype == DType::I32) c.out<int32_t>()[i] = static_cast<int32_t>(dims[i]);
    else c.out<int64_t>()[i] = dims[i];
  }
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) { return std::vector<Value>{n.add<ShapeOf>({n.in(0)}, {.out_type = n.dtype("out_type", DType::I32)})}; }
Expected<std::vector<Value>> from_shape_n(TfNode& n) {
  std::vector<Value> out;
  const DType t = n.dtype("out_type", DType::I32);
  n.ignore("N");
  for (Value v : n.all_inputs()) out.push_back(n.add<ShapeOf>({v}, {.out_type = t}));
  return out;
}
constexpr TfImport imports[] = {{"Shape", from_tf, {}, Narrow::Same}, {"ShapeN", from_shape_n, {}, Narrow::Same}};
}  // namespace ops::shape_of

constinit const OpDef ShapeOf::def = {
    .name = "shape_of",
    .summary = "the dimensions of x",
    .inputs = "x",
    .outputs = "y",
    .attrs = &attr_ops<ShapeOf::Attrs>,
    .import_tf = ops::shape_of::imports,
    .infer = ops::shape_of::infer,
    .eval = ops::shape_of::eval,
    .eval_quantized = ops::shape_of::eval,
    .tflite = {.builtin = "SHAPE", .options = "ShapeOptions", .quantized = {DType::I8, DType::U8, DType::I16, DType::I32}},
};

}  // namespace toucanet
