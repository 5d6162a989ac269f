#pragma once
#include <atomic>
#include <cstddef>

namespace toucanet {
extern std::atomic<size_t> allocations;
}
