#include "ops/batch_matmul/batch_matmul_kernels.h"

#include "kernels/gemm_i8/gemm_i8_table.h"
#include "kernels/gemm_i8/pack_gemm_i8.h"
#include "ops/batch_matmul/batch_matmul.h"
#include "ops/sums.h"
#include "runtime/choose_isa.h"

namespace toucanet::ops::batch_matmul {
namespace {

struct Hybrid : KernelState {
  const GemmI8* gemm = nullptr;
  size_t depth = 0, rows = 0, sums_at = 0, rows_at = 0;
  GemmTiles tiles{};  // of one matrix
  PackedWeights weights;
  size_t panel_bytes = 0, matrix_bytes = 0;
  std::vector<HybridSums> finish;                  // of each matrix of y
  std::vector<std::pair<size_t, size_t>> factors;  // of each result: which matrices of x and y
  bool asymmetric = false;
};

size_t matrices(const Tensor& t) {
  size_t n = 1;
  for (size_t i = 0; i + 2 < t.dims.size(); ++i) n *= static_cast<size_t>(t.dims[i]);
  return n;
}

std::string refuses(const KernelUse& u) {
  const Tensor &x = *u.in[0], &y = *u.in[1];
  if (x.dtype != DType::F32) return fmt::format("needs float32, here {}", tf_name(x.dtype));
  if (y.dtype != DType::I8) return fmt::format("needs y of int8, here {}", tf_name(y.dtype));
  if (!u.constant(1)) return "needs a constant y";
  if (u.attrs<BatchMatmul>().adj_x) return "needs an x that is not transposed";
  const auto a = affine_of(*u.node.op, y, "operand 1");
  if (!a) return a.error()[0].what;
  return a->zero_point == 0 ? "" : fmt::format("needs the zero point 0 for y, here {}", a->zero_point);
}

// One matrix of y with a column's elements side by side.
std::vector<int8_t> columns(const int8_t* y, size_t n, size_t k, bool adjoint) {
  if (adjoint) return {y, y + n * k};
  std::vector<int8_t> all(n * k);
  for (size_t e = 0; e < k; ++e)
    for (size_t c = 0; c < n; ++c) all[c * k + e] = y[e * n + c];
  return all;
}

std::unique_ptr<KernelState> plan(KernelPlan& p) {
  auto s = std::make_unique<Hybrid>();
  const Tensor &x = *p.in[0], &y = *p.in[1], &z = *p.out[0];
  const auto& a = p.attrs<BatchMatmul>();
  const auto m = static_cast<size_t>(z.dims[z.dims.size() - 2]), n = static_cast<size_t>(z.dims.back());
  s->gemm = &choose_isa(p, gemm_i8_table());
  s->depth = static_cast<size_t>(x.dims.back());
  s->rows = matrices(x) * m;
  s->asymmetric = a.asymmetric_quantize_inputs;
  s->sums_at = (s->gemm->mr * sizeof(void*) + 63) / 64 * 64;
  s->tiles = {m, n, s->gemm->mr, s->gemm->nr, s->sums_at + (size_t{s->gemm->mr} * s->gemm->nr * sizeof(int32_t) + 63) / 64 * 64};
  s->panel_bytes = gemm_i8_panel_bytes(*s->gemm, 1, s->depth);
  s->matrix_bytes = gemm_i8_packed_bytes(*s->gemm, n, 1, s->depth);
  s->weights = PackedWeights(s->matrix_bytes * matrices(y));
  for (size_t j = 0; j < matrices(y); ++j) {
    const auto filter = columns(y.as<int8_t>().data() + j * n * s->depth, n, s->depth, a.adj_y);
    pack_gemm_i8(*s->gemm, n, 1, s->depth, filter.data(), nullptr, 0, nullptr, s->weights.as<std::byte>() + j * s->matrix_bytes);
    s->finish.push_back(HybridSums::of(std::vector<float>(n, y.quant->scale[0]), nullptr, Activation::None));
    s->finish.back().weights = weight_sums(filter.data(), n, s->depth);
  }
  const std::vector<int64_t> batch(z.dims.begin(), z.dims.end() - 2), of_x(x.dims.begin(), x.dims.end() - 2), of_y(y.dims.begin(), y.dims.end() - 2);
  for_each_broadcast(batch, of_x, of_y, [&](int64_t, int64_t i, int64_t j) { s->factors.emplace_back(i, j); });
  s->rows_at = (s->rows * s->depth + 63) / 64 * 64;
  p.shared = s->rows_at + s->rows * sizeof(HybridRow);
  p.scratch = s->tiles.scratch();
  p.packed = {1};
  return s;
}

void run(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const Hybrid&>(*state);
  const float* x = r.input<float>(0);
  auto* q = reinterpret_cast<int8_t*>(r.shared());
  auto* rows = reinterpret_cast<HybridRow*>(r.shared() + s.rows_at);
  if (s.finish.empty()) return;
  r.threads.parallel(s.rows, [&](size_t i, size_t) { rows[i] = s.finish[0].quantize(x + i * s.depth, s.depth, q + i * s.depth, s.asymmetric); });
  float* z = r.output<float>();
  for (size_t o = 0; o < s.factors.size(); ++o, z += s.tiles.rows * s.tiles.cols) {
    const size_t i = s.factors[o].first * s.tiles.rows, j = s.factors[o].second;
    s.tiles.run(
        r,
        [&](std::byte* memory, size_t first, size_t count) {
          auto** pointers = reinterpret_cast<const int8_t**>(memory);
          for (size_t m = 0; m < s.tiles.mr; ++m) pointers[m] = q + (i + first + std::min(m, count - 1)) * s.depth;
        },
        [&](std::byte* memory, size_t first, size_t count, size_t panel, size_t cols) {
          auto* sums = reinterpret_cast<int32_t*>(memory + s.sums_at);
          s.gemm->run_acc(count, cols, 1, s.depth, reinterpret_cast<const int8_t* const*>(memory),
                          s.weights.as<std::byte>() + j * s.matrix_bytes + panel * s.panel_bytes, sums, s.tiles.nr);
          const size_t column = panel * s.tiles.nr;
          for (size_t m = 0; m < count; ++m)
            s.finish[j].finish(rows[i + first + m], column, cols, sums + m * s.tiles.nr, z + (first + m) * s.tiles.cols + column);
        });
  }
}

}  // namespace

const Kernel batch_matmul_hybrid{.name = "batch_matmul_hybrid", .refuses = refuses, .plan = plan, .run = run};

}  // namespace toucanet::ops::batch_matmul
