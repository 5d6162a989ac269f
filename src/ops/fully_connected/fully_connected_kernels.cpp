#include "ops/fully_connected/fully_connected_kernels.h"

#include "kernels/gemm_f32/gemm_f32_table.h"
#include "kernels/gemm_f32/pack_gemm_f32.h"
#include "ops/fully_connected/fully_connected_product.h"

namespace toucanet::ops::fully_connected {
namespace {

std::string refuses_f32(const KernelUse& u) {
  if (std::string why = refuses(u, DType::F32, DType::F32); !why.empty()) return why;
  return u.has(2) && u.in[2]->dtype != DType::F32 ? "needs a float32 bias" : "";
}
std::unique_ptr<KernelState> plan_f32(KernelPlan& p) {
  auto s = std::make_unique<Product<GemmF32>>();
  s->gemm = &choose_isa(p, gemm_f32_table());
  s->set_shape(p);
  s->range = FloatRange::of(p.attrs<FullyConnected>().fused_activation_function);
  s->weights = PackedWeights(gemm_f32_packed_bytes(*s->gemm, s->tiles.cols, 1, s->depth));
  s->panel_bytes = gemm_f32_panel_floats(*s->gemm, 1, s->depth) * sizeof(float);
  pack_gemm_f32(*s->gemm, s->tiles.cols, 1, s->depth, p.in[1]->as<float>().data(), p.has(2) ? p.in[2]->as<float>().data() : nullptr, s->weights.as<float>());
  p.scratch = s->tiles.scratch();
  p.packed = {1, 2};
  return s;
}
void run_f32(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const Product<GemmF32>&>(*state);
  const float* x = r.input<float>(0);
  float* y = r.output<float>();
  s.tiles.run(
      r, [&](std::byte* m, size_t first, size_t rows) { s.fill(x, m, first, rows); },
      [&](std::byte* m, size_t first, size_t rows, size_t panel, size_t cols) {
        s.gemm->run(rows, cols, 1, s.depth, reinterpret_cast<const float* const*>(m), reinterpret_cast<const float*>(s.panel(panel)),
                    y + first * s.tiles.cols + panel * s.tiles.nr, s.tiles.cols, s.range.low, s.range.high);
      });
}

}  // namespace

const Kernel fully_connected_f32{.name = "fully_connected_f32", .refuses = refuses_f32, .plan = plan_f32, .run = run_f32};

}  // namespace toucanet::ops::fully_connected
