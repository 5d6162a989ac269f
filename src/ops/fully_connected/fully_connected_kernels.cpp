#include "ops/fully_connected/fully_connected_kernels.h"

#include "kernels/gemm_f32/gemm_f32_table.h"
#include "kernels/gemm_f32/pack_gemm_f32.h"
#include "kernels/gemm_i8/gemm_i8_table.h"
#include "kernels/gemm_i8/pack_gemm_i8.h"
#include "ops/accumulate.h"
#include "ops/fully_connected/fully_connected.h"
#include "ops/fully_connected/fully_connected_quantized.h"
#include "ops/indirect_gemm.h"
#include "runtime/choose_isa.h"

namespace toucanet::ops::fully_connected {
namespace {

template <class Micro>
struct Product : KernelState {
  const Micro* gemm = nullptr;
  size_t depth = 0, panel_bytes = 0;
  GemmTiles tiles{};
  PackedWeights weights;
  FloatRange range;
  RequantI8 requant{};

  void set_shape(const KernelUse& u) {
    const auto units = static_cast<size_t>(u.in[1]->dims[0]);
    depth = static_cast<size_t>(u.in[1]->dims[1]);
    tiles = {units ? static_cast<size_t>(u.out[0]->elements()) / units : 0, units, gemm->mr, gemm->nr, (gemm->mr * sizeof(void*) + 63) / 64 * 64};
  }
  template <class T>
  void fill(const T* x, std::byte* memory, size_t first, size_t rows) const {
    auto** pointers = reinterpret_cast<const T**>(memory);
    for (size_t m = 0; m < tiles.mr; ++m) pointers[m] = x + (first + std::min(m, rows - 1)) * depth;
  }
  const std::byte* panel(size_t p) const { return weights.template as<std::byte>() + p * panel_bytes; }
};

std::string refuses(const KernelUse& u, DType type) {
  if (u.in[0]->dtype != type) return fmt::format("needs {}, here {}", tf_name(type), tf_name(u.in[0]->dtype));
  if (u.in[1]->dtype != type) return fmt::format("needs weights of {}, here {}", tf_name(type), tf_name(u.in[1]->dtype));
  if (!u.constant(1) || (u.has(2) && !u.constant(2))) return "needs constant weights and bias";
  if (u.out[0]->dtype != type) return fmt::format("needs a result of {}, here {}", tf_name(type), tf_name(u.out[0]->dtype));
  if (!is_clamp(u.attrs<FullyConnected>().fused_activation_function)) return "needs an activation that is a clamp";
  return {};
}

std::string refuses_f32(const KernelUse& u) {
  if (std::string why = refuses(u, DType::F32); !why.empty()) return why;
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

Expected<Accumulation> accumulation_of(const KernelUse& u) {
  return product_accumulation(*u.node.op, *u.in[0], *u.in[1], u.has(2) ? u.in[2] : nullptr, *u.out[0], u.attrs<FullyConnected>().fused_activation_function);
}
std::string refuses_i8(const KernelUse& u) {
  if (std::string why = refuses(u, DType::I8); !why.empty()) return why;
  const auto a = accumulation_of(u);
  return a ? "" : a.error()[0].what;
}
// Where LiteRT rounds once, the sums are kept and rescaled behind the product.
struct IntegerProduct : Product<GemmI8> {
  std::optional<Accumulation> once;
};
std::unique_ptr<KernelState> plan_i8(KernelPlan& p) {
  auto s = std::make_unique<IntegerProduct>();
  const auto a = accumulation_of(p);
  s->gemm = &choose_isa(p, gemm_i8_table());
  s->set_shape(p);
  s->requant = {a->y.zero_point, a->range.low, a->range.high};
  s->weights = PackedWeights(gemm_i8_packed_bytes(*s->gemm, s->tiles.cols, 1, s->depth));
  s->panel_bytes = gemm_i8_panel_bytes(*s->gemm, 1, s->depth);
  pack_gemm_i8(*s->gemm, s->tiles.cols, 1, s->depth, p.in[1]->as<int8_t>().data(), p.has(2) ? p.in[2]->as<int32_t>().data() : nullptr, a->x_zero,
               a->multipliers.data(), s->weights.as<void>());
  if (rounds_once(*p.in[0], *p.in[1], p.has(2) ? p.in[2] : nullptr)) {
    s->once = *a;
    s->tiles.tile_bytes += (size_t{s->gemm->mr} * s->gemm->nr * sizeof(int32_t) + 63) / 64 * 64;
  }
  p.scratch = s->tiles.scratch();
  p.packed = {1, 2};
  return s;
}
void run_i8(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const IntegerProduct&>(*state);
  const int8_t* x = r.input<int8_t>(0);
  int8_t* y = r.output<int8_t>();
  s.tiles.run(
      r, [&](std::byte* m, size_t first, size_t rows) { s.fill(x, m, first, rows); },
      [&](std::byte* m, size_t first, size_t rows, size_t panel, size_t cols) {
        const auto* a = reinterpret_cast<const int8_t* const*>(m);
        int8_t* to = y + first * s.tiles.cols + panel * s.tiles.nr;
        if (!s.once) return s.gemm->run(rows, cols, 1, s.depth, a, s.panel(panel), to, s.tiles.cols, &s.requant);
        auto* sums = reinterpret_cast<int32_t*>(m + (s.tiles.mr * sizeof(void*) + 63) / 64 * 64);
        s.gemm->run_acc(rows, cols, 1, s.depth, a, s.panel(panel), sums, s.tiles.nr);
        for (size_t i = 0; i < rows; ++i)
          for (size_t k = 0; k < cols; ++k)
            to[i * s.tiles.cols + k] = static_cast<int8_t>(rounded_once(*s.once, sums[i * s.tiles.nr + k], static_cast<int64_t>(panel * s.tiles.nr + k)));
      });
}

}  // namespace

const Kernel fully_connected_f32{.name = "fully_connected_f32", .refuses = refuses_f32, .plan = plan_f32, .run = run_f32};
const Kernel fully_connected_i8{.name = "fully_connected_i8", .refuses = refuses_i8, .plan = plan_i8, .run = run_i8};

}  // namespace toucanet::ops::fully_connected
