#include "ops/matrix_diag/matrix_diag.h"

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

bool all(const std::vector<int64_t>& v, int64_t want) {
  return std::all_of(v.begin(), v.end(), [&](int64_t x) { return x == want; });
}
Expected<std::vector<Value>> from_tf(TfNode& n) {
  n.ignore("align");  // of several diagonals
  const Value x = n.in(0);
  if (n.op() != "MatrixDiag" && !n.failed()) {
    const auto k = n.const_ints(1, "k"), rows = n.const_ints(2, "num_rows"), columns = n.const_ints(3, "num_cols");
    const auto padding = n.constant(4);
    if (!n.failed() && !all(k, 0)) n.refuse("only the main diagonal (k = 0) is supported");
    const Shape& s = n.type(x).shape;
    const Dim size = s.ranked() && s.rank() ? s.dims().back() : Dim::unknown();
    for (const auto* v : {&rows, &columns})
      if (!n.failed() && !all(*v, -1) && !(size.known() && all(*v, size.value()))) n.refuse("only square matrices are supported");
    if (!padding || padding->elements() != 1 || padding->number(0) != 0) n.refuse("only padding with 0 is supported");
  }
  return std::vector<Value>{n.add<MatrixDiag>({x})};
}
constexpr TfImport imports[] = {{"MatrixDiag", from_tf}, {"MatrixDiagV2", from_tf}, {"MatrixDiagV3", from_tf}, {"BatchMatrixDiag", from_tf}};
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
