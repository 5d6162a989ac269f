// Text form: whatever parses prints the same text again. The mutator works on lines and words.
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <random>

#include "ir/text.h"

using namespace toucanet;

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max);

static int64_t constant_elements(const Module& m) {
  int64_t all = 0;
  for (const Graph& g : m.graphs)
    for (NodeId id : g.topological())
      if (g[id].is<Const>()) all += g[id].constant->elements();
  return all;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto m = parse_module({reinterpret_cast<const char*>(data), size});
  if (!m) return 0;
  (void)verify(*m);
  if (constant_elements(*m) > 100'000) return 0;  // the printed text would be megabytes
  const std::string once = print(*m);
  auto again = parse_module(once);
  if (!again || print(*again) != once) std::abort();
  return 0;
}

namespace {

// Runs of letters and digits, or one other character.
std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> all;
  bool in_word = false;
  for (char c : text) {
    const bool letter = std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.';
    if (letter && in_word) all.back() += c;
    else all.emplace_back(1, c);
    in_word = letter;
  }
  return all;
}

std::string changed(std::string_view text, unsigned seed) {
  std::mt19937 random(seed);
  const auto pick = [&](size_t n) { return random() % std::max<size_t>(1, n); };
  constexpr const char* dictionary[] = {"0",
                                        "1",
                                        "-1",
                                        "2",
                                        "99",
                                        "1000000",
                                        "4294967295",
                                        "99999999999999999999",
                                        "nan",
                                        "inf",
                                        "0x",
                                        "0x00",
                                        "[",
                                        "]",
                                        "{",
                                        "}",
                                        "(",
                                        ")",
                                        ",",
                                        ":",
                                        "=",
                                        "\"",
                                        "\\",
                                        "@a+b",
                                        "%x",
                                        "_",
                                        "f32",
                                        "i8",
                                        "i32",
                                        "bool",
                                        "string",
                                        "token",
                                        "c64",
                                        "u64",
                                        "n",
                                        "?",
                                        "\n",
                                        "const",
                                        "input",
                                        "graph",
                                        "return",
                                        "add",
                                        "while",
                                        "if",
                                        "[]",
                                        "[2,3]",
                                        "[1, 2]",
                                        "[\"a\"]",
                                        "signature \"s\" graph9 inputs(\"x\"=9) outputs()"};
  constexpr const char* ends[] = {"", "\"", "\"\\", "[", "[\"", "(", "{", "=", ",", ":", "0x", "@"};
  auto all = words(text);
  if (all.empty()) return std::string(text);
  const size_t at = pick(all.size());
  const auto line_start = [&](size_t i) {
    while (i > 0 && all[i - 1] != "\n") --i;
    return i;
  };
  const auto line_end = [&](size_t i) { return static_cast<size_t>(std::find(all.begin() + static_cast<std::ptrdiff_t>(i), all.end(), "\n") - all.begin()); };
  const auto iterator = [&](size_t i) { return all.begin() + static_cast<std::ptrdiff_t>(std::min(i, all.size())); };
  switch (pick(9)) {
    case 0:
    case 1: all[at] = dictionary[pick(std::size(dictionary))]; break;
    case 2: all.insert(iterator(at), dictionary[pick(std::size(dictionary))]); break;
    case 3: all[at] = std::string(all[pick(all.size())]); break;
    case 4: all.erase(iterator(at), iterator(at + 1 + pick(3))); break;
    case 5: all.erase(iterator(line_start(at)), iterator(line_end(at) + 1)); break;
    case 6: {  // a line once more, elsewhere
      std::vector<std::string> line(iterator(line_start(at)), iterator(line_end(at) + 1));
      all.insert(iterator(line_start(pick(all.size()))), line.begin(), line.end());
      break;
    }
    case 7:  // a line is cut, after something that waits for its end
      all.erase(iterator(at), iterator(line_end(at)));
      all.insert(iterator(at), ends[pick(std::size(ends))]);
      break;
    default: all.resize(at);
  }
  std::string out;
  for (const auto& w : all) out += w;
  return out;
}

}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max, unsigned seed) {
  if (seed % 4 == 0) return LLVMFuzzerMutate(data, size, max);
  std::string out(reinterpret_cast<const char*>(data), size);
  for (unsigned i = 0; i <= seed / 4 % 3; ++i) out = changed(out, seed + i);
  if (out.size() > max) return size;
  std::memcpy(data, out.data(), out.size());
  return out.size();
}
