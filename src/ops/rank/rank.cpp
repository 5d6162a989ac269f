#include "ops/rank/rank.h"

#include "import/graphdef/tf_node.h"
#include "ops/shapes.h"

namespace toucanet {
namespace ops::rank {
Status infer(InferContext& c) {
  if (!c.shape(0).ranked()) return c.out(DType::I32, Shape{}), ok();
  c.out(DType::I32, Shape{}, Dims{Dim(static_cast<int64_t>(c.shape(0).rank()))});
  return ok();
}
Status eval(EvalContext& c) {
  c.out<int32_t>()[0] = static_cast<int32_t>(c.in(0).rank());
  return ok();
}
constexpr TfImport imports[] = {{"Rank", import_plain<Rank>, {}, Narrow::Same}};
}  // namespace ops::rank

constinit const OpDef Rank::def = {
    .name = "rank",
    .summary = "the number of dimensions of x",
    .inputs = "x",
    .outputs = "y",
    .import_tf = ops::rank::imports,
    .infer = ops::rank::infer,
    .eval = ops::rank::eval,
    .eval_quantized = ops::rank::eval,
    .tflite = {.builtin = "RANK", .options = "RankOptions", .quantized = {DType::I8, DType::U8, DType::I16, DType::I32}},
};

}  // namespace toucanet
