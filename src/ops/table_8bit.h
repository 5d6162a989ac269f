#pragma once
// The kernel of every operator that maps one number of 8 bits to another number: its own evaluation, asked 256 times.
#include "runtime/kernel.h"

namespace toucanet {

extern const Kernel table_8bit;

}  // namespace toucanet
