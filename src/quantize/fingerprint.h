#pragma once
#include "ir/graph.h"

namespace toucanet {

/// 64 bits of everything that was added, in order.
class ContentHash {
  uint64_t h_ = 0x9e3779b97f4a7c15u;

 public:
  void number(uint64_t v) { h_ = (h_ ^ v) * 0xff51afd7ed558ccdu, h_ ^= h_ >> 32; }
  /// Eight bytes at a time; how the bytes are cut into calls does not matter as long as they are cut by eight.
  void words(const void*, size_t bytes);
  void text(std::string_view s) { number(s.size()), words(s.data(), s.size()); }
  uint64_t value() const { return h_; }
};

/// A hash of what a model computes: operators with their attributes and operands, types, shapes, constants; not of names.
uint64_t fingerprint(const Module&);

}  // namespace toucanet
