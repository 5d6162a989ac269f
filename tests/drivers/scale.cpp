// Conversion takes time in proportion to the graph, and no stack.
#include <gtest/gtest.h>

#include <ctime>

#include "pipeline/convert.h"

namespace toucanet {
namespace {

std::string varint(uint64_t n) {
  std::string s;
  for (; n > 127; n >>= 7) s += static_cast<char>((n & 127) | 128);
  return s + static_cast<char>(n);
}
std::string chunk(int field, const std::string& content) { return varint(static_cast<uint64_t>(field) << 3 | 2) + varint(content.size()) + content; }
std::string attr(const std::string& key, const std::string& value) { return chunk(5, chunk(1, key) + chunk(2, value)); }
std::string node(const std::string& name, const std::string& op, const std::vector<std::string>& inputs) {
  std::string s = chunk(1, name) + chunk(2, op);
  for (const auto& i : inputs) s += chunk(3, i);
  return s + attr(op == "Placeholder" ? "dtype" : "T", {'\x30', '\x01'});
}

// Unary operators that do not merge; every fourth reads the graph's input too.
std::string chain(int count, bool branches) {
  constexpr const char* unary[] = {"Tanh", "Neg", "Sigmoid", "Sin"};
  const std::string shape = chunk(7, chunk(2, {'\x08', '\x04'}));
  std::string bytes = chunk(1, node("x", "Placeholder", {}) + attr("shape", shape)), last = "x";
  for (int i = 0; i < count; ++i) {
    const std::string name = "n" + std::to_string(i);
    bytes += chunk(1, branches && i % 4 == 1 ? node(name, "Mul", {last, "x"}) : node(name, unary[i % 4], {last}));
    last = name;
  }
  return bytes;
}

// Each operator reads the graph's input, directly or through an identity of its own.
std::string fan_out(int count, bool identities) {
  const std::string shape = chunk(7, chunk(2, {'\x08', '\x04'}));
  std::string bytes = chunk(1, node("x", "Placeholder", {}) + attr("shape", shape)), last = "x";
  for (int i = 0; i < count; ++i) {
    const std::string name = "n" + std::to_string(i), same = "i" + std::to_string(i);
    if (identities) bytes += chunk(1, node(same, "Identity", {"x"}));
    bytes += chunk(1, node(name, "Mul", {last, identities ? same : "x"}));
    last = name;
  }
  return bytes;
}

// Of the processor.
double seconds_to_convert(int count, std::string graph) {
  const auto bytes = std::make_shared<const std::string>(std::move(graph));
  const auto start = std::clock();
  auto def = read_graph_def(bytes, *bytes);
  EXPECT_TRUE(def);
  ConvertOptions options;
  options.verify = false;
  options.keep_source = false;
  auto c = def ? convert(*def, options) : Expected<Converted>(def.error());
  EXPECT_TRUE(c) << str(c.error());
  int operators = 0;
  if (c)
    for (const auto& [name, n] : c->written.operators) operators += n;
  EXPECT_EQ(operators, count);
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

// Ten times the nodes leave the cache; a quadratic step would take a hundred times as long.
TEST(Scale, TimeIsLinearInTheNodes) {
  double small = 1e9, large = 1e9;
  for (int i = 0; i < 2; ++i) {
    small = std::min(small, seconds_to_convert(2'000, chain(2'000, true)));
    large = std::min(large, seconds_to_convert(20'000, chain(20'000, true)));
  }
  EXPECT_LT(large, 30 * small);
}

TEST(Scale, LongChainsNeedNoStack) { seconds_to_convert(100'000, chain(100'000, false)); }

TEST(Scale, AValueMayHaveAHundredThousandReaders) {
  for (bool identities : {false, true})
    EXPECT_LT(seconds_to_convert(100'000, fan_out(100'000, identities)), 40 * seconds_to_convert(10'000, fan_out(10'000, identities)));
}

}  // namespace
}  // namespace toucanet
