#include "ops/sparse_to_dense/sparse_to_dense.h"

#include "ops/movement.h"

namespace toucanet {
namespace ops::sparse_to_dense {

Status infer(InferContext& c) {
  const Shape &i = c.shape(0), &v = c.shape(2), &z = c.shape(3);
  if (!is_int(c.dtype(0)) || !is_int(c.dtype(1))) return c.error("indices and shape must be integers");
  if (c.dtype(2) != c.dtype(3)) return c.error("the values are {}, the default is {}", name(c.dtype(2)), name(c.dtype(3)));
  CHECK_OK(check_list(c, 1));
  if (i.ranked() && i.rank() > 2) return c.error("the indices [{}] must have rank 2", i.str());
  if (v.ranked() && v.rank() > 1) return c.error("the values [{}] must be a vector", v.str());
  if (z.ranked() && z.rank() > 0) return c.error("the default [{}] must be a scalar", z.str());
  if (i.ranked() && v.ranked() && v.rank() == 1 && differ(v[0], i.rank() == 0 ? Dim(1) : i[0]))
    return c.error("there are {} values for the indices [{}]", v[0].str(), i.str());
  const auto d = ints_of(c, 1);
  if (!d) return c.out(c.dtype(2), Shape::unranked()), ok();
  for (const Dim& k : *d)
    if (k.known() && k.value() < 0) return c.error("the shape has the dimension {}", k.value());
  if (i.ranked() && differ(i.rank() == 2 ? i[1] : Dim(1), static_cast<int64_t>(d->size())))
    return c.error("the indices [{}] do not fit the shape [{}]", i.str(), Shape(*d).str());
  c.out(c.dtype(2), Shape(*d));
  return ok();
}

Status run(EvalContext& c, bool validate) {
  const Tensor &indices = c.in(0), &values = c.in(2);
  Tensor& y = c.out();
  if (!movable(y)) return c.no_kernel(y.dtype);
  for (int64_t k = 0, n = y.elements(); k < n; ++k) copy_elements(c.in(3), 0, y, k, 1);
  const int64_t rows = indices.rank() == 0 ? 1 : indices.dims[0];
  const auto depth = static_cast<int64_t>(y.rank());
  if (indices.rank() && indices.elements() == 0) return ok();
  int64_t last = -1;
  for (int64_t r = 0; r < rows; ++r) {
    int64_t o = 0;
    for (int64_t k = 0; k < depth; ++k) {
      const int64_t i = indices.integer(r * depth + k), n = y.dims[at(k)];
      if (i < 0 || i >= n) return c.error("the index {} is outside an axis of {}", i, n);
      o = o * n + i;
    }
    if (validate && o <= last) return c.error("the indices do not ascend at row {}", r);
    last = o;
    copy_elements(values, values.rank() == 0 ? 0 : r, y, o, 1);
  }
  return ok();
}
Status eval(EvalContext& c) { return run(c, c.attrs<SparseToDense>().validate_indices); }
Status eval_tflite(EvalContext& c) { return run(c, false); }

Expected<std::vector<Value>> from_tf(TfNode& n) {
  std::vector<Value> in;
  for (size_t i = 0; i < 4; ++i) in.push_back(n.in(i));
  return std::vector<Value>{n.add<SparseToDense>(in, {.validate_indices = n.flag("validate_indices", true)})};
}
constexpr TfImport imports[] = {{"SparseToDense", from_tf, {}, Narrow::Same}};
int version(const OpView& v) { return v.type(2) == DType::I8 || v.type(2) == DType::U8 ? 3 : v.type(2) == DType::I64 ? 2 : 1; }
}  // namespace ops::sparse_to_dense

constinit const OpDef SparseToDense::def = {
    .name = "sparse_to_dense",
    .summary = "puts values at indices",
    .traits = Wide,
    .inputs = "indices, shape, values, default_value",
    .attrs = &attr_ops<SparseToDense::Attrs>,
    .import_tf = ops::sparse_to_dense::imports,
    .infer = ops::sparse_to_dense::infer,
    .eval = ops::sparse_to_dense::eval,
    .eval_tflite = ops::sparse_to_dense::eval_tflite,
    .tflite = {.builtin = "SPARSE_TO_DENSE",
               .options = "SparseToDenseOptions",
               .types = {DType::F32, DType::I32, DType::I64, DType::I8, DType::U8},
               .typed_operand = 2,
               .max_rank = 4,
               .version = ops::sparse_to_dense::version},
};

}  // namespace toucanet
