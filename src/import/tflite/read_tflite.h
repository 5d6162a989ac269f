#pragma once
#include <memory>
#include <string_view>

#include "ir/graph.h"

namespace toucanet {

/// Reads a .tflite file (schema version 3). Everything is checked before use; constants stay in `owner`'s memory.
/// TN1101 damaged, TN1102 operators unknown here (all at once), TN1103 inconsistent.
Expected<Module> read_tflite(std::shared_ptr<const void> owner, std::string_view bytes);
Expected<Module> read_tflite_file(const std::string& path);
bool is_tflite(std::string_view bytes);

}  // namespace toucanet
