#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace toucanet {

// Rows of memory, each ending where a page begins that nobody may touch: a read beyond a row ends the process.
template <class T>
class FencedRows {
 public:
  FencedRows(size_t count, size_t length) : count(count), length(length), page(static_cast<size_t>(sysconf(_SC_PAGESIZE))) {
    row_bytes = (length * sizeof(T) + page - 1) / page * page + page;
    void* memory = mmap(nullptr, bytes(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    base = static_cast<uint8_t*>(memory);
    for (size_t i = 0; i < count; ++i) mprotect(base + (i + 1) * row_bytes - page, page, PROT_NONE);
  }
  FencedRows(const FencedRows&) = delete;
  FencedRows& operator=(const FencedRows&) = delete;
  ~FencedRows() { munmap(base, bytes()); }

  T* row(size_t i) { return reinterpret_cast<T*>(base + (i + 1) * row_bytes - page) - length; }
  const T* row(size_t i) const { return const_cast<FencedRows*>(this)->row(i); }
  size_t size() const { return count; }

 private:
  size_t bytes() const { return count * row_bytes; }

  size_t count, length, page, row_bytes;
  uint8_t* base;
};

}  // namespace toucanet
