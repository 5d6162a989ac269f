#pragma once
// Every choice of a quantisation, in one place; flags, Python attributes and JSON are spellings of it.
#include <string>

#include "diag/diag.h"
#include "ir/dtype.h"
#include "quantize/range_choice.h"

namespace toucanet {

enum class QuantMode : uint8_t {
  None,
  DynamicRange,  ///< int8 weights, activations quantised as they come where a hybrid kernel takes them
  WeightOnly,    ///< int8 weights, widened to floats when running
  Float16,       ///< float16 weights, widened when running
  Int8,          ///< int8 activations and weights
  Int16x8,       ///< int16 activations, int8 weights
};
inline constexpr std::string_view quant_mode_names[] = {"none", "dynamic_range", "weight_only", "float16", "int8", "int16x8"};

struct Recipe {
  QuantMode mode = QuantMode::None;
  bool allow_float = true;             ///< false: an operator that stays in floats is an error that names it
  DType input_type = DType::F32;       ///< of the model's float inputs
  DType output_type = DType::F32;      ///< and outputs
  int64_t min_weight_elements = 1024;  ///< smaller weights stay in floats (DynamicRange, WeightOnly)
  RangeChoice ranges;

  bool operator==(const Recipe&) const = default;
};

std::string to_json(const Recipe&);
/// TN7001: unknown fields, unknown or impossible values; all at once.
Expected<Recipe> parse_recipe(std::string_view json);
/// What cannot be: an int8 input of a float16 model without a range, … (TN7001).
Status check(const Recipe&);

}  // namespace toucanet
