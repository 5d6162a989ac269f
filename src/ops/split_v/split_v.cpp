#include "ops/split_v/split_v.h"

#include "ir/quant_rule.h"
#include "ops/movement.h"
#include "ops/split/split.h"

namespace toucanet {
namespace ops::split_v {

Status infer(InferContext& c) {
  const int64_t n = c.attrs<SplitV>().num_splits;
  if (n < 1 || n > max_results) return c.error("{} results", n);
  const Shape &x = c.shape(0), &z = c.shape(1);
  if (x.ranked() && x.rank() == 0) return c.error("a scalar has no axis to cut along");
  if (z.ranked() && (z.rank() != 1 || differ(z[0], n))) return c.error("the sizes have the shape [{}], there are {} results", z.str(), n);
  Dims sizes(at(n), Dim::unknown());
  if (const Dims* d = c.ints(1); d && d->size() == sizes.size()) sizes = *d;
  else if (const auto all = known_ints(c, 1); all && all->size() == sizes.size()) sizes.assign(all->begin(), all->end());
  std::optional<size_t> hole;
  Dim sum = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i].known() && sizes[i].value() < -1) return c.error("a size is {}", sizes[i].value());
    if (sizes[i].is(-1)) {
      if (hole) return c.error("more than one size is -1");
      hole = i;
    } else {
      sum = sum + sizes[i];
    }
  }
  const auto axis = known_ints(c, 2);
  if (axis && axis->size() != 1) return c.error("the axis is no scalar");
  std::optional<size_t> k;
  std::optional<Dims> ints;
  if (x.ranked() && axis) {
    k = normal_axis((*axis)[0], x.rank());
    if (!k) return c.error("there is no axis {} in [{}]", (*axis)[0], x.str());
    if (hole) {
      const Dim rest = x[*k] - sum;
      if (rest.known() && rest.value() < 0) return c.error("the sizes exceed axis {} of [{}]", *k, x.str());
      sizes[*hole] = rest;
    } else if (differ(sum, x[*k])) {
      return c.error("the sizes do not add up to axis {} of [{}]", *k, x.str());
    }
    if (x.rank() == 1 && c.ints(0)) ints = ints_of(c, 0);
  }
  int64_t from = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (!x.ranked()) {
      c.out(c.dtype(0), Shape::unranked());
      continue;
    }
    Dims d = k ? x.dims() : Dims(x.rank(), Dim::unknown());
    if (k) d[*k] = sizes[i];
    std::shared_ptr<const Dims> some;
    if (ints && from >= 0 && sizes[i].known() && sizes[i].value() >= 0 && from <= static_cast<int64_t>(ints->size()) - sizes[i].value())
      some = std::make_shared<const Dims>(ints->begin() + from, ints->begin() + from + sizes[i].value());
    from = from < 0 || !sizes[i].known() || sizes[i].value() > max_length ? -1 : from + sizes[i].value();
    c.out(TensorType{c.dtype(0), Shape(std::move(d)), nullptr}, std::move(some));
  }
  return ok();
}
Status eval(EvalContext& c) { return eval_parts(c, c.in(0), *normal_axis(c.in(2).integer(0), c.in(0).rank())); }

Expected<std::vector<Value>> from_tf(TfNode& n) {
  const int64_t num = n.integer("num_split", 0);
  const Value x = n.in(0), sizes = n.in(1);
  if (num < 1 || num > max_results) n.refuse("num_split is {}", num);
  if (n.failed()) return std::vector<Value>{};
  return n.add_all<SplitV>({x, n.as_i32(sizes), n.as_i32(n.in(2))}, {.num_splits = static_cast<int32_t>(num)});
}
constexpr TfImport imports[] = {{"SplitV", from_tf, "output", Narrow::Same}};
int version(const OpView& v) { return v.type(0) == DType::I8 ? 2 : 1; }
}  // namespace ops::split_v

constinit const OpDef SplitV::def = {
    .name = "split_v",
    .summary = "cuts a tensor into parts of given sizes along an axis",
    .traits = Movement,
    .inputs = "x, size_splits, split_dim",
    .outputs = "values...",
    .attrs = &attr_ops<SplitV::Attrs>,
    .import_tf = ops::split_v::imports,
    .infer = ops::split_v::infer,
    .eval = ops::split_v::eval,
    .eval_quantized = ops::split_v::eval,
    .tflite = {.builtin = "SPLIT_V",
               .options = "SplitVOptions",
               .types = {DType::F32, DType::U8, DType::I8, DType::I16, DType::I32, DType::I64},
               .quantized = {DType::I8, DType::U8, DType::I16, DType::I32},
               .version = ops::split_v::version},
    .quant = &quant_rules::same,
};

}  // namespace toucanet
