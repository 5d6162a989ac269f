#include "ops/batch_matmul/batch_matmul_quantized.h"

#include "ops/accumulate.h"
#include "ops/batch_matmul/batch_matmul.h"

namespace toucanet::ops::batch_matmul {
namespace {

// One matrix [rows, columns], maybe stored the other way round.
struct View {
  int64_t row, column;  // steps
  static View of(int64_t rows, int64_t columns, bool adjoint) { return adjoint ? View{1, rows} : View{columns, 1}; }
};
struct Product {
  int64_t m, n, k;
  View x, y;
  std::vector<int64_t> batch, x_batch, y_batch;
  explicit Product(EvalContext& c) {
    const auto& a = c.attrs<BatchMatmul>();
    const auto &dx = c.in(0).dims, &dy = c.in(1).dims, &dz = c.out().dims;
    m = dz[dz.size() - 2], n = dz.back(), k = dx[dx.size() - (a.adj_x ? 2 : 1)];
    x = View::of(m, k, a.adj_x), y = View::of(k, n, a.adj_y);
    batch.assign(dz.begin(), dz.end() - 2), x_batch.assign(dx.begin(), dx.end() - 2), y_batch.assign(dy.begin(), dy.end() - 2);
  }
};

template <class X, class Y>
Status multiply(EvalContext& c) {
  TRY(const Affine sx, affine_in(c, 0));
  TRY(const Affine sy, affine_in(c, 1));
  TRY(const Affine sz, affine_out(c));
  constexpr bool wide = sizeof(X) == 2;
  if (wide && (sx.zero_point || sy.zero_point || sz.zero_point)) return diag("TN3011", "batch_matmul: int16 needs zero points of 0");
  const FixedMultiplier f = quantize_multiplier(static_cast<double>(sx.scale * sy.scale) / static_cast<double>(sz.scale));
  const Product p(c);
  const X* xs = c.in<X>(0).data();
  const Y* ys = c.in<Y>(1).data();
  X* zs = c.out<X>().data();
  for_each_broadcast(p.batch, p.x_batch, p.y_batch, [&](int64_t o, int64_t i, int64_t j) {
    X* z = zs + o * p.m * p.n;
    for (int64_t r = 0; r < p.m; ++r)
      for (int64_t q = 0; q < p.n; ++q) {
        const X* a = xs + i * p.m * p.k + r * p.x.row;
        const Y* b = ys + j * p.k * p.n + q * p.y.column;
        int64_t sum = 0;
        for (int64_t e = 0; e < p.k; ++e) sum += int64_t{a[e * p.x.column] - sx.zero_point} * (b[e * p.y.row] - sy.zero_point);
        const int32_t scaled = wide ? multiply_by_quantized_multiplier_64(sum, f) : multiply_by_quantized_multiplier(static_cast<int32_t>(sum), f);
        *z++ = static_cast<X>(finish(scaled, sz.zero_point, range_of<X>()));
      }
  });
  return ok();
}

// Rows of x are quantised one by one.
Status multiply_hybrid(EvalContext& c) {
  TRY(const Affine sy, affine_in(c, 1));
  if (sy.zero_point) return diag("TN3011", "batch_matmul: operand 1 has the zero point {}", sy.zero_point);
  const Product p(c);
  const float* xs = c.in<float>(0).data();
  const int8_t* ys = c.in<int8_t>(1).data();
  float* zs = c.out<float>().data();
  std::vector<float> row(static_cast<size_t>(p.k));
  std::vector<int8_t> stored(row.size());
  for_each_broadcast(p.batch, p.x_batch, p.y_batch, [&](int64_t o, int64_t i, int64_t j) {
    float* z = zs + o * p.m * p.n;
    for (int64_t r = 0; r < p.m; ++r) {
      for (int64_t e = 0; e < p.k; ++e) row[static_cast<size_t>(e)] = xs[i * p.m * p.k + r * p.x.row + e * p.x.column];
      const HybridRow h = quantize_row(row, stored.data(), c.attrs<BatchMatmul>().asymmetric_quantize_inputs);
      for (int64_t q = 0; q < p.n; ++q) {
        const int8_t* b = ys + j * p.k * p.n + q * p.y.column;
        int32_t sum = 0;
        for (int64_t e = 0; e < p.k; ++e) sum += (stored[static_cast<size_t>(e)] - h.zero_point) * b[e * p.y.row];
        *z++ = static_cast<float>(sum) * (h.scale * sy.scale);
      }
    }
  });
  return ok();
}

}  // namespace

Status eval_quantized(EvalContext& c) {
  const DType x = c.in(0).dtype, y = c.in(1).dtype;
  if (x == DType::F32 && y == DType::I8) return multiply_hybrid(c);
  if (x == DType::I8 && y == DType::I8) return multiply<int8_t, int8_t>(c);
  if (x == DType::I16 && y == DType::I16) return multiply<int16_t, int16_t>(c);
  if (x == DType::I16 && y == DType::I8) return multiply<int16_t, int8_t>(c);
  return c.no_kernel(y);
}

}  // namespace toucanet::ops::batch_matmul
