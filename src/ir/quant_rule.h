#pragma once
// How an operator is quantised, as data in its folder (OpDef.quant). Source of the rules: TensorFlow Lite's quantiser.
#include <algorithm>
#include <string_view>

#include "quantize/parameters.h"

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
  bool averages = false;                   ///< Same: what is cut off before is not what is cut off behind
  int8_t weights = -1;                     ///< constant operand: int8, symmetric; -1: none
  int8_t weights_axis = -1;                ///< one scale for each index of this axis; -1: one in all
  int8_t bias = -1;                        ///< constant operand: scale = product of input's and weights'
  float fixed_scale = 0, fixed_scale_i16 = 0;
  int32_t fixed_zero_point = 0;  ///< in int8; 0 in int16
  /// The first two operands or the result, with the parameters found for them.
  struct Stored {
    double scale = 0;
    MinMax range;
    double least = 0;  ///< magnitude
    /// Of some number. The least one stored otherwise is half a step away.
    bool as_zero() const { return least <= scale / 2; }
  };
  /// Why no kernel can do with them; empty: one can; nullptr: any will do.
  std::string_view (*refuses)(DType, const Stored& x, const Stored& y, const Stored& z) = nullptr;

  bool is_data(size_t i) const { return i < 31 ? data >> i & 1u : data >> 31; }
};

namespace quant_rules {
inline constexpr uint32_t all_operands = ~0u;
inline constexpr DTypes int8_only{DType::I8};
inline constexpr QuantRule free{};
inline constexpr QuantRule free_int8{.types = int8_only};
inline constexpr QuantRule free_binary{.data = 3};
inline constexpr QuantRule same{.results = QuantRule::Results::Same};
inline constexpr QuantRule average{.results = QuantRule::Results::Same, .averages = true};
inline constexpr QuantRule same_int8{.results = QuantRule::Results::Same, .types = int8_only};
inline constexpr QuantRule same_binary{.results = QuantRule::Results::Same, .data = 3};
inline constexpr QuantRule same_all{.results = QuantRule::Results::Same, .data = all_operands};
inline constexpr QuantRule raw_int8{.results = QuantRule::Results::Raw, .types = int8_only};
inline constexpr std::string_view too_narrow = "its result's range is too narrow beside its operands' for the kernels";
inline constexpr QuantRule comparison{
    .results = QuantRule::Results::Raw,
    .types = int8_only,
    .data = 3,
    .refuses = [](DType, const QuantRule::Stored& x, const QuantRule::Stored& y, const QuantRule::Stored&) -> std::string_view {
      return x.scale < 1 && y.scale < 1 ? "" : "an operand's scale is 1 or more, the kernels compare below that";
    }};
inline constexpr QuantRule sum{.data = 3,
                               .refuses = [](DType t, const QuantRule::Stored& x, const QuantRule::Stored& y, const QuantRule::Stored& z) -> std::string_view {
                                 return 2 * std::max(x.scale, y.scale) < z.scale * (t == DType::I16 ? 1 << 15 : 1 << 20) ? "" : too_narrow;
                               }};
inline constexpr QuantRule squared_difference{
    .data = 3, .refuses = [](DType, const QuantRule::Stored& x, const QuantRule::Stored& y, const QuantRule::Stored& z) -> std::string_view {
      const double larger = 2 * std::max(x.scale, y.scale);
      return larger * larger < z.scale * (1 << 14) ? "" : too_narrow;
    }};
inline constexpr QuantRule quotient{
    .types = int8_only, .data = 3, .refuses = [](DType, const QuantRule::Stored&, const QuantRule::Stored& y, const QuantRule::Stored&) -> std::string_view {
      return y.as_zero() ? "its divisor may be stored as 0" : "";
    }};
inline constexpr QuantRule root{.types = int8_only,
                                .refuses = [](DType, const QuantRule::Stored& x, const QuantRule::Stored&, const QuantRule::Stored&) -> std::string_view {
                                  return x.range.min < -x.scale / 2 ? "its operand may be negative" : "";
                                }};
/// LiteRT refuses a stored 0 in int16.
inline constexpr QuantRule inverse_root{
    .refuses = [](DType t, const QuantRule::Stored& x, const QuantRule::Stored&, const QuantRule::Stored&) -> std::string_view {
      if (x.range.min < -x.scale / 2) return "its operand may be negative";
      return t == DType::I16 && x.as_zero() ? "its operand may be stored as 0" : "";
    }};
/// Results in [0, 1] and [-1, 1].
inline constexpr QuantRule probability{
    .results = QuantRule::Results::Fixed, .fixed_scale = 1.0f / 256, .fixed_scale_i16 = 1.0f / 32768, .fixed_zero_point = -128};
inline constexpr QuantRule signed_unit{.results = QuantRule::Results::Fixed, .fixed_scale = 1.0f / 128, .fixed_scale_i16 = 1.0f / 32768};
}  // namespace quant_rules

}  // namespace toucanet
