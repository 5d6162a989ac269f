#pragma once
// A fully connected layer as a matrix product: what its kernels share.
#include "ops/fully_connected/fully_connected.h"
#include "ops/fully_connected/fully_connected_quantized.h"
#include "ops/indirect_gemm.h"
#include "runtime/choose_isa.h"

namespace toucanet::ops::fully_connected {

template <class Micro>
struct Product : KernelState {
  const Micro* gemm = nullptr;
  size_t depth = 0, panel_bytes = 0;
  GemmTiles tiles{};
  PackedWeights weights;
  FloatRange range;

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

/// Where the operands have not these types or the weights are not known.
inline std::string refuses(const KernelUse& u, DType type, DType weights) {
  if (u.in[0]->dtype != type) return fmt::format("needs {}, here {}", tf_name(type), tf_name(u.in[0]->dtype));
  if (u.in[1]->dtype != weights) return fmt::format("needs weights of {}, here {}", tf_name(weights), tf_name(u.in[1]->dtype));
  if (u.attrs<FullyConnected>().weights_format != WeightsFormat::Default) return "needs weights that are not shuffled";
  if (!u.constant(1) || (u.has(2) && !u.constant(2))) return "needs constant weights and bias";
  if (u.out[0]->dtype != type) return fmt::format("needs a result of {}, here {}", tf_name(type), tf_name(u.out[0]->dtype));
  if (!is_clamp(u.attrs<FullyConnected>().fused_activation_function)) return "needs an activation that is a clamp";
  return {};
}

inline Expected<Accumulation> accumulation_of(const KernelUse& u) {
  return product_accumulation(*u.node.op, *u.in[0], *u.in[1], u.has(2) ? u.in[2] : nullptr, *u.out[0], u.attrs<FullyConnected>().fused_activation_function,
                              u.rounding);
}

}  // namespace toucanet::ops::fully_connected
