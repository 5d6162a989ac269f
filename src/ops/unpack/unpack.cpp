#include "ops/unpack/unpack.h"

#include "ir/quant_rule.h"
#include "ops/empty.h"
#include "ops/movement.h"
#include "ops/split/split.h"
#include "ops/squeeze/squeeze.h"

namespace toucanet {
namespace ops::unpack {

Status infer(InferContext& c) {
  const auto& a = c.attrs<Unpack>();
  if (a.num < 0 || a.num > max_results) return c.error("{} results", a.num);
  const Shape& x = c.shape(0);
  std::optional<Dims> d, ints;
  if (x.ranked()) {
    const auto axis = normal_axis(a.axis, x.rank());
    if (!axis) return c.error("there is no axis {} in [{}]", a.axis, x.str());
    if (differ(x[*axis], a.num)) return c.error("axis {} of [{}] is not {}", a.axis, x.str(), a.num);
    d = x.dims();
    d->erase(d->begin() + static_cast<std::ptrdiff_t>(*axis));
    if (d->empty() && c.ints(0) && static_cast<int64_t>(c.ints(0)->size()) == a.num) ints = *c.ints(0);
  }
  for (size_t i = 0; i < at(a.num); ++i)
    c.out(TensorType{c.dtype(0), d ? Shape(*d) : Shape::unranked(), nullptr}, ints ? std::make_shared<const Dims>(Dims{(*ints)[i]}) : nullptr);
  return ok();
}

Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  if (!movable(x)) return c.no_kernel(x.dtype);
  if (x.elements() == 0) return ok();
  const size_t axis = *normal_axis(c.attrs<Unpack>().axis, x.rank());
  const int64_t outer = product(x.dims, 0, axis), inner = product(x.dims, axis + 1, x.rank()), n = x.dims[axis];
  for (int64_t i = 0; i < n; ++i)
    for (int64_t o = 0; o < outer; ++o) copy_elements(x, (o * n + i) * inner, c.out(at(i)), o * inner, inner);
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  const Value x = n.in(0);
  const int64_t num = n.integer("num", 0), axis = n.integer("axis", 0);
  if (num < 0 || num > max_results) n.refuse("num is {}", num);
  if (n.failed()) return std::vector<Value>{};
  const DType t = n.type(x).dtype;
  const Shape shape = n.type(x).shape;
  const auto from = shape.ranked() ? normal_axis(axis, shape.rank()) : std::nullopt;
  if (from && shape.is_static() && has_no_elements(shape) && shape[*from].is(num)) {  // UNPACK takes no empty tensor
    auto d = shape.to_vector();
    d.erase(d.begin() + static_cast<std::ptrdiff_t>(*from));
    std::vector<Value> empty;
    for (int64_t i = 0; i < num; ++i) empty.push_back(n.constant(Tensor::zeros(t, d)));
    return empty;
  }
  if (num > 0 && t == DType::I64) {  // not taken by UNPACK
    std::vector<Value> parts{x}, out;
    const auto k = static_cast<int32_t>(front_axis(axis, shape));
    if (num > 1) parts = n.add_all<Split>({n.constant(Tensor::scalar_i32(k)), x}, {.num_splits = static_cast<int32_t>(num)});
    for (Value v : parts) out.push_back(n.add<Squeeze>({v}, {.squeeze_dims = {k}}));
    return out;
  }
  return n.add_all<Unpack>({x}, {.num = static_cast<int32_t>(num), .axis = static_cast<int32_t>(front_axis(axis, shape))});
}
constexpr TfImport imports[] = {{"Unpack", from_tf, "output", Narrow::Same}};
int version(const OpView& v) {
  const DType t = v.type(0);
  return t == DType::I16 ? 4 : t == DType::Bool ? 3 : t == DType::I8 || t == DType::U8 ? 2 : 1;
}
}  // namespace ops::unpack

constinit const OpDef Unpack::def = {
    .name = "unpack",
    .summary = "takes a tensor apart along an axis",
    .traits = Movement,
    .inputs = "x",
    .outputs = "values...",
    .attrs = &attr_ops<Unpack::Attrs>,
    .import_tf = ops::unpack::imports,
    .infer = ops::unpack::infer,
    .eval = ops::unpack::eval,
    .tflite = {.builtin = "UNPACK",
               .options = "UnpackOptions",
               .types = {DType::F32, DType::U8, DType::I8, DType::I16, DType::I32, DType::Bool},
               .version = ops::unpack::version},
    .quant = &quant_rules::same,
};

}  // namespace toucanet
