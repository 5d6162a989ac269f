#include "ops/gather/gather.h"

#include "ir/quant_rule.h"
#include "ops/concatenation/concatenation.h"
#include "ops/diagonals.h"
#include "ops/movement.h"
#include "ops/reshape/reshape.h"

namespace toucanet {
namespace ops::gather {

// Axis and batch_dims, counted from the front; the ranks are known.
struct Place {
  size_t axis, batch;
};
template <class C>
Expected<Place> place(const C& c, const Gather::Attrs& a, size_t x, size_t indices) {
  const int64_t batch = a.batch_dims < 0 ? a.batch_dims + static_cast<int64_t>(indices) : a.batch_dims;
  if (batch < 0 || batch > static_cast<int64_t>(indices) || batch >= static_cast<int64_t>(x))
    return c.error("batch_dims {} does not fit the ranks {} and {}", a.batch_dims, x, indices);
  const auto axis = normal_axis(a.axis, x);
  if (!axis) return c.error("there is no axis {} in rank {}", a.axis, x);
  if (static_cast<int64_t>(*axis) < batch) return c.error("axis {} is a batch axis", a.axis);
  return Place{*axis, at(batch)};
}

Status infer(InferContext& c) {
  const Shape &x = c.shape(0), &i = c.shape(1);
  if (!is_int(c.dtype(1))) return c.error("the indices are {}", name(c.dtype(1)));
  if (!x.ranked() || !i.ranked()) return c.out(c.dtype(0), Shape::unranked()), ok();
  TRY(const Place p, place(c, c.attrs<Gather>(), x.rank(), i.rank()));
  Dims d;
  for (size_t k = 0; k < p.axis; ++k) {
    if (k < p.batch && differ(x[k], i[k])) return c.error("x [{}] and the indices [{}] differ in batch axis {}", x.str(), i.str(), k);
    d.push_back(k < p.batch ? meet(x[k], i[k]) : x[k]);
  }
  for (size_t k = p.batch; k < i.rank(); ++k) d.push_back(i[k]);
  for (size_t k = p.axis + 1; k < x.rank(); ++k) d.push_back(x[k]);
  std::optional<Dims> ints;
  if (x.rank() == 1 && d.size() <= 1 && c.ints(0) && c.ints(1)) {
    ints.emplace();
    for (const Dim& k : *c.ints(1)) {
      if (k.known() && k.value() >= 0 && k.value() < static_cast<int64_t>(c.ints(0)->size())) ints->push_back((*c.ints(0))[at(k.value())]);
      else ints->push_back(Dim::unknown());
    }
  }
  c.out(TensorType{c.dtype(0), Shape(std::move(d)), nullptr}, share(std::move(ints)));
  return ok();
}

Status eval(EvalContext& c) {
  const Tensor &x = c.in(0), &indices = c.in(1);
  if (!movable(x)) return c.no_kernel(x.dtype);
  if (c.out().elements() == 0) return ok();
  TRY(const Place p, place(c, c.attrs<Gather>(), x.rank(), indices.rank()));
  const int64_t batch = product(x.dims, 0, p.batch), outer = product(x.dims, p.batch, p.axis), n = x.dims[p.axis],
                inner = product(x.dims, p.axis + 1, x.rank());
  const int64_t count = product(indices.dims, p.batch, indices.rank());
  int64_t to = 0;
  for (int64_t b = 0; b < batch; ++b)
    for (int64_t o = 0; o < outer; ++o)
      for (int64_t k = 0; k < count; ++k, to += inner) {
        const int64_t i = indices.integer(b * count + k);
        if (i < 0 || i >= n) return c.error("the index {} is outside an axis of {}", i, n);
        copy_elements(x, ((b * outer + o) * n + i) * inner, c.out(), to, inner);
      }
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  n.ignore("validate_indices");
  const Value x = n.in(0), indices = n.in(1);
  int64_t axis = 0;
  if (n.op() == "GatherV2") {
    const auto a = n.const_ints(2, "the axis");
    if (a.size() == 1) axis = a[0];
    else if (!n.failed()) n.refuse("the axis must be a scalar");
  }
  int64_t batch = n.integer("batch_dims", 0);
  if (n.failed()) return std::vector<Value>{};
  if (batch < 0 && n.type(indices).shape.ranked()) batch += static_cast<int64_t>(n.type(indices).shape.rank());
  return std::vector<Value>{
      n.add<Gather>({x, indices}, {.axis = static_cast<int32_t>(front_axis(axis, n.type(x).shape)), .batch_dims = static_cast<int32_t>(batch)})};
}
// With constant indices: the rows of all data, joined, in the order that the indices give; the last of equals counts.
Expected<std::vector<Value>> from_stitch(TfNode& n) {
  n.ignore("N");
  const size_t half = n.inputs() / 2;
  if (half == 0 || n.inputs() % 2) n.refuse("{} operands", n.inputs());
  std::vector<int64_t> source;
  std::vector<Value> rows;
  int64_t total = 0;
  for (size_t i = 0; i < half && !n.failed(); ++i) {
    const auto indices = n.const_ints(i, "the indices");
    const Value data = n.in(half + i);
    if (n.failed()) break;
    const auto t = n.constant(i);
    const Shape s = n.type(data).shape;
    if (!s.ranked() || s.rank() < t->rank()) {
      n.refuse("the data [{}] do not fit the indices", s.str());
      break;
    }
    for (int64_t k : indices) {
      if (k < 0 || k > (int64_t{1} << 24)) {
        n.refuse("the index {}", k);
        break;
      }
      if (static_cast<int64_t>(source.size()) <= k) source.resize(at(k) + 1, -1);
      source[at(k)] = total++;
    }
    std::vector<int64_t> d{static_cast<int64_t>(indices.size())};
    size_t open = 0;
    for (size_t k = t->rank(); k < s.rank(); ++k) d.push_back(s[k].known() ? s[k].value() : (++open, -1));
    if (t->rank() == 1) rows.push_back(data);
    else if (open > 1) n.refuse("the shape of the data [{}] must be known", s.str());
    else rows.push_back(n.add<Reshape>({data, n.ints_constant(d)}));
  }
  if (std::count(source.begin(), source.end(), -1)) n.refuse("the indices leave a gap");
  if (n.failed()) return std::vector<Value>{};
  const Value all = rows.size() == 1 ? rows[0] : n.add<Concatenation>(rows, {.axis = 0});
  return std::vector<Value>{n.add<Gather>({all, n.ints_constant(source)}, {.axis = 0})};
}
Expected<std::vector<Value>> from_diag_part(TfNode& n) {
  const Value x = n.in(0);
  if (!n.failed() && (!n.type(x).shape.ranked() || n.type(x).shape.rank() != 2)) n.refuse("only matrices are supported, x is [{}]", n.type(x).shape.str());
  return diagonals::part(n);
}
constexpr TfImport imports[] = {{"Gather", from_tf, {}, Narrow::Same},
                                {"GatherV2", from_tf, {}, Narrow::Same},
                                {"DynamicStitch", from_stitch, {}, Narrow::Same},
                                {"ParallelDynamicStitch", from_stitch, {}, Narrow::Same},
                                {"MatrixDiagPart", diagonals::part, {}, Narrow::Same},
                                {"MatrixDiagPartV2", diagonals::part, {}, Narrow::Same},
                                {"MatrixDiagPartV3", diagonals::part, {}, Narrow::Same},
                                {"BatchMatrixDiagPart", diagonals::part, {}, Narrow::Same},
                                {"DiagPart", from_diag_part, {}, Narrow::Same}};
int version(const OpView& v) {
  const DType t = v.type(0);
  return v.type(1) == DType::I16 ? 6 : v.attrs.as<Gather::Attrs>().batch_dims ? 5 : t == DType::I16 ? 4 : t == DType::Bool ? 3 : t == DType::I8 ? 2 : 1;
}
std::string refuses(const OpView& v) { return v.type(0) == DType::String && v.rank(0) != 1 ? "GATHER takes strings of rank 1 only" : ""; }
}  // namespace ops::gather

constinit const OpDef Gather::def = {
    .name = "gather",
    .summary = "slices along an axis by index",
    .traits = Movement,
    .inputs = "x, indices",
    .outputs = "y",
    .attrs = &attr_ops<Gather::Attrs>,
    .import_tf = ops::gather::imports,
    .infer = ops::gather::infer,
    .eval = ops::gather::eval,
    .tflite = {.builtin = "GATHER",
               .options = "GatherOptions",
               .types = moved_types | DTypes{DType::String},
               .version = ops::gather::version,
               .refuses = ops::gather::refuses},
    .quant = &quant_rules::same,
};

}  // namespace toucanet
