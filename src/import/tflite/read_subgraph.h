#pragma once
#include "import/tflite/read_context.h"
#include "import/tflite/read_tflite.h"

namespace toucanet {

/// Reads the subgraph `index` into the module's graph of that index; those it calls must have been read. Its tables go to `listed`,
/// if given and if there was no problem.
void read_subgraph(ReadContext&, uint32_t index, TfliteTensors::Subgraph* listed);

}  // namespace toucanet
