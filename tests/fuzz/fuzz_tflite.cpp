// .tflite reader: flips of valid files. Whatever is accepted is verified, written and read again.
#include <cstdlib>

#include "export/write_tflite.h"
#include "flip_fields.h"
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

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max, unsigned seed) {
  if (size < 16 || seed % 4 == 0) return LLVMFuzzerMutate(data, size, max);
  if (seed % 4 == 1 || !FieldFlips(seed)(data, size)) flip_word(data, size, seed);
  return size;
}
