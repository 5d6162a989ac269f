#include "ops/split/split.h"

#include "ir/quant_rule.h"
#include "ops/movement.h"

namespace toucanet {

Status eval_parts(EvalContext& c, const Tensor& x, size_t axis) {
  if (!movable(x)) return c.no_kernel(x.dtype);
  if (x.elements() == 0) return ok();
  const int64_t outer = product(x.dims, 0, axis), row = product(x.dims, axis, x.rank());
  int64_t from = 0;
  for (size_t i = 0; i < c.outputs(); ++i) {
    const int64_t n = product(c.out(i).dims, axis, x.rank());
    for (int64_t o = 0; o < outer; ++o) copy_elements(x, o * row + from, c.out(i), o * n, n);
    from += n;
  }
  return ok();
}

namespace ops::split {

Status infer(InferContext& c) {
  const int64_t n = c.attrs<Split>().num_splits;
  if (n < 1 || n > max_results) return c.error("{} results", n);
  const Shape& x = c.shape(1);
  if (x.ranked() && x.rank() == 0) return c.error("a scalar has no axis to cut along");
  const auto axis = known_ints(c, 0);
  if (axis && axis->size() != 1) return c.error("the axis is no scalar");
  std::optional<Dims> d, ints;
  size_t part = 0;
  if (x.ranked()) {
    d = x.dims();
    if (axis) {
      const auto k = normal_axis((*axis)[0], x.rank());
      if (!k) return c.error("there is no axis {} in [{}]", (*axis)[0], x.str());
      if (x[*k].known() && x[*k].value() % n) return c.error("axis {} of [{}] does not divide into {}", *k, x.str(), n);
      (*d)[*k] = floor_div(x[*k], n);
      if (x.rank() == 1 && (*d)[0].known() && c.ints(1)) ints = ints_of(c, 1), part = at((*d)[0].value());
    } else {
      d = Dims(x.rank(), Dim::unknown());
    }
  }
  for (size_t i = 0; i < at(n); ++i) {
    std::shared_ptr<const Dims> some;
    if (ints)
      some = std::make_shared<const Dims>(ints->begin() + static_cast<std::ptrdiff_t>(i * part), ints->begin() + static_cast<std::ptrdiff_t>((i + 1) * part));
    c.out(TensorType{c.dtype(1), d ? Shape(*d) : Shape::unranked(), nullptr}, std::move(some));
  }
  return ok();
}
Status eval(EvalContext& c) { return eval_parts(c, c.in(1), *normal_axis(c.in(0).integer(0), c.in(1).rank())); }

Expected<std::vector<Value>> from_tf(TfNode& n) {
  const int64_t num = n.integer("num_split", 0);
  const Value x = n.in(1);
  if (num < 1 || num > max_results) n.refuse("num_split is {}", num);
  if (n.failed()) return std::vector<Value>{};
  return n.add_all<Split>({n.as_i32(n.in(0)), x}, {.num_splits = static_cast<int32_t>(num)});
}
constexpr TfImport imports[] = {{"Split", from_tf, "output", Narrow::Same}};
int version(const OpView& v) { return v.type(1) == DType::I16 ? 4 : v.type(1) == DType::I32 ? 3 : v.type(1) == DType::I8 ? 2 : 1; }
constexpr QuantRule quant{.results = QuantRule::Results::Same, .data = 2};
}  // namespace ops::split

constinit const OpDef Split::def = {
    .name = "split",
    .summary = "cuts a tensor into equal parts along an axis",
    .traits = Wide,
    .inputs = "split_dim, x",
    .outputs = "values...",
    .attrs = &attr_ops<Split::Attrs>,
    .import_tf = ops::split::imports,
    .infer = ops::split::infer,
    .eval = ops::split::eval,
    .eval_quantized = ops::split::eval,
    .tflite = {.builtin = "SPLIT",
               .options = "SplitOptions",
               .types = {DType::F32, DType::U8, DType::I8, DType::I16, DType::I32, DType::I64},
               .quantized = {DType::I8, DType::U8, DType::I16, DType::I32},
               .typed_operand = 1,
               .version = ops::split::version},
    .quant = &ops::split::quant,
};

}  // namespace toucanet
