#pragma once
#include "runtime/kernel.h"

namespace toucanet::ops::concatenation {

extern const Kernel join;

}  // namespace toucanet::ops::concatenation
