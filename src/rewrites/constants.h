#pragma once
// Questions about constants that rewrites share.
#include <cmath>
#include <optional>

#include "pipeline/rewrite.h"
#include "rewrites/activation.h"

namespace toucanet::rewrites {

/// The one value of all elements of a float constant.
inline std::optional<double> uniform(const Tensor* t) {
  if (!t || !is_float(t->dtype) || t->elements() < 1) return std::nullopt;
  const double v = t->number(0);
  for (int64_t i = 1; i < t->elements(); ++i)
    if (!(t->number(i) == v)) return std::nullopt;
  return v;
}
/// All elements are v, up to a relative error.
inline bool all_are(const Tensor* t, double v, double relative = 0) {
  if (!t || t->elements() < 1) return false;
  for (int64_t i = 0; i < t->elements(); ++i)
    if (!(std::fabs(t->number(i) - v) <= relative * std::fabs(v))) return false;
  return true;
}
/// "[0.5]" or "[32] values".
inline std::string words(const Tensor* t) {
  if (!t) return "no constant";
  if (t->elements() == 1) return fmt::format("{}", t->number(0));
  return fmt::format("[{}] values", Shape::of(t->dims).str());
}
/// The integers of a constant.
inline std::vector<int64_t> integers(const Tensor* t) {
  std::vector<int64_t> v;
  if (t)
    for (int64_t i = 0; i < t->elements(); ++i) v.push_back(t->integer(i));
  return v;
}

}  // namespace toucanet::rewrites
