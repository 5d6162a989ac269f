// Conditionals of TensorFlow: those whose condition is constant become one of their branches.
#include "graphs.h"
#include "ir/text.h"

namespace toucanet {
namespace {

ConvertOptions outputs(std::vector<std::string> names) {
  ConvertOptions o;
  o.import.outputs = std::move(names);
  return o;
}
// a ↦ op(a).
tf::FunctionDef& branch(GraphMaker& g, const std::string& name, const std::string& op, const std::string& result) {
  auto& f = *g.def().mutable_library()->add_function();
  f.mutable_signature()->set_name(name);
  f.mutable_signature()->add_input_arg()->set_name("a");
  f.mutable_signature()->add_output_arg()->set_name("r");
  GraphMaker::fill(*f.add_node_def(), "inner", op, {"a"});
  (*f.mutable_ret())["r"] = "inner:" + result + ":0";
  return f;
}
tf::NodeDef& conditional(tf::NodeDef& n, const std::string& yes, const std::string& no) {
  (*n.mutable_attr())["then_branch"].mutable_func()->set_name(yes);
  (*n.mutable_attr())["else_branch"].mutable_func()->set_name(no);
  return n;
}
GraphMaker with_branches() {
  GraphMaker g;
  g.placeholder("x", {2});
  branch(g, "yes", "Relu", "activations");
  branch(g, "no", "Neg", "y");
  return g;
}
std::string operators(const Expected<Converted>& c) {
  if (!c) return str(c.error());
  std::string s;
  for (const auto& [op, count] : c->written.operators) s += (s.empty() ? "" : " ") + op;
  return s;
}

TEST(Conditionals, AConstantConditionTakesOneBranch) {
  for (const bool holds : {false, true}) {
    for (const std::string op : {"If", "StatelessIf"}) {
      GraphMaker g = with_branches();
      g.constant("c", {}, tf::DT_BOOL).add_bool_val(holds);
      conditional(g.node("cond", op, {"c", "x"}), "yes", "no");
      g.node("out", "Abs", {"cond"});
      EXPECT_EQ(operators(convert_graph(g.def(), outputs({"out"}))), holds ? "ABS RELU" : "ABS NEG") << op;
      EXPECT_EQ(operators(convert_graph(g.def(), outputs({"cond"}))), holds ? "RELU" : "NEG") << op;
    }
  }
}
TEST(Conditionals, NumbersHoldUnlessTheyAre0AndListsUnlessTheyAreEmpty) {
  const auto taken = [](auto&& fill, const std::vector<int64_t>& dims) {
    GraphMaker g = with_branches();
    fill(g.constant("c", dims, tf::DT_INT32));
    conditional(g.node("out", "If", {"c", "x"}), "yes", "no");
    return operators(convert_graph(g.def(), outputs({"out"})));
  };
  EXPECT_EQ(taken([](tf::TensorProto& t) { t.add_int_val(0); }, {}), "NEG");
  EXPECT_EQ(taken([](tf::TensorProto& t) { t.add_int_val(-2); }, {}), "RELU");
  EXPECT_EQ(taken([](tf::TensorProto& t) { t.add_int_val(0); }, {1}), "RELU");
  EXPECT_EQ(taken([](tf::TensorProto&) {}, {0}), "NEG");
}
TEST(Conditionals, ABranchMayHoldAConditionalAndDecideTheNext) {
  GraphMaker g = with_branches();
  auto& f = *g.def().mutable_library()->add_function();
  f.mutable_signature()->set_name("nested");
  for (const char* arg : {"k", "a"}) f.mutable_signature()->add_input_arg()->set_name(arg);
  f.mutable_signature()->add_output_arg()->set_name("r");
  f.mutable_signature()->add_output_arg()->set_name("also");
  conditional(GraphMaker::fill(*f.add_node_def(), "inner", "StatelessIf", {"k", "a"}), "yes", "no");
  GraphMaker::fill(*f.add_node_def(), "not", "LogicalNot", {"k"});
  (*f.mutable_ret())["r"] = "inner:output:0";
  (*f.mutable_ret())["also"] = "not:y:0";
  g.constant("c", {}, tf::DT_BOOL).add_bool_val(true);
  conditional(g.node("first", "StatelessIf", {"c", "c", "x"}), "nested", "no");
  conditional(g.node("second", "StatelessIf", {"first:1", "first"}), "yes", "no");
  const auto c = convert_graph(g.def(), outputs({"second"}));
  EXPECT_EQ(operators(c), "NEG RELU");
}
TEST(Conditionals, ResultsCountWhateverABranchCallsThem) {
  for (const bool call : {false, true}) {
    GraphMaker g;
    g.placeholder("x", {2});
    auto& f = *g.def().mutable_library()->add_function();
    f.mutable_signature()->set_name("two");
    f.mutable_signature()->add_input_arg()->set_name("a");
    for (const char* name : {"output", "output_1"}) f.mutable_signature()->add_output_arg()->set_name(name);
    GraphMaker::fill(*f.add_node_def(), "relu", "Relu", {"a"});
    GraphMaker::fill(*f.add_node_def(), "neg", "Neg", {"a"});
    (*f.mutable_ret())["output"] = "relu:activations:0";
    (*f.mutable_ret())["output_1"] = "neg:y:0";
    auto& outer = branch(g, "outer", call ? "PartitionedCall" : "If", "output");
    (*outer.mutable_ret())["r"] = "inner:output:1";
    if (call) {
      (*outer.mutable_node_def(0)->mutable_attr())["f"].mutable_func()->set_name("two");
    } else {
      auto& c = *outer.add_node_def();
      *outer.mutable_node_def(0)->mutable_input()->Add() = "a";
      outer.mutable_node_def(0)->set_input(0, "c:output:0");
      GraphMaker::fill(c, "c", "Const");
      (*c.mutable_attr())["dtype"].set_type(tf::DT_BOOL);
      auto& value = *(*c.mutable_attr())["value"].mutable_tensor();
      value.set_dtype(tf::DT_BOOL);
      value.mutable_tensor_shape();
      value.add_bool_val(true);
      conditional(*outer.mutable_node_def(0), "two", "two");
    }
    g.node("out", "outer", {"x"});
    EXPECT_EQ(operators(convert_graph(g.def(), outputs({"out"}))), "NEG") << call;
  }
}
TEST(Conditionals, AConditionThatIsFedIsRefusedOnce) {
  GraphMaker g = with_branches();
  g.placeholder("c", {}, tf::DT_BOOL);
  g.constant("t", {}, tf::DT_BOOL).add_bool_val(true);
  conditional(g.node("decided", "StatelessIf", {"t", "x"}), "yes", "no");
  conditional(g.node("open", "StatelessIf", {"c", "decided"}), "yes", "no");
  g.node("strange", "NoSuchOp", {"x"});
  g.node("out", "Add", {"open", "strange"});
  const auto c = convert_graph(g.def(), outputs({"out"}));
  ASSERT_FALSE(c);
  ASSERT_EQ(c.error().size(), 1u) << str(c.error());
  EXPECT_EQ(c.error()[0].code, "TN2001");
  EXPECT_EQ(c.error()[0].nodes, (std::vector<std::string>{"strange", "open"}));
}
TEST(Conditionals, ABranchThatDoesNotExistOrCallsItself) {
  GraphMaker g = with_branches();
  g.constant("c", {}, tf::DT_BOOL).add_bool_val(true);
  conditional(g.node("out", "If", {"c", "x"}), "gone", "no");
  const auto missing = convert_graph(g.def(), outputs({"out"}));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error()[0].code, "TN2001");

  GraphMaker again;
  again.placeholder("x", {2});
  again.constant("c", {}, tf::DT_BOOL).add_bool_val(true);
  auto& f = *again.def().mutable_library()->add_function();
  f.mutable_signature()->set_name("loop");
  for (const char* arg : {"k", "a"}) f.mutable_signature()->add_input_arg()->set_name(arg);
  f.mutable_signature()->add_output_arg()->set_name("r");
  conditional(GraphMaker::fill(*f.add_node_def(), "inner", "If", {"k", "k", "a"}), "loop", "loop");
  (*f.mutable_ret())["r"] = "inner:output:0";
  conditional(again.node("out", "If", {"c", "c", "x"}), "loop", "loop");
  const auto loop = convert_graph(again.def(), outputs({"out"}));
  ASSERT_FALSE(loop);
  EXPECT_EQ(loop.error()[0].code, "TN1011");
}
TEST(Conditionals, AConditionThatWasCutIsNotConstant) {
  GraphMaker g = with_branches();
  g.constant("t", {}, tf::DT_BOOL).add_bool_val(true);
  g.node("c", "Identity", {"t"});
  conditional(g.node("out", "If", {"c", "x"}), "yes", "no");
  auto o = outputs({"out"});
  o.import.inputs.push_back({"x", {}, {}});
  EXPECT_EQ(operators(convert_graph(g.def(), o)), "RELU");
  o.import.inputs.push_back({"c", {}, {}});
  const auto c = convert_graph(g.def(), o);
  ASSERT_FALSE(c);
  EXPECT_EQ(c.error()[0].code, "TN2001");
}
TEST(Conditionals, ResultsThatAreInputsStayInputs) {
  GraphMaker g = with_branches();
  g.constant("c", {}, tf::DT_BOOL).add_bool_val(true);
  conditional(g.node("cond", "If", {"c", "x"}), "yes", "no");
  g.node("out", "Abs", {"cond"});
  auto o = outputs({"out"});
  o.import.inputs.push_back({"cond", Shape({Dim(2)}), DType::F32});
  EXPECT_EQ(operators(convert_graph(g.def(), o)), "ABS");
}
TEST(Conditionals, NoTensorHasMoreElementsThanTensorFlowLiteCounts) {
  for (const int64_t most : {int64_t{2147483647}, int64_t{2147483646}}) {
    GraphMaker g = with_branches();
    g.placeholder("y", {-1, 3});
    auto& size = g.node("size", "Size", {"y"});
    (*size.mutable_attr())["out_type"].set_type(tf::DT_INT64);
    g.constant("most", {}, tf::DT_INT64).add_int64_val(most);
    g.node("c", "LessEqual", {"size", "most"});
    conditional(g.node("out", "If", {"c", "x"}), "yes", "no");
    const auto c = convert_graph(g.def(), outputs({"out"}));
    EXPECT_EQ(static_cast<bool>(c), most == 2147483647) << operators(c);
  }
}

}  // namespace
}  // namespace toucanet
