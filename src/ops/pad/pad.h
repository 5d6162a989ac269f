#pragma once
#include "ir/graph.h"

namespace toucanet {
/// Pads with zeros: paddings [rank,2] gives the amounts before and after each axis.
TOUCANET_OP(Pad);

/// Shape of a padded tensor; shared with pad_v2.
Status infer_pad(InferContext&);
Status eval_pad(EvalContext&, const std::byte* value);
}  // namespace toucanet
