#include "ops/one_hot/one_hot.h"

#include "import/graphdef/tf_node.h"
#include "ops/shapes.h"

namespace toucanet {
namespace ops::one_hot {
Status infer(InferContext& c) {
  if (c.dtype(0) != DType::I32 && c.dtype(0) != DType::I64) return c.error("the indices are {}", name(c.dtype(0)));
  if (!is_int(c.dtype(1))) return c.error("the depth is {}", name(c.dtype(1)));
  if (c.dtype(2) != c.dtype(3)) return c.error("the values have the types {} and {}", name(c.dtype(2)), name(c.dtype(3)));
  for (size_t i = 1; i < 4; ++i)
    if (c.shape(i).ranked() && c.shape(i).rank() != 0) return c.error("operand {} [{}] is no scalar", i, c.shape(i).str());
  const Shape& x = c.shape(0);
  if (!x.ranked()) return c.out(c.dtype(2), x), ok();
  const auto axis = normal_axis(c.attrs<OneHot>().axis, x.rank() + 1);
  if (!axis) return c.error("axis {} is out of range for [{}]", c.attrs<OneHot>().axis, x.str());
  Dim depth = Dim::unknown();
  if (const auto known = known_ints(c, 1); known && known->size() == 1) depth = known->at(0);
  else if (c.ints(1) && c.ints(1)->size() == 1) depth = (*c.ints(1))[0];
  if (depth.known() && depth.value() < 0) return c.error("the depth is {}", depth.value());
  Dims d = x.dims();
  d.insert(d.begin() + static_cast<std::ptrdiff_t>(*axis), depth);
  c.out(c.dtype(2), Shape(std::move(d)));
  return ok();
}
Status eval(EvalContext& c) {
  const Tensor &x = c.in(0), &on = c.in(2), &off = c.in(3);
  Tensor& y = c.out();
  const size_t size = byte_size(on.dtype);
  if (!size) return c.no_kernel(on.dtype);
  const size_t axis = *normal_axis(c.attrs<OneHot>().axis, y.rank());
  const int64_t depth = y.dims[axis];
  int64_t inner = 1;
  for (size_t i = axis + 1; i < y.rank(); ++i) inner *= y.dims[i];
  std::byte* to = y.raw_mutable();
  for (size_t i = 0; i < y.bytes(); i += size) std::memcpy(to + i, off.raw(), size);
  for (int64_t i = 0; i < x.elements(); ++i) {
    const int64_t k = x.integer(i);
    if (k >= 0 && k < depth) std::memcpy(to + static_cast<size_t>((i / inner * depth + k) * inner + i % inner) * size, on.raw(), size);
  }
  return ok();
}
Expected<std::vector<Value>> from_tf(TfNode& n) {
  Value indices = n.in(0);
  const Value depth = n.in(1), on = n.in(2), off = n.in(3);
  const auto axis = static_cast<int32_t>(std::clamp<int64_t>(n.integer("axis", -1), -100, 100));
  if (n.failed()) return std::vector<Value>{};
  if (n.type(indices).dtype != DType::I64) indices = n.as_i32(indices);
  return std::vector<Value>{n.add<OneHot>({indices, depth, on, off}, {.axis = axis})};
}
constexpr TfImport imports[] = {{"OneHot", from_tf, {}, Narrow::Same}};
}  // namespace ops::one_hot

constinit const OpDef OneHot::def = {
    .name = "one_hot",
    .summary = "rows with one element set",
    .traits = Wide,
    .inputs = "indices, depth, on_value, off_value",
    .outputs = "y",
    .attrs = &attr_ops<OneHot::Attrs>,
    .import_tf = ops::one_hot::imports,
    .infer = ops::one_hot::infer,
    .eval = ops::one_hot::eval,
    .eval_quantized = ops::one_hot::eval,
    .tflite = {.builtin = "ONE_HOT",
               .options = "OneHotOptions",
               .types = {DType::F32, DType::I8, DType::U8, DType::I32, DType::I64, DType::Bool},
               .quantized = {DType::I8, DType::U8},
               .typed_operand = 2},
};

}  // namespace toucanet
