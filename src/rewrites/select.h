#pragma once
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
/// where ? x : y, broadcasting. Only if the operator is registered.
inline Value select(Patch& p, Value where, Value x, Value y) { return p.add(*find_builtin("SELECT_V2"), {where, x, y}); }
}  // namespace toucanet::rewrites
