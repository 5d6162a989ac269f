#include "ops/depth_to_space/depth_to_space.h"

#include "ir/quant_rule.h"
#include "ops/movement.h"

namespace toucanet {
namespace ops::depth_to_space {

Status infer(InferContext& c) {
  const Shape& x = c.shape(0);
  const int64_t b = c.attrs<DepthToSpace>().block_size;
  if (b < 1 || b > 32768) return c.error("block_size is {}", b);
  if (!x.ranked()) return c.out(c.dtype(0), Shape::of_rank(4)), ok();
  if (x.rank() != 4) return c.error("x [{}] must have rank 4", x.str());
  if (x[3].known() && x[3].value() % (b * b)) return c.error("{} channels do not divide into blocks of {}", x[3].value(), b * b);
  c.out(c.dtype(0), Shape({x[0], x[1] * Dim(b), x[2] * Dim(b), floor_div(x[3], b * b)}));
  return ok();
}
Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  Tensor& y = c.out();
  if (!movable(x)) return c.no_kernel(x.dtype);
  const int64_t b = c.attrs<DepthToSpace>().block_size;
  // x as [N, h, w, b, b, C]
  const std::vector<int64_t> dims{x.dims[0], x.dims[1], x.dims[2], b, b, y.dims[3]};
  const auto s = strides_of(y.dims);
  copy_view(x, 0, strides_of(dims), y, 0, {s[0], s[1] * b, s[2] * b, s[1], s[2], s[3]}, dims);
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  n.nhwc();
  const int64_t b = n.integer("block_size", 0);
  if (b < 2 || b > 32768) n.refuse("block_size is {}", b);
  const Value x = n.in(0);
  return std::vector<Value>{n.add<DepthToSpace>({x}, {.block_size = static_cast<int32_t>(b)})};
}
constexpr TfImport imports[] = {{"DepthToSpace", from_tf, {}, Narrow::Same}};
int version(const OpView& v) { return v.type(0) == DType::I8 ? 2 : 1; }
constexpr Truth truth[] = {{{DType::I8}, "optimized", "the reference resolver stops at version 1, int8 is version 2"}};
}  // namespace ops::depth_to_space

constinit const OpDef DepthToSpace::def = {
    .name = "depth_to_space",
    .summary = "moves channels into blocks of pixels",
    .traits = Movement,
    .inputs = "x",
    .outputs = "y",
    .attrs = &attr_ops<DepthToSpace::Attrs>,
    .import_tf = ops::depth_to_space::imports,
    .infer = ops::depth_to_space::infer,
    .eval = ops::depth_to_space::eval,
    .tflite = {.builtin = "DEPTH_TO_SPACE",
               .options = "DepthToSpaceOptions",
               .types = {DType::F32, DType::U8, DType::I8, DType::I32, DType::I64},
               .max_rank = 4,
               .version = ops::depth_to_space::version},
    .truth = ops::depth_to_space::truth,
    .quant = &quant_rules::same_int8,
};

}  // namespace toucanet
