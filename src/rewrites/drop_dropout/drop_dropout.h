#pragma once
#include <map>
#include <string>

#include "ir/graph.h"

namespace toucanet {
/// Inputs that are a dropout's probability of keeping (→ 1) or dropping (→ 0): what they must be for the dropout to be
/// the identity that drop_dropout makes of it.
std::map<std::string, double> dropout_inputs(const Module&);
}  // namespace toucanet
