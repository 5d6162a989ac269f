#pragma once
// The activation that a node applies to its result.
#include "ir/graph.h"

namespace toucanet::rewrites {

/// The attribute among a node's fields; nullptr: its operator has none.
inline Activation* activation_field(const std::vector<FieldRef>& fields) {
  for (const FieldRef& f : fields)
    if (f.name == "fused_activation_function") return static_cast<Activation*>(f.p);
  return nullptr;
}

inline Activation activation_of(const Node& n) {
  const auto fields = n.attrs.fields();
  const Activation* a = activation_field(fields);
  return a ? *a : Activation::None;
}

}  // namespace toucanet::rewrites
