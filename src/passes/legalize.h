#pragma once
#include "ir/graph.h"

namespace toucanet {

/// Makes every node one that LiteRT's kernels take: narrow integers that a kernel does not know are computed in a wider
/// type between casts, absent biases are filled in; what remains is refused, all at once (TN2002).
Status legalize(Module&);

}  // namespace toucanet
