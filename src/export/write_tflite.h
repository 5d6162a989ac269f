#pragma once
#include <functional>
#include <map>
#include <string_view>

#include "ir/graph.h"

namespace toucanet {

/// A sink for the file's bytes, in order; false: stop (disk full).
using ByteSink = std::function<bool(const void*, size_t)>;

struct WrittenModel {
  size_t bytes = 0;
  std::map<std::string, int> operators;  ///< "CONV_2D" → 15
  /// The values of each graph in the order of its tensors.
  std::vector<std::vector<Value>> tensors;
  std::vector<std::string> tensor_names;  ///< of the main graph
};

/// Writes a module of legal operators as a .tflite file. The same module gives the same bytes. Constants are streamed
/// to the sink, not copied. All operators that cannot be written are named at once (TN5001).
Expected<WrittenModel> write_tflite(const Module&, const ByteSink&);
/// Into memory.
Expected<std::string> write_tflite(const Module&, WrittenModel* info = nullptr);

}  // namespace toucanet
