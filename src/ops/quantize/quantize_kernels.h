#pragma once
#include "runtime/kernel.h"

namespace toucanet::ops::quantize {

extern const Kernel quantize_8bit;

}  // namespace toucanet::ops::quantize
