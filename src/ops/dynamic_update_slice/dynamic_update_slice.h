#pragma once
#include "ir/graph.h"

namespace toucanet {
/// x with `update` written over it from `start` on, which is moved so that all of it fits.
TOUCANET_OP(DynamicUpdateSlice);
}  // namespace toucanet
