#pragma once
// Where a value came from: TensorFlow nodes and the rewrites that made it, as ids into a shared DAG.
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace toucanet {

struct OriginId {
  uint32_t index = 0;  ///< 0: none
  bool operator==(const OriginId&) const = default;
};

class Origins {
  struct Entry {
    uint32_t source = 0;            // index into sources_, when a leaf
    uint32_t a = 0, b = 0;          // merged origins
    const char* rewrite = nullptr;  // static name
  };
  std::vector<Entry> entries_{1};
  std::deque<std::string> sources_{""}, kinds_{""};
  std::unordered_map<std::string_view, uint32_t> ids_;  // keys lie in sources_

 public:
  /// The origin of a node of the user's model; kind is its TensorFlow op, may be empty.
  OriginId source(std::string_view name, std::string_view kind = {});
  /// O(1). `rewrite` must have static lifetime; nullptr where no rewrite is behind it.
  OriginId merge(OriginId a, OriginId b, const char* rewrite);

  /// Distinct source names, first contributed first.
  std::vector<std::string_view> names(OriginId) const;
  /// Distinct rewrites, latest first.
  std::vector<std::string_view> rewrites(OriginId) const;
  /// The last name contributed: the node whose value this is. Empty if none.
  std::string_view last(OriginId) const;
  std::string_view kind(std::string_view source) const;
  /// "a+b+c", at most `limit` names.
  std::string str(OriginId, size_t limit = ~size_t{0}) const;
};

}  // namespace toucanet
