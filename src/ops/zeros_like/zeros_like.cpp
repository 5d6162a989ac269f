#include "ops/zeros_like/zeros_like.h"

#include "import/graphdef/tf_node.h"
#include "ops/shapes.h"

namespace toucanet {
namespace ops::zeros_like {
Status infer(InferContext& c) {
  if (!byte_size(c.dtype(0))) return c.error("there is no zero of type {}", name(c.dtype(0)));
  std::shared_ptr<const Dims> ints;
  if (const Dims* x = c.ints(0)) ints = std::make_shared<const Dims>(Dims(x->size(), Dim(0)));
  c.out(TensorType{c.dtype(0), c.shape(0), nullptr}, std::move(ints));
  return ok();
}
Status eval(EvalContext& c) {
  Tensor& y = c.out();
  if (y.bytes()) std::memset(y.raw_mutable(), 0, y.bytes());
  return ok();
}
constexpr TfImport imports[] = {{"ZerosLike", import_plain<ZerosLike>, {}, Narrow::Same}};
}  // namespace ops::zeros_like

constinit const OpDef ZerosLike::def = {
    .name = "zeros_like",
    .summary = "zeros of x's type and shape",
    .traits = Elementwise,
    .inputs = "x",
    .outputs = "y",
    .import_tf = ops::zeros_like::imports,
    .infer = ops::zeros_like::infer,
    .eval = ops::zeros_like::eval,
    .tflite = {.builtin = "ZEROS_LIKE", .options = "ZerosLikeOptions", .types = {DType::F32, DType::I32, DType::I64}},
};

}  // namespace toucanet
