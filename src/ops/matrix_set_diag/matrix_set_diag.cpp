#include "ops/matrix_set_diag/matrix_set_diag.h"

#include "ops/diagonals.h"
#include "ops/movement.h"

namespace toucanet {
namespace ops::matrix_set_diag {

Status infer(InferContext& c) {
  const Shape &x = c.shape(0), &d = c.shape(1);
  if (c.dtype(0) != c.dtype(1)) return c.error("x is {}, the diagonal is {}", name(c.dtype(0)), name(c.dtype(1)));
  if (x.ranked() && x.rank() < 2) return c.error("x [{}] is no matrix", x.str());
  if (x.ranked() && d.ranked()) {
    if (d.rank() + 1 != x.rank()) return c.error("the diagonal [{}] does not fit [{}]", d.str(), x.str());
    for (size_t i = 0; i < d.rank(); ++i)
      if (differ(d[i], i + 1 < d.rank() ? x[i] : min(x[i], x[i + 1]))) return c.error("the diagonal [{}] does not fit [{}]", d.str(), x.str());
  }
  c.out(c.dtype(0), x);
  return ok();
}
Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  if (!movable(x)) return c.no_kernel(x.dtype);
  const int64_t rows = x.dims[x.rank() - 2], columns = x.dims[x.rank() - 1], n = std::min(rows, columns);
  copy_elements(x, 0, c.out(), 0, x.elements());
  for (int64_t i = 0, all = c.in(1).elements(); i < all; ++i) copy_elements(c.in(1), i, c.out(), i / n * rows * columns + i % n * (columns + 1), 1);
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  const Value x = n.in(0), d = n.in(1);
  if (!n.failed() && n.inputs() > 2 && !diagonals::all_equal(n, 2, 0)) return diagonals::set(n);
  n.ignore("align");  // of several diagonals
  return std::vector<Value>{n.add<MatrixSetDiag>({x, d})};
}
constexpr TfImport imports[] = {{"MatrixSetDiag", from_tf, {}, Narrow::Same},
                                {"MatrixSetDiagV2", from_tf, {}, Narrow::Same},
                                {"MatrixSetDiagV3", from_tf, {}, Narrow::Same},
                                {"BatchMatrixSetDiag", from_tf, {}, Narrow::Same}};
}  // namespace ops::matrix_set_diag

constinit const OpDef MatrixSetDiag::def = {
    .name = "matrix_set_diag",
    .summary = "replaces the main diagonal",
    .traits = Wide,
    .inputs = "x, diagonal",
    .outputs = "y",
    .import_tf = ops::matrix_set_diag::imports,
    .infer = ops::matrix_set_diag::infer,
    .eval = ops::matrix_set_diag::eval,
    .eval_quantized = ops::matrix_set_diag::eval,
    .tflite = {.builtin = "MATRIX_SET_DIAG",
               .options = "MatrixSetDiagOptions",
               .types = {DType::F32, DType::U8, DType::I8, DType::I16, DType::I32, DType::I64},
               .quantized = {DType::I8, DType::U8, DType::I16, DType::I32}},
};

}  // namespace toucanet
