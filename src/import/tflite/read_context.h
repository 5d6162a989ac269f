#pragma once
// What is known while a file is read: its bytes, the module so far, the problems.
#include <map>
#include <optional>

#include "ir/graph.h"
#include "tflite_generated.h"

namespace toucanet {

struct ReadContext {
  std::shared_ptr<const void> owner;  ///< keeps `bytes` alive
  std::string_view bytes;
  const fb::Model& model;
  Module module = {};
  Diags problems = {};
  std::map<std::string, int> unknown = {};  ///< operators: how often each

  template <class... A>
  void problem(std::string_view where, fmt::format_string<A...> f, A&&... a) {
    constexpr size_t most = 50;
    if (problems.size() < most) problems.push_back(diag("TN1103", "{}: {}", where, fmt::format(f, std::forward<A>(a)...)));
  }
  /// A buffer's bytes lie in the flatbuffer or, at an offset from the file's start, behind it. nullopt: none.
  std::optional<std::string_view> data_of(uint32_t buffer, std::string_view where);
};

}  // namespace toucanet
