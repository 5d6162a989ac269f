#include "ops/reverse/reverse.h"

#include "ir/quant_rule.h"
#include "ops/empty.h"
#include "ops/identity/identity.h"
#include "ops/movement.h"

namespace toucanet {
namespace ops::reverse {

Status infer(InferContext& c) {
  const Shape &x = c.shape(0), &a = c.shape(1);
  if (a.ranked() && a.rank() != 1) return c.error("the axes [{}] must be a vector", a.str());
  const auto axes = known_ints(c, 1);
  if (x.ranked() && axes) {
    std::vector<bool> seen(x.rank());
    for (int64_t k : *axes) {
      const auto axis = normal_axis(k, x.rank());
      if (!axis) return c.error("there is no axis {} in [{}]", k, x.str());
      if (seen[*axis]) return c.error("axis {} is named twice", k);
      seen[*axis] = true;
    }
  }
  std::optional<Dims> ints;
  if (x.ranked() && x.rank() == 1 && axes && c.ints(0)) {
    ints = *c.ints(0);
    if (!axes->empty()) std::reverse(ints->begin(), ints->end());
  }
  c.out(TensorType{c.dtype(0), x, nullptr}, share(std::move(ints)));
  return ok();
}
Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  if (!movable(x)) return c.no_kernel(x.dtype);
  auto step = strides_of(x.dims);
  const auto plain = step;
  int64_t from = 0;
  for (int64_t i = 0; i < c.in(1).elements(); ++i) {
    const auto axis = normal_axis(c.in(1).integer(i), x.rank());
    if (!axis || step[*axis] < 0) return c.error("the axis {} is out of range or there twice", c.in(1).integer(i));
    from += (x.dims[*axis] - 1) * step[*axis];
    step[*axis] = -step[*axis];
  }
  copy_view(x, from, step, c.out(), 0, plain, x.dims);
  return ok();
}

// One operator for each axis: LiteRT takes several only lately.
Value chain(TfNode& n, Value x, const std::vector<int64_t>& axes) {
  if (axes.empty() || has_no_elements(n.type(x).shape)) return n.add<Identity>({x});
  for (int64_t a : axes) x = n.add<Reverse>({x, n.ints_constant({front_axis(a, n.type(x).shape)})});
  return x;
}
Expected<std::vector<Value>> from_tf(TfNode& n) {
  const Value x = n.in(0), axes = n.in(1);
  if (n.failed()) return std::vector<Value>{};
  const auto t = n.constant(1);
  if (!t) return std::vector<Value>{n.add<Reverse>({x, n.as_i32(axes)})};
  if (t->rank() != 1 || t->elements() > 8) n.refuse("the axes must be a vector");
  std::vector<int64_t> list;
  const Shape& s = n.type(x).shape;
  for (int64_t i = 0; i < t->elements() && !n.failed(); ++i) {
    list.push_back(front_axis(t->integer(i), s));
    if (std::count(list.begin(), list.end(), list.back()) > 1) n.refuse("axis {} is named twice", list.back());
    if (s.ranked() && (list.back() < 0 || list.back() >= static_cast<int64_t>(s.rank()))) n.refuse("there is no axis {} in [{}]", t->integer(i), s.str());
  }
  if (n.failed()) return std::vector<Value>{};
  return std::vector<Value>{chain(n, x, list)};
}
// Version 1 of the op: a vector of booleans.
Expected<std::vector<Value>> from_flags(TfNode& n) {
  const Value x = n.in(0);
  const auto t = n.constant(1);
  if (!t || t->dtype != DType::Bool || t->elements() > 8) n.refuse("dims must be constant");
  if (n.failed()) return std::vector<Value>{};
  std::vector<int64_t> list;
  for (int64_t i = 0; i < t->elements(); ++i)
    if (t->integer(i)) list.push_back(i);
  const Shape& s = n.type(x).shape;
  if (s.ranked() && static_cast<int64_t>(s.rank()) != t->elements()) n.refuse("dims has {} entries, the operand is [{}]", t->elements(), s.str());
  if (n.failed()) return std::vector<Value>{};
  return std::vector<Value>{chain(n, x, list)};
}
constexpr TfImport imports[] = {{"ReverseV2", from_tf, {}, Narrow::Same}, {"Reverse", from_flags, {}, Narrow::Same}};
int version(const OpView& v) { return v.type(0) == DType::I8 ? 3 : v.type(0) == DType::Bool ? 2 : 1; }
}  // namespace ops::reverse

constinit const OpDef Reverse::def = {
    .name = "reverse",
    .summary = "turns the order round along axes",
    .traits = Movement,
    .inputs = "x, axis",
    .outputs = "y",
    .import_tf = ops::reverse::imports,
    .infer = ops::reverse::infer,
    .eval = ops::reverse::eval,
    .tflite = {.builtin = "REVERSE_V2", .options = "ReverseV2Options", .types = moved_types, .version = ops::reverse::version},
    .quant = &quant_rules::same,
};

}  // namespace toucanet
