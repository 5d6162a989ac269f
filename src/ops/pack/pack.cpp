#include "ops/pack/pack.h"

#include "ir/quant_rule.h"
#include "ops/movement.h"

namespace toucanet {
namespace ops::pack {

Status infer(InferContext& c) {
  const auto& a = c.attrs<Pack>();
  if (a.values_count != static_cast<int64_t>(c.inputs())) return c.error("values_count is {}, there are {} operands", a.values_count, c.inputs());
  if (c.inputs() == 0) return c.error("there are no operands");
  std::optional<Dims> d;
  for (size_t i = 0; i < c.inputs(); ++i) {
    if (!c.has(i)) return c.error("operand {} is missing", i);
    if (c.dtype(i) != c.dtype(0)) return c.error("operand {} is {}, the first is {}", i, name(c.dtype(i)), name(c.dtype(0)));
    const Shape& s = c.shape(i);
    if (!s.ranked()) continue;
    if (!d) {
      d = s.dims();
      continue;
    }
    if (s.rank() != d->size()) return c.error("operand {} [{}] has not the rank {}", i, s.str(), d->size());
    for (size_t k = 0; k < d->size(); ++k) {
      if (differ((*d)[k], s[k])) return c.error("operand {} [{}] does not fit [{}]", i, s.str(), Shape(*d).str());
      (*d)[k] = meet((*d)[k], s[k]);
    }
  }
  if (!d) return c.out(c.dtype(0), Shape::unranked()), ok();
  const auto axis = normal_axis(a.axis, d->size() + 1);
  if (!axis) return c.error("axis {} does not fit [{}]", a.axis, Shape(*d).str());
  std::optional<Dims> ints;
  if (d->empty() && c.inputs() <= 64) {
    ints.emplace();
    for (size_t i = 0; i < c.inputs() && ints; ++i) {
      if (c.dtype(0) != DType::I32 && c.dtype(0) != DType::I64) ints.reset();
      else if (const Dims* v = c.ints(i); v && v->size() == 1) ints->push_back((*v)[0]);
      else ints->push_back(Dim::unknown());
    }
  }
  d->insert(d->begin() + static_cast<std::ptrdiff_t>(*axis), Dim(a.values_count));
  c.out(TensorType{c.dtype(0), Shape(std::move(*d)), nullptr}, share(std::move(ints)));
  return ok();
}

Status eval(EvalContext& c) {
  Tensor& y = c.out();
  if (!movable(y)) return c.no_kernel(y.dtype);
  if (y.elements() == 0) return ok();
  const size_t axis = *normal_axis(c.attrs<Pack>().axis, y.rank());
  const int64_t outer = product(y.dims, 0, axis), inner = product(y.dims, axis + 1, y.rank()), n = y.dims[axis];
  for (int64_t i = 0; i < n; ++i)
    for (int64_t o = 0; o < outer; ++o) copy_elements(c.in(at(i)), o * inner, y, (o * n + i) * inner, inner);
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  n.ignore("N");
  const auto values = n.all_inputs();
  if (values.empty()) n.refuse("there are no operands");
  int64_t axis = n.integer("axis", 0);
  if (n.failed()) return std::vector<Value>{};
  axis = front_axis(axis, n.type(values[0]).shape, 1);
  return std::vector<Value>{n.add<Pack>(values, {.values_count = static_cast<int32_t>(values.size()), .axis = static_cast<int32_t>(axis)})};
}
constexpr TfImport imports[] = {{"Pack", from_tf, {}, Narrow::Same}};
int version(const OpView& v) { return v.type(0) == DType::U32 ? 4 : v.type(0) == DType::I16 ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
}  // namespace ops::pack

constinit const OpDef Pack::def = {
    .name = "pack",
    .summary = "stacks tensors along a new axis",
    .traits = Wide,
    .inputs = "values...",
    .attrs = &attr_ops<Pack::Attrs>,
    .import_tf = ops::pack::imports,
    .infer = ops::pack::infer,
    .eval = ops::pack::eval,
    .eval_quantized = ops::pack::eval,
    .tflite = {.builtin = "PACK",
               .options = "PackOptions",
               .types = {DType::F32, DType::U8, DType::I8, DType::I16, DType::I32, DType::I64, DType::U32},
               .quantized = {DType::I8, DType::U8, DType::I16, DType::I32},
               .version = ops::pack::version},
    .quant = &quant_rules::same_all,
};

}  // namespace toucanet
