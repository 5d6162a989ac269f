#pragma once
// Every choice of a quantisation, in one place; flags, Python attributes and JSON are spellings of it.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "diag/diag.h"
#include "ir/dtype.h"
#include "quantize/parameters.h"
#include "quantize/range_choice.h"

namespace toucanet {

enum class QuantMode : uint8_t {
  None,
  DynamicRange,  ///< int8 weights, activations quantised as they come where a hybrid kernel takes them
  WeightOnly,    ///< int8 weights, widened to floats when running
  Float16,       ///< float16 weights, widened when running
  Int8,          ///< int8 activations and weights
  Int16x8,       ///< int16 activations, int8 weights
  UInt8,         ///< uint8 activations and weights, one scale a tensor: TensorFlow 1's form
};
inline constexpr std::string_view quant_mode_names[] = {"none", "dynamic_range", "weight_only", "float16", "int8", "int16x8", "uint8"};
inline std::string_view name(QuantMode m) { return quant_mode_names[static_cast<size_t>(m)]; }
/// Activations are stored integers.
constexpr bool is_integer(QuantMode m) { return m >= QuantMode::Int8; }
/// The type that activations are stored as.
constexpr DType stored_type(QuantMode m) { return m == QuantMode::Int16x8 ? DType::I16 : m == QuantMode::UInt8 ? DType::U8 : DType::I8; }

enum class Granularity : uint8_t { PerChannel, PerTensor };
inline constexpr std::string_view granularity_names[] = {"per_channel", "per_tensor"};

/// What is to be done where. A rule holds where all its patterns match (shell patterns; empty matches everything);
/// of several that set the same, the last one counts.
struct Rule {
  std::string op;                      ///< builtin's name, CONV_2D or conv_2d
  std::string node;                    ///< any TensorFlow node that the operator came from
  std::string tensor;                  ///< the operator's result, one of its constants, or an input of the model
  std::optional<QuantMode> mode = {};  ///< none: stays in floats
  std::optional<RangeChoice> ranges = {};
  std::optional<MinMax> range = {};  ///< of the result, instead of what was observed
  std::optional<Granularity> weights = {};
  bool operator==(const Rule&) const = default;
};

/// real = (stored − mean) / std, TensorFlow 1's way to give the parameters of an input.
struct InputStats {
  double mean = 0, std = 1;
  bool operator==(const InputStats&) const = default;
};

struct Recipe {
  QuantMode mode = QuantMode::None;
  bool allow_float = true;             ///< false: an operator that stays in floats is an error that names it
  DType input_type = DType::F32;       ///< of the model's float inputs
  DType output_type = DType::F32;      ///< and outputs
  int64_t min_weight_elements = 1024;  ///< smaller weights stay in floats (DynamicRange, WeightOnly)
  Granularity weights = Granularity::PerChannel;
  DType bias_type = DType::I64;  ///< next to int16 activations: int64 or int32
  RangeChoice ranges;
  std::optional<MinMax> default_range = {};            ///< of values without a range of their own
  std::map<std::string, InputStats> input_stats = {};  ///< by input
  bool move_fake_quant = false;                        ///< TOCO's reorder_across_fake_quant: ranges pass operators that only move numbers
  bool share_concat_ranges = true;                     ///< operands of CONCATENATION get the result's range; false: they are requantised
  std::vector<Rule> rules = {};

  bool operator==(const Recipe&) const = default;
};

/// What all stored numbers of an input stand for: in integer modes those of the activations' type, in others of the input's.
MinMax range_of(const InputStats&, const Recipe&);

std::string to_json(const Recipe&);
/// TN7001: unknown fields, unknown or impossible values; all at once. Takes a recipe, or a report that holds one as
/// "recipe".
Expected<Recipe> parse_recipe(std::string_view json);
/// What cannot be: uint8 outputs of int16 activations, ranges that are none or leave out 0, … (TN7001).
Status check(const Recipe&);
/// Shell pattern, without regard to case.
bool matches(const std::string& pattern, std::string_view text);

}  // namespace toucanet
