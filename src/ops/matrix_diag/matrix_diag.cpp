#include "ops/matrix_diag/matrix_diag.h"

#include "ops/diagonals.h"
#include "ops/movement.h"

namespace toucanet {
namespace ops::matrix_diag {

Status infer(InferContext& c) {
  const Shape& x = c.shape(0);
  if (!x.ranked()) return c.out(c.dtype(0), Shape::unranked()), ok();
  if (x.rank() < 1) return c.error("x is a scalar");
  Dims d = x.dims();
  d.push_back(d.back());
  c.out(c.dtype(0), Shape(std::move(d)));
  return ok();
}
Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  if (!movable(x)) return c.no_kernel(x.dtype);
  const int64_t n = x.dims.back();
  for (int64_t i = 0, all = x.elements(); i < all; ++i) copy_elements(x, i, c.out(), i / n * n * n + i % n * (n + 1), 1);
  return ok();
}

// The main diagonal of square matrices, zeros around it.
bool is_plain(TfNode& n) {
  if (n.inputs() == 1) return true;
  const Shape& s = n.type(n.in(0)).shape;
  const auto size = [&](size_t i) {
    return diagonals::all_equal(n, i, -1) || (s.ranked() && s.rank() && s.dims().back().known() && diagonals::all_equal(n, i, s.dims().back().value()));
  };
  return diagonals::all_equal(n, 1, 0) && size(2) && size(3) && diagonals::all_equal(n, 4, 0);
}
Expected<std::vector<Value>> from_tf(TfNode& n) {
  const Value x = n.in(0);
  if (!n.failed() && !is_plain(n)) return diagonals::to_matrix(n);
  n.ignore("align");  // of several diagonals
  return std::vector<Value>{n.add<MatrixDiag>({x})};
}
Expected<std::vector<Value>> from_diag(TfNode& n) {
  const Value x = n.in(0);
  if (!n.failed() && (!n.type(x).shape.ranked() || n.type(x).shape.rank() != 1)) n.refuse("only vectors are supported, x is [{}]", n.type(x).shape.str());
  return std::vector<Value>{n.add<MatrixDiag>({x})};
}
constexpr TfImport imports[] = {{"MatrixDiag", from_tf, {}, Narrow::Same},
                                {"MatrixDiagV2", from_tf, {}, Narrow::Same},
                                {"MatrixDiagV3", from_tf, {}, Narrow::Same},
                                {"BatchMatrixDiag", from_tf, {}, Narrow::Same},
                                {"Diag", from_diag, {}, Narrow::Same}};
}  // namespace ops::matrix_diag

constinit const OpDef MatrixDiag::def = {
    .name = "matrix_diag",
    .summary = "matrices with x on their diagonals",
    .traits = Wide,
    .inputs = "x",
    .outputs = "y",
    .import_tf = ops::matrix_diag::imports,
    .infer = ops::matrix_diag::infer,
    .eval = ops::matrix_diag::eval,
    .eval_quantized = ops::matrix_diag::eval,
    .tflite = {.builtin = "MATRIX_DIAG",
               .options = "MatrixDiagOptions",
               .types = {DType::F32, DType::U8, DType::I8, DType::I16, DType::I32, DType::I64},
               .quantized = {DType::I8, DType::U8, DType::I16, DType::I32}},
};

}  // namespace toucanet
