// .calib reader: changed files whose hashes are made right again, so that what lies behind them is reached. Whatever is
// accepted gives ranges, and merges with nothing of its own.
#include <cstdlib>
#include <cstring>

#include "quantize/calibration_file.h"
#include "quantize/fingerprint.h"

using namespace toucanet;

namespace {

uint64_t hash_of(const char* p, size_t n) {
  ContentHash h;
  h.words(p, n);
  return h.value();
}

// The header of doc/calibration.md.
void seal(std::string& s) {
  if (s.size() < 64) s.resize(64);
  std::memcpy(s.data(), "TOUCALIB\1\0\0\0\0\0\0\0", 16);
  uint64_t facts;
  std::memcpy(&facts, &s[16], 8);
  facts = std::min<uint64_t>(facts, s.size() - 64) / 8 * 8;
  const uint64_t hashes[] = {hash_of(&s[64], facts), hash_of(s.data() + 64 + facts, s.size() - 64 - facts)};
  std::memcpy(&s[16], &facts, 8);
  std::memcpy(&s[40], hashes, 16);
  const uint64_t header = hash_of(s.data(), 56);
  std::memcpy(&s[56], &header, 8);
}

void look(const std::string& bytes) {
  const auto owner = std::make_shared<const std::string>(bytes);
  auto o = parse_calibration(*owner, owner, "x");
  if (!o) return;
  for (const auto& [name, t] : o->tensors)
    for (const RangeAlgorithm a : {RangeAlgorithm::MinMax, RangeAlgorithm::MovingAverage, RangeAlgorithm::Percentile}) {
      const MinMax r = t.by({.algorithm = a}, DType::I8);
      if (!(r.min <= r.max)) std::abort();
      (void)range_cost(t.bins(), r, DType::I8);
    }
  if (o->samples && o->merge(*o)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string s(reinterpret_cast<const char*>(data), size);
  look(s);
  seal(s);
  look(s);
  return 0;
}
