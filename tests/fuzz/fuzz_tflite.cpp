// .tflite reader: flips of valid files. Whatever is accepted is verified, written and read again.
#include <cstdlib>
#include <cstring>

#include "export/write_tflite.h"
#include "import/tflite/read_tflite.h"
#include "ir/text.h"

using namespace toucanet;

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto owner = std::make_shared<const std::string>(reinterpret_cast<const char*>(data), size);
  auto m = read_tflite(owner, *owner);
  if (!m) return 0;
  if (!verify(*m)) return 0;
  auto bytes = write_tflite(*m);
  if (!bytes) return 0;
  auto second = std::make_shared<const std::string>(std::move(*bytes));
  auto again = read_tflite(second, *second);
  if (!again) std::abort();
  return 0;
}

// Offsets and lengths are aligned 32-bit words: change one word, keep the identifier.
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max, unsigned seed) {
  if (size < 16 || seed % 4 == 0) return LLVMFuzzerMutate(data, size, max);
  const size_t at = seed / 4 % (size / 4) * 4;
  if (at != 4) {
    uint32_t word = 0;
    std::memcpy(&word, data + at, 4);
    switch (seed / 64 % 5) {
      case 0: word ^= 1u << (seed / 512 % 32); break;
      case 1: word += 1; break;
      case 2: word -= 1; break;
      case 3: word = static_cast<uint32_t>(-1); break;
      default: std::memcpy(&word, data + seed / 512 % (size / 4) * 4, 4);
    }
    std::memcpy(data + at, &word, 4);
  }
  return size;
}
