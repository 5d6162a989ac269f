#pragma once
// How an operator is quantised, as data in its folder (OpDef.quant). Source of the rules: TensorFlow Lite's quantiser.
#include "ir/dtype.h"

namespace toucanet {

struct QuantRule {
  enum class Results : uint8_t {
    Free,   ///< parameters of their own, from their range
    Same,   ///< those of the data operands: numbers are only moved or compared
    Fixed,  ///< always these
    Raw,    ///< not quantised: booleans, indices
  };
  Results results = Results::Free;
  DTypes types = {DType::I8, DType::I16};  ///< stored activations that an integer kernel takes
  uint32_t data = 1;                       ///< bit i: operand i is an activation; the last bit stands for all behind it
  int8_t weights = -1;                     ///< constant operand: int8, symmetric; -1: none
  int8_t weights_axis = -1;                ///< one scale for each index of this axis; -1: one in all
  int8_t bias = -1;                        ///< constant operand: scale = product of input's and weights'
  float fixed_scale = 0, fixed_scale_i16 = 0;
  int32_t fixed_zero_point = 0;  ///< in int8; 0 in int16

  bool is_data(size_t i) const { return i < 31 ? data >> i & 1u : data >> 31; }
};

namespace quant_rules {
inline constexpr uint32_t all_operands = ~0u;
inline constexpr DTypes int8_only{DType::I8};
inline constexpr QuantRule free{};
inline constexpr QuantRule free_int8{.types = int8_only};
inline constexpr QuantRule free_binary{.data = 3};
inline constexpr QuantRule free_binary_int8{.types = int8_only, .data = 3};
inline constexpr QuantRule same{.results = QuantRule::Results::Same};
inline constexpr QuantRule same_int8{.results = QuantRule::Results::Same, .types = int8_only};
inline constexpr QuantRule same_binary{.results = QuantRule::Results::Same, .data = 3};
inline constexpr QuantRule same_all{.results = QuantRule::Results::Same, .data = all_operands};
inline constexpr QuantRule raw_int8{.results = QuantRule::Results::Raw, .types = int8_only};
inline constexpr QuantRule raw_binary_int8{.results = QuantRule::Results::Raw, .types = int8_only, .data = 3};
/// Results in [0, 1] and [-1, 1].
inline constexpr QuantRule probability{
    .results = QuantRule::Results::Fixed, .fixed_scale = 1.0f / 256, .fixed_scale_i16 = 1.0f / 32768, .fixed_zero_point = -128};
inline constexpr QuantRule signed_unit{.results = QuantRule::Results::Fixed, .fixed_scale = 1.0f / 128, .fixed_scale_i16 = 1.0f / 32768};
}  // namespace quant_rules

}  // namespace toucanet
