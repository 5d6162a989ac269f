#pragma once
#include "runtime/kernel.h"

namespace toucanet::ops::batch_matmul {
/// float32 by a constant of int8.
extern const Kernel batch_matmul_hybrid;
}  // namespace toucanet::ops::batch_matmul
