#include "ops/select_broadcast/select_broadcast.h"

#include "ir/quant_rule.h"
#include "ops/diagonals.h"
#include "ops/movement.h"
#include "ops/select/select.h"

namespace toucanet {
namespace ops::select_broadcast {

Status infer(InferContext& c) {
  if (c.dtype(0) != DType::Bool) return c.error("the condition is {}", name(c.dtype(0)));
  if (c.dtype(1) != c.dtype(2)) return c.error("the operands have the types {} and {}", name(c.dtype(1)), name(c.dtype(2)));
  TRY(const Shape both, broadcast(c, c.shape(1), c.shape(2)));
  TRY(Shape s, broadcast(c, c.shape(0), both));
  std::optional<Dims> ints;
  const Tensor* t = c.constant(0);
  const Dims *x = c.ints(1), *y = c.ints(2);
  if (t && x && y && s.ranked() && s.rank() <= 1 && s.is_static()) {
    const auto n = at(s.elements().value());
    const auto fits = [&](size_t k) { return k == n || k == 1; };
    if (n <= 64 && fits(x->size()) && fits(y->size()) && fits(at(t->elements()))) {
      ints.emplace();
      for (size_t i = 0; i < n; ++i) {
        const Dims& from = t->integer(t->elements() == 1 ? 0 : static_cast<int64_t>(i)) ? *x : *y;
        ints->push_back(from[from.size() == 1 ? 0 : i]);
      }
    }
  }
  c.out(TensorType{c.dtype(1), std::move(s), nullptr}, share(std::move(ints)));
  return ok();
}
Status eval(EvalContext& c) {
  const auto k = c.in<bool>(0);
  Tensor& out = c.out();
  if (!movable(out)) return c.no_kernel(out.dtype);
  // In two passes of one broadcast each: where from, then the copy.
  std::vector<int64_t> from_y(at(out.elements()), -1);
  for_each_broadcast(out.dims, c.in(0).dims, c.in(2).dims, [&](int64_t o, int64_t i, int64_t j) {
    if (!k[at(i)]) from_y[at(o)] = j;
  });
  for_each_broadcast(out.dims, c.in(0).dims, c.in(1).dims, [&](int64_t o, int64_t, int64_t j) {
    const int64_t y = from_y[at(o)];
    if (y >= 0) copy_elements(c.in(2), y, out, o, 1);
    else copy_elements(c.in(1), j, out, o, 1);
  });
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  const Value k = n.in(0), x = n.in(1), y = n.in(2);
  if (n.failed()) return std::vector<Value>{};
  const Shape &a = n.type(k).shape, &b = n.type(x).shape, &d = n.type(y).shape;
  if (same(a, b) && same(b, d)) return std::vector<Value>{n.add<Select>({k, x, y})};
  return std::vector<Value>{n.add<SelectBroadcast>({k, x, y})};
}
constexpr TfImport imports[] = {
    {"SelectV2", from_tf, {}, Narrow::Same}, {"MatrixBandPart", diagonals::band, {}, Narrow::Same}, {"BatchMatrixBandPart", diagonals::band, {}, Narrow::Same}};
constexpr QuantRule quant{.results = QuantRule::Results::Same, .types = {DType::I8}, .data = 6};
}  // namespace ops::select_broadcast

constinit const OpDef SelectBroadcast::def = {
    .name = "select_broadcast",
    .summary = "elements of one of two tensors by a condition, broadcasting",
    .traits = Wide,
    .inputs = "condition, x, y",
    .import_tf = ops::select_broadcast::imports,
    .infer = ops::select_broadcast::infer,
    .eval = ops::select_broadcast::eval,
    .eval_quantized = ops::select_broadcast::eval,  // stored numbers are mixed as they are
    .tflite = {.builtin = "SELECT_V2",
               .options = "SelectV2Options",
               .types = moved_types,
               .quantized = {DType::I8, DType::U8, DType::I16, DType::I32},
               .typed_operand = 1,
               .max_rank = 5},
    .quant = &ops::select_broadcast::quant,
};

}  // namespace toucanet
