#include "ops/space_to_depth/space_to_depth.h"

#include "ir/quant_rule.h"
#include "ops/movement.h"

namespace toucanet {
namespace ops::space_to_depth {

Status infer(InferContext& c) {
  const Shape& x = c.shape(0);
  const int64_t b = c.attrs<SpaceToDepth>().block_size;
  if (b < 1 || b > 32768) return c.error("block_size is {}", b);
  if (!x.ranked()) return c.out(c.dtype(0), Shape::of_rank(4)), ok();
  if (x.rank() != 4) return c.error("x [{}] must have rank 4", x.str());
  for (size_t i : {size_t{1}, size_t{2}})
    if (x[i].known() && x[i].value() % b) return c.error("axis {} of [{}] does not divide into blocks of {}", i, x.str(), b);
  c.out(c.dtype(0), Shape({x[0], floor_div(x[1], b), floor_div(x[2], b), x[3] * Dim(b * b)}));
  return ok();
}
Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  Tensor& y = c.out();
  if (!movable(x)) return c.no_kernel(x.dtype);
  const int64_t b = c.attrs<SpaceToDepth>().block_size;
  // y as [N, h, w, b, b, C]
  const std::vector<int64_t> dims{x.dims[0], y.dims[1], y.dims[2], b, b, x.dims[3]};
  const auto s = strides_of(x.dims);
  copy_view(x, 0, {s[0], s[1] * b, s[2] * b, s[1], s[2], s[3]}, y, 0, strides_of(dims), dims);
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  n.nhwc();
  const int64_t b = n.integer("block_size", 0);
  if (b < 2 || b > 32768) n.refuse("block_size is {}", b);
  const Value x = n.in(0);
  return std::vector<Value>{n.add<SpaceToDepth>({x}, {.block_size = static_cast<int32_t>(b)})};
}
constexpr TfImport imports[] = {{"SpaceToDepth", from_tf, {}, Narrow::Same}};
int version(const OpView& v) { return v.type(0) == DType::I8 ? 2 : 1; }
}  // namespace ops::space_to_depth

constinit const OpDef SpaceToDepth::def = {
    .name = "space_to_depth",
    .summary = "moves blocks of pixels into channels",
    .traits = Movement,
    .inputs = "x",
    .outputs = "y",
    .attrs = &attr_ops<SpaceToDepth::Attrs>,
    .import_tf = ops::space_to_depth::imports,
    .infer = ops::space_to_depth::infer,
    .eval = ops::space_to_depth::eval,
    .tflite = {.builtin = "SPACE_TO_DEPTH",
               .options = "SpaceToDepthOptions",
               .types = {DType::F32, DType::U8, DType::I8, DType::I32, DType::I64},
               .max_rank = 4,
               .version = ops::space_to_depth::version},
    .quant = &quant_rules::same_int8,
};

}  // namespace toucanet
