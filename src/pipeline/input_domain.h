#pragma once
// Random inputs within what their readers allow.
#include "ir/graph.h"

namespace toucanet {

/// One tensor per input of the main graph; unknown dimensions get `size` (symbols by name the same everywhere).
/// Integers stay within what gathers, axes and shapes downstream allow. `given` and `fixed` win.
Expected<std::vector<Tensor>> sample_inputs(const Module&, int64_t size, uint64_t seed, const std::map<std::string, double>& fixed,
                                            const std::map<std::string, Tensor>& given);

/// Given data must name inputs of the main graph and have their types; all problems at once (TN3006).
Status check_given(const Graph&, const std::map<std::string, Tensor>& given);

}  // namespace toucanet
