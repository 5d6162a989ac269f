// Graphs that must leave so many operators and no more.
#include <fstream>
#include <regex>
#include <set>

#include "graphs.h"

namespace toucanet {
namespace {

using Operators = std::map<std::string, int>;

Operators operators_of(GraphMaker& g) {
  ConvertOptions options;
  options.verify = false;
  auto done = convert_graph(g.def(), options);
  EXPECT_TRUE(done) << str(done.error());
  return done ? done->written.operators : Operators{};
}
// Imported nodes have no attributes but those that TensorFlow gave; rewrites must see the others' defaults.
TEST(Lean, ASumOfTwoValuesTakesItsActivation) {
  for (const char* sum : {"Add", "AddV2", "Sub", "Mul", "RealDiv"}) {
    GraphMaker g;
    g.placeholder("x", {2, 3});
    g.placeholder("y", {2, 3});
    g.node("sum", sum, {"x", "y"});
    g.node("out", "Relu", {"sum"});
    const Operators found = operators_of(g);
    EXPECT_EQ(found.size(), 1u) << sum;
    EXPECT_FALSE(found.count("RELU")) << sum;
  }
}

// EQUAL broadcasts in four dimensions.
TEST(Lean, OneValueIsComparedWithFiveDimensionsAsAVector) {
  GraphMaker g;
  g.placeholder("x", {-1, 1, 2, 3, 2});
  g.constant("zero", {}).add_float_val(0);
  g.node("out", "Equal", {"x", "zero"});
  EXPECT_EQ(operators_of(g), (Operators{{"EQUAL", 1}, {"RESHAPE", 2}}));
}

TEST(Lean, DefaultAttributesHaveOneForm) {
  Module m;
  Graph& g = m.add_graph("main");
  const Value x = g.add_input({DType::F32, Shape::of({2}), nullptr}, "x");
  const auto plain = g.add(*find_builtin("ADD"), {}, {x, x}, "a", {});
  ASSERT_TRUE(plain);
  EXPECT_FALSE(g[*plain].attrs.empty());
  EXPECT_EQ(g[*plain].attrs, Attrs(*find_builtin("ADD")->attrs, find_builtin("ADD")->attrs->make()));
}

// The writer leaves out what a reader takes for granted, so the schema's defaults must be as it believes.
TEST(Lean, DefaultsAreLeftOutWhereTheSchemaHasThem) {
  std::ifstream schema(std::string(TOUCANET_SOURCE_DIR) + "/src/export/tflite.fbs");
  ASSERT_TRUE(schema);
  const std::regex table(R"(table (\w+Options) .*)"), field(R"(\s*(\w+): *(\w+) = (\w+);.*)");
  std::smatch m;
  std::set<std::string> other;  // than 0
  for (std::string line, name; std::getline(schema, line);) {
    if (std::regex_match(line, m, table)) name = m[1];
    if (line.starts_with("table") && !std::regex_match(line, table)) name.clear();
    if (!name.empty() && std::regex_match(line, m, field) && (m[3] == "1" || m[3] == "true")) other.insert(name + "." + m[1].str());
  }
  EXPECT_EQ(other, (std::set<std::string>{"AddOptions.pot_scale_int16", "BidirectionalSequenceLSTMOptions.time_major", "Conv2DOptions.dilation_h_factor",
                                          "Conv2DOptions.dilation_w_factor", "Conv3DOptions.dilation_d_factor", "Conv3DOptions.dilation_h_factor",
                                          "Conv3DOptions.dilation_w_factor", "DepthwiseConv2DOptions.dilation_h_factor",
                                          "DepthwiseConv2DOptions.dilation_w_factor", "SubOptions.pot_scale_int16"}));
}

}  // namespace
}  // namespace toucanet
