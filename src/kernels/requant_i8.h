#pragma once

#include <stdint.h>

namespace toucanet {

// What turns an accumulator into int8 beside the multipliers, which are packed with the weights:
// y = min(max(rescaled + zero_point, low), high), with −128 ≤ low ≤ high ≤ 127.
struct RequantI8 {
  int32_t zero_point, low, high;
};

}  // namespace toucanet
