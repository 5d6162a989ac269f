// Graphs that must leave so many operators and no more.
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

TEST(Lean, DefaultAttributesHaveOneForm) {
  Module m;
  Graph& g = m.add_graph("main");
  const Value x = g.add_input({DType::F32, Shape::of({2}), nullptr}, "x");
  const auto plain = g.add(*find_builtin("ADD"), {}, {x, x}, "a", {});
  ASSERT_TRUE(plain);
  EXPECT_FALSE(g[*plain].attrs.empty());
  EXPECT_EQ(g[*plain].attrs, Attrs(*find_builtin("ADD")->attrs, find_builtin("ADD")->attrs->make()));
}

}  // namespace
}  // namespace toucanet
