#pragma once
// For makers: the same operator with exceptions to "the reference kernel is the truth".
#include "ir/op_def.h"

namespace toucanet {

constexpr OpDef with_truth(OpDef d, std::span<const Truth> truth) {
  d.truth = truth;
  return d;
}

/// The reason of an operator that only the optimised resolver has.
inline constexpr std::string_view not_in_reference = "not in the reference resolver";

}  // namespace toucanet
