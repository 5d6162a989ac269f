#pragma once
#include "quantize/quantize.h"

namespace toucanet {
/// Int8 and Int16x8: operators whose rule and ranges allow it take and give stored integers.
Status quantize_integer(Module&, const Recipe&, const Observations&, Quantized&);
}  // namespace toucanet
