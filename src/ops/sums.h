#pragma once
// From exact sums of products to results, for kernels whose micro-kernel does not rescale (kernels/finish_sums).
#include "kernels/elementwise_f32/elementwise_f32_table.h"
#include "kernels/finish_sums/finish_sums_table.h"
#include "ops/accumulate.h"
#include "ops/indirect_gemm.h"
#include "runtime/kernel.h"

namespace toucanet {

/// float32 activations beside weights of 8 bits.
struct HybridSums {
  const FinishSums* micro = nullptr;
  const ElementwiseF32* rows = nullptr;
  std::vector<float> scales, bias;
  std::vector<int32_t> weights;  ///< Σw of each channel
  FloatRange range;

  /// `bias` nullptr: zeros. Scales for each channel.
  static HybridSums of(std::vector<float> scales, const Tensor* bias, Activation);
  /// As quantize_row.
  HybridRow quantize(const float* x, size_t n, int8_t* to, bool asymmetric) const noexcept;
  void finish(const HybridRow& row, size_t channel, size_t n, const int32_t* sums, float* y) const noexcept {
    micro->to_f32(n, sums, row.zero_point, weights.data() + channel, row.scale, scales.data() + channel, bias.data() + channel, range.low, range.high, y);
  }
};

/// Stored numbers.
struct IntegerSums {
  const FinishSums* micro = nullptr;
  std::vector<int32_t> mantissas, exponents;
  std::vector<float> scales;
  std::vector<int64_t> bias;
  FinishInteger parameters{};

  /// With this rounding, unless it is XNNPACK's that is asked for.
  static IntegerSums of(const Accumulation&, SumRounding);
  /// From a channel on.
  FinishInteger at(size_t channel) const {
    FinishInteger f = parameters;
    f.mantissas = mantissas.data() + channel, f.exponents = exponents.data() + channel, f.scales = scales.data() + channel, f.bias = bias.data() + channel;
    return f;
  }
};

/// Of channels whose weights follow each other, `each` of them.
std::vector<int32_t> weight_sums(const int8_t* weights, size_t channels, size_t each);

/// uint8 weights less their zero point, as sums of int8 numbers.
struct SplitWeights {
  size_t parts = 1;
  std::vector<int8_t> values;  ///< of each channel, `parts` times `each`
  static SplitWeights of(const uint8_t* weights, size_t channels, size_t each, int32_t zero_point);
};
/// y[i] = x[i] with the other sign bit: uint8 as int8 and back.
void flip_sign_bits(const uint8_t* x, size_t n, uint8_t* y) noexcept;
void flip_sign_bits(Threads&, const uint8_t* x, size_t n, uint8_t* y) noexcept;
inline int8_t flipped(int32_t stored) { return static_cast<int8_t>(stored ^ 0x80); }

}  // namespace toucanet
