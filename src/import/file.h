#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "diag/diag.h"

namespace toucanet {

/// A file mapped read-only; the mapping lives as long as the object.
class MappedFile {
  void* p_ = nullptr;
  size_t size_ = 0;

 public:
  MappedFile(void* p, size_t n) : p_(p), size_(n) {}
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();
  std::string_view bytes() const { return {static_cast<const char*>(p_), size_}; }
};

/// TN1001 if it cannot be read.
Expected<std::shared_ptr<const MappedFile>> map_file(const std::string& path);
/// The same of an open file, which stays open; `path` is for messages.
Expected<std::shared_ptr<const MappedFile>> map_file(int fd, const std::string& path);

}  // namespace toucanet
