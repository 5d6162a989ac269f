// Counts the allocations of the whole test program.
#include "allocations.h"

#include <cstdlib>
#include <new>

namespace toucanet {
std::atomic<size_t> allocations{0};
}

void* operator new(size_t n) {
  ++toucanet::allocations;
  if (void* p = std::malloc(n ? n : 1)) return p;
  throw std::bad_alloc();
}
void* operator new(size_t n, const std::nothrow_t&) noexcept {
  ++toucanet::allocations;
  return std::malloc(n ? n : 1);
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, size_t) noexcept { std::free(p); }
