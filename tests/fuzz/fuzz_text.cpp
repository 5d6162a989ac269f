// Text form: whatever parses prints the same text again.
#include <cstdlib>

#include "ir/text.h"

using namespace toucanet;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto m = parse_module({reinterpret_cast<const char*>(data), size});
  if (!m) return 0;
  (void)verify(*m);
  const std::string once = print(*m);
  auto again = parse_module(once);
  if (!again || print(*again) != once) std::abort();
  return 0;
}
