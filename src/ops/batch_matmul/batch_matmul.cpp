#include "ops/batch_matmul/batch_matmul.h"

#include "import/graphdef/tf_node.h"
#include "ir/quant_rule.h"
#include "ops/batch_matmul/batch_matmul_kernels.h"
#include "ops/batch_matmul/batch_matmul_quantized.h"
#include "ops/batch_matmul/from_einsum.h"
#include "ops/shapes.h"

namespace toucanet {
namespace ops::batch_matmul {

Status infer(InferContext& c) {
  const auto& a = c.attrs<BatchMatmul>();
  const Shape &x = c.shape(0), &y = c.shape(1);
  if (c.dtype(0) != c.dtype(1) && !(c.dtype(1) == DType::I8 && (c.dtype(0) == DType::F32 || c.dtype(0) == DType::I16)))
    return c.error("the operands have the types {} and {}", name(c.dtype(0)), name(c.dtype(1)));
  if (!x.ranked() || !y.ranked()) return c.out(c.dtype(0), Shape::unranked()), ok();
  if (x.rank() < 2 || y.rank() < 2) return c.error("[{}] and [{}] must have rank 2 at least", x.str(), y.str());
  const Dim m = x[x.rank() - (a.adj_x ? 1 : 2)], k = x[x.rank() - (a.adj_x ? 2 : 1)];
  const Dim k2 = y[y.rank() - (a.adj_y ? 1 : 2)], n = y[y.rank() - (a.adj_y ? 2 : 1)];
  if (differ(k, k2)) return c.error("[{}] and [{}] do not multiply: {} and {}", x.str(), y.str(), k.str(), k2.str());
  TRY(Shape batch, broadcast(c, Shape(Dims(x.dims().begin(), x.dims().end() - 2)), Shape(Dims(y.dims().begin(), y.dims().end() - 2))));
  Dims d = batch.dims();
  d.push_back(m);
  d.push_back(n);
  c.out(c.dtype(0), Shape(std::move(d)));
  return ok();
}

template <class T>
void multiply(EvalContext& c) {
  const auto& a = c.attrs<BatchMatmul>();
  const Tensor &x = c.in(0), &y = c.in(1);
  Tensor& z = c.out();
  const int64_t m = z.dims[z.rank() - 2], n = z.dims[z.rank() - 1], k = x.dims[x.rank() - (a.adj_x ? 2 : 1)];
  const std::vector<int64_t> bz(z.dims.begin(), z.dims.end() - 2), bx(x.dims.begin(), x.dims.end() - 2), by(y.dims.begin(), y.dims.end() - 2);
  const T *xs = x.as<T>().data(), *ys = y.as<T>().data();
  T* zs = z.as_mutable<T>().data();
  for_each_broadcast(bz, bx, by, [&](int64_t o, int64_t i, int64_t j) {
    const T *p = xs + i * m * k, *q = ys + j * k * n;
    T* to = zs + o * m * n;
    for (int64_t r = 0; r < m; ++r)
      for (int64_t e = 0; e < k; ++e) {
        const T f = a.adj_x ? p[e * m + r] : p[r * k + e];
        if (a.adj_y)
          for (int64_t col = 0; col < n; ++col) to[r * n + col] += f * q[col * k + e];
        else
          for (int64_t col = 0; col < n; ++col) to[r * n + col] += f * q[e * n + col];
      }
  });
}
Status eval(EvalContext& c) {
  if (c.in(1).dtype != c.in(0).dtype) return c.no_kernel(c.in(1).dtype);
  switch (c.in(0).dtype) {
    case DType::F32: multiply<float>(c); break;
    case DType::I32: multiply<int32_t>(c); break;
    case DType::I64: multiply<int64_t>(c); break;
    default: return c.no_kernel(c.in(0).dtype);
  }
  return ok();
}

Expected<std::vector<Value>> from_matmul(TfNode& n) {
  n.ignore("grad_a");
  n.ignore("grad_b");
  n.ignore("a_is_sparse");
  n.ignore("b_is_sparse");
  return std::vector<Value>{n.add<BatchMatmul>({n.in(0), n.in(1)}, {.adj_x = n.flag("transpose_a", false), .adj_y = n.flag("transpose_b", false)})};
}
Expected<std::vector<Value>> from_batch_matmul(TfNode& n) {
  n.ignore("grad_x");
  n.ignore("grad_y");
  return std::vector<Value>{n.add<BatchMatmul>({n.in(0), n.in(1)}, {.adj_x = n.flag("adj_x", false), .adj_y = n.flag("adj_y", false)})};
}
constexpr TfImport imports[] = {{"MatMul", from_matmul},
                                {"SparseMatMul", from_matmul},
                                {"BatchMatMul", from_batch_matmul},
                                {"BatchMatMulV2", from_batch_matmul},
                                {"BatchMatMulV3", from_batch_matmul},
                                {"Einsum", from_einsum}};
constexpr const Kernel* kernels[] = {&batch_matmul_hybrid};

int version(const OpView& v) {
  if (v.type(0) == DType::F32 && v.type(1) == DType::I8) return v.attrs.as<BatchMatmul::Attrs>().asymmetric_quantize_inputs ? 4 : 1;
  return v.type(0) == DType::I16 ? 3 : v.type(0) == DType::I8 ? 2 : 1;
}
Dim macs(const OpView& v) {
  const Shape& x = v.in[0]->shape;
  return v.out[0]->shape.elements() * (x.ranked() ? x[x.rank() - (v.attrs.as<BatchMatmul::Attrs>().adj_x ? 2 : 1)] : Dim::unknown());
}
}  // namespace ops::batch_matmul

constinit const OpDef BatchMatmul::def = {
    .name = "batch_matmul",
    .summary = "matrix product over the last two axes",
    .inputs = "x, y",
    .outputs = "z",
    .attrs = &attr_ops<BatchMatmul::Attrs>,
    .import_tf = ops::batch_matmul::imports,
    .infer = ops::batch_matmul::infer,
    .eval = ops::batch_matmul::eval,
    .eval_quantized = ops::batch_matmul::eval_quantized,
    .tflite = {.builtin = "BATCH_MATMUL",
               .options = "BatchMatMulOptions",
               .types = {DType::F32},
               .quantized = {DType::I8, DType::I16},
               .hybrid = {DType::I8},
               .max_rank = 5,
               .version = ops::batch_matmul::version},
    .kernels = ops::batch_matmul::kernels,
    .quant = &quant_rules::free_binary,
    .macs = ops::batch_matmul::macs,
};

}  // namespace toucanet
