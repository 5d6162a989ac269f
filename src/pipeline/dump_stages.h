#pragma once
#include "diag/diag.h"
#include "pipeline/trace.h"

namespace toucanet {

/// A trace that collects no events but writes the module after each stage: as text ("1_clean.txt") into the folder
/// `ir`, as Graphviz ("1_clean.dot") into the folder `graphviz`; empty: not. Folders must exist. `problems`, which must
/// outlive the trace, gets TN5004 for each file that cannot be written.
Trace dump_stages(std::string ir, std::string graphviz, Diags& problems);

}  // namespace toucanet
