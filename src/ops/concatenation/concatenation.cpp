#include "ops/concatenation/concatenation.h"

#include "ir/quant_rule.h"
#include "ops/concatenation/concatenation_kernels.h"
#include "ops/identity/identity.h"
#include "ops/movement.h"
#include "ops/quantized.h"
#include "ops/slice/slice.h"

namespace toucanet {
namespace ops::concatenation {

Status infer(InferContext& c) {
  const auto& a = c.attrs<Concatenation>();
  std::optional<Dims> d;
  std::optional<size_t> axis;
  bool open = false;
  for (size_t i = 0; i < c.inputs(); ++i) {
    if (!c.has(i)) return c.error("operand {} is missing", i);
    if (c.dtype(i) != c.dtype(0)) return c.error("operand {} is {}, the first is {}", i, name(c.dtype(i)), name(c.dtype(0)));
    const Shape& s = c.shape(i);
    if (!s.ranked()) {
      open = true;
      continue;
    }
    if (!d) {
      axis = normal_axis(a.axis, s.rank());
      if (!axis) return c.error("there is no axis {} in [{}]", a.axis, s.str());
      d = s.dims();
      continue;
    }
    if (s.rank() != d->size()) return c.error("operand {} [{}] has not the rank {}", i, s.str(), d->size());
    for (size_t k = 0; k < d->size(); ++k) {
      if (k == *axis) (*d)[k] = (*d)[k] + s[k];
      else if (differ((*d)[k], s[k])) return c.error("operand {} [{}] does not fit [{}]", i, s.str(), Shape(*d).str());
      else (*d)[k] = meet((*d)[k], s[k]);
    }
  }
  if (!d) return c.out(c.dtype(0), Shape::unranked()), ok();
  if (open) (*d)[*axis] = Dim::unknown();
  std::optional<Dims> ints;
  if (d->size() == 1 && !open) {
    ints.emplace();
    for (size_t i = 0; i < c.inputs() && ints; ++i) {
      const auto part = ints_of(c, i);
      if (!part || ints->size() + part->size() > 64) ints.reset();
      else ints->insert(ints->end(), part->begin(), part->end());
    }
  }
  c.out(TensorType{c.dtype(0), Shape(std::move(*d)), nullptr}, share(std::move(ints)));
  return ok();
}

Status eval(EvalContext& c) {
  const auto& a = c.attrs<Concatenation>();
  Tensor& y = c.out();
  if (!movable(y)) return c.no_kernel(y.dtype);
  if (y.elements() == 0) return ok();
  const size_t axis = *normal_axis(a.axis, y.rank());
  const int64_t outer = product(y.dims, 0, axis), row = product(y.dims, axis, y.rank());
  int64_t to = 0;
  for (size_t i = 0; i < c.inputs(); ++i) {
    const int64_t n = product(c.in(i).dims, axis, y.rank());
    for (int64_t o = 0; o < outer; ++o) copy_elements(c.in(i), o * n, y, o * row + to, n);
    to += n;
  }
  if (y.dtype == DType::F32)
    for (float& v : c.out<float>()) v = activate(a.fused_activation_function, v);
  return ok();
}

// int8 is never rescaled, uint8 in float32; other types are joined as they are.
Status eval_quantized(EvalContext& c) {
  const DType type = c.out().dtype;
  if (type != DType::I8 && type != DType::U8) return eval(c);
  TRY(const Affine y, affine_out(c));
  std::vector<Affine> x;
  bool same = true;
  for (size_t i = 0; i < c.inputs(); ++i) {
    x.emplace_back();
    TRY(x.back(), affine_in(c, i));
    same = same && same_affine(x.back(), y);
  }
  if (same) return eval(c);
  if (type == DType::I8) return diag("TN3011", "concatenation: operands and result of int8 have different scales or zero points");
  CHECK_OK(eval(c));
  const size_t axis = *normal_axis(c.attrs<Concatenation>().axis, c.out().rank());
  const int64_t row = product(c.out().dims, axis, c.out().rank());
  const float per_unit = 1.0f / y.scale;
  int64_t to = 0;
  for (size_t i = 0; i < c.inputs(); ++i) {
    const int64_t n = product(c.in(i).dims, axis, c.out().rank());
    const float scale = x[i].scale * per_unit, bias = static_cast<float>(-x[i].zero_point) * scale;
    if (!same_affine(x[i], y))
      for (int64_t o = to; o < c.out().elements(); o += row)
        for (uint8_t& q : c.out<uint8_t>().subspan(at(o), at(n)))
          q = static_cast<uint8_t>(
              finish(static_cast<int32_t>(std::clamp(std::round(static_cast<float>(q) * scale + bias), -1e9f, 1e9f)), y.zero_point, range_of<uint8_t>()));
    to += n;
  }
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  n.ignore("N");
  const bool first = n.op() == "Concat";
  auto values = n.all_inputs();
  if (values.size() < 2) n.refuse("there is nothing to join");
  const size_t axis_at = first || values.empty() ? 0 : values.size() - 1;
  const auto axis = n.const_ints(axis_at, "the axis");
  if (!n.failed() && axis.size() != 1) n.refuse("the axis must be a scalar");
  if (n.failed()) return std::vector<Value>{};
  values.erase(values.begin() + static_cast<std::ptrdiff_t>(axis_at));
  if (values.size() == 1) return std::vector<Value>{n.add<Identity>({values[0]})};
  return std::vector<Value>{n.add<Concatenation>(values, {.axis = static_cast<int32_t>(front_axis(axis[0], n.type(values[0]).shape))})};
}
// The last `shift` elements of an axis go first.
Expected<std::vector<Value>> from_roll(TfNode& n) {
  Value x = n.in(0);
  const auto shifts = n.const_ints(1, "the shift"), axes = n.const_ints(2, "the axis");
  if (!n.failed() && shifts.size() != axes.size()) n.refuse("there are {} shifts and {} axes", shifts.size(), axes.size());
  if (n.failed()) return std::vector<Value>{};
  const Shape s = n.type(x).shape;
  if (!s.ranked()) n.refuse("the rank must be known");
  bool moved = false;
  for (size_t i = 0; i < axes.size() && !n.failed(); ++i) {
    const auto axis = normal_axis(axes[i], s.rank());
    if (!axis || !s[*axis].known()) {
      n.refuse("axis {} of [{}] must be known", axes[i], s.str());
      break;
    }
    const int64_t length = s[*axis].value(), shift = length ? (shifts[i] % length + length) % length : 0;
    if (shift == 0) continue;
    std::vector<int64_t> zero(s.rank(), 0), cut = zero, whole(s.rank(), -1), front = whole;
    cut[*axis] = length - shift;
    front[*axis] = length - shift;
    const Value last = n.add<Slice>({x, n.ints_constant(cut), n.ints_constant(whole)}),
                first = n.add<Slice>({x, n.ints_constant(zero), n.ints_constant(front)});
    x = n.add<Concatenation>({last, first}, {.axis = static_cast<int32_t>(*axis)});
    moved = true;
  }
  if (!moved) x = n.add<Identity>({x});
  return std::vector<Value>{x};
}
Expected<std::vector<Value>> from_parallel(TfNode& n) {
  n.ignore("N");
  n.ignore("shape");
  return std::vector<Value>{n.add<Concatenation>(n.all_inputs(), {.axis = 0})};
}
constexpr TfImport imports[] = {{"Concat", from_tf, {}, Narrow::Same},
                                {"ConcatV2", from_tf, {}, Narrow::Same},
                                {"Roll", from_roll, {}, Narrow::Same},
                                {"ParallelConcat", from_parallel, {}, Narrow::Same}};
int version(const OpView& v) { return v.type(0) == DType::U32 ? 4 : v.type(0) == DType::I16 ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
std::string refuses(const OpView& v) {
  return v.attrs.as<Concatenation::Attrs>().fused_activation_function != Activation::None ? "CONCATENATION takes no activation" : "";
}
constexpr const Kernel* kernels[] = {&join};
}  // namespace ops::concatenation

constinit const OpDef Concatenation::def = {
    .name = "concatenation",
    .summary = "joins tensors along an axis",
    .traits = Wide,
    .inputs = "values...",
    .attrs = &attr_ops<Concatenation::Attrs>,
    .import_tf = ops::concatenation::imports,
    .infer = ops::concatenation::infer,
    .eval = ops::concatenation::eval,
    .eval_quantized = ops::concatenation::eval_quantized,
    .tflite = {.builtin = "CONCATENATION",
               .options = "ConcatenationOptions",
               .types = moved_types | DTypes{DType::U32},
               .quantized = {DType::I8, DType::U8, DType::I16, DType::I32},
               .version = ops::concatenation::version,
               .refuses = ops::concatenation::refuses},
    .kernels = ops::concatenation::kernels,
    .quant = &quant_rules::same_all,
};

}  // namespace toucanet
