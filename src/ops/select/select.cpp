#include "ops/select/select.h"

#include "ir/quant_rule.h"
#include "ops/movement.h"

namespace toucanet {
namespace ops::select {

Status infer(InferContext& c) {
  if (c.dtype(0) != DType::Bool) return c.error("the condition is {}", name(c.dtype(0)));
  if (c.dtype(1) != c.dtype(2)) return c.error("the operands have the types {} and {}", name(c.dtype(1)), name(c.dtype(2)));
  const Shape& k = c.shape(0);
  const auto s = refine(c.shape(1), c.shape(2));
  if (!s) return c.error("the operands have the shapes [{}] and [{}]", c.shape(1).str(), c.shape(2).str());
  if (k.ranked() && s->ranked() && k.rank() != 0) {
    if (k.rank() != s->rank() && k.rank() != 1) return c.error("the condition [{}] does not fit [{}]", k.str(), s->str());
    for (size_t i = 0; i < k.rank(); ++i)
      if (i >= s->rank() || differ(k[i], (*s)[i])) return c.error("the condition [{}] does not fit [{}]", k.str(), s->str());
  }
  std::optional<Dims> ints;
  const Tensor* t = c.constant(0);
  if (t && s->ranked() && s->rank() <= 1 && c.ints(1) && c.ints(2) && c.ints(1)->size() == c.ints(2)->size()) {
    ints.emplace();
    for (size_t i = 0; i < c.ints(1)->size(); ++i) {
      const int64_t at_i = t->elements() == 1 ? 0 : static_cast<int64_t>(i);
      if (at_i >= t->elements()) return c.error("the condition does not fit");
      ints->push_back((*c.ints(t->integer(at_i) ? 1 : 2))[i]);
    }
  }
  c.out(TensorType{c.dtype(1), *s, nullptr}, share(std::move(ints)));
  return ok();
}
Status eval(EvalContext& c) {
  const auto k = c.in<bool>(0);
  Tensor& y = c.out();
  if (!movable(y)) return c.no_kernel(y.dtype);
  if (k.empty()) return ok();
  const int64_t n = y.elements(), run = n / static_cast<int64_t>(k.size());
  for (int64_t i = 0; i < static_cast<int64_t>(k.size()); ++i) copy_elements(c.in(k[at(i)] ? 1 : 2), i * run, y, i * run, run);
  return ok();
}
constexpr TfImport imports[] = {{"Select", import_plain<Select>, {}, Narrow::Same}};
int version(const OpView& v) {
  for (size_t i = 0; i < 3; ++i)
    if (v.rank(i) == 5) return 3;
  return 1;
}
constexpr QuantRule quant{.results = QuantRule::Results::Same, .types = {DType::I8}, .data = 6};
}  // namespace ops::select

constinit const OpDef Select::def = {
    .name = "select",
    .summary = "elements of one of two tensors by a condition",
    .traits = Wide,
    .inputs = "condition, x, y",
    .import_tf = ops::select::imports,
    .infer = ops::select::infer,
    .eval = ops::select::eval,
    .eval_quantized = ops::select::eval,  // stored numbers are mixed as they are
    .tflite = {.builtin = "SELECT",
               .options = "SelectOptions",
               .types = moved_types,
               .quantized = {DType::I8, DType::U8, DType::I16, DType::I32},
               .typed_operand = 1,
               .max_rank = 5,
               .version = ops::select::version},
    .quant = &ops::select::quant,
};

}  // namespace toucanet
