#pragma once
#include "quantize/choices.h"
#include "quantize/quantize.h"

namespace toucanet {
/// Int8, Int16x8 and UInt8: operators whose rule and ranges allow it take and give stored integers. TN7011: FakeQuant
/// nodes with more bits than are stored.
Status quantize_integer(Graph&, Choices&, const TrainedRanges&, Quantized&);
}  // namespace toucanet
