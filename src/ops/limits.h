#pragma once
// Further makers of element-wise operators: broadcasting limits, TensorFlow Lite's own semantics, composites.
#include "ops/arithmetic.h"

namespace toucanet {

/// `refuses` of kernels that broadcast in at most Rank dimensions, and take any rank where shapes agree.
template <size_t Rank>
std::string broadcasts_at_most(const OpView& v) {
  if (std::max(v.rank(0), v.rank(1)) <= Rank || same(v.in[0]->shape, v.in[1]->shape)) return {};
  return fmt::format("it broadcasts [{}] and [{}], TensorFlow Lite in at most {} dimensions", v.in[0]->shape.str(), v.in[1]->shape.str(), Rank);
}

constexpr OpDef with_tflite(OpDef d, Status (*eval)(EvalContext&)) {
  d.eval_tflite = eval;
  return d;
}
/// TensorFlow only: a rewrite of the lowering stage makes it of other operators.
constexpr OpDef as_composite(OpDef d) {
  d.legal_until = Stage::Lower;
  return d;
}

}  // namespace toucanet
