// Damaged, contradictory and adversarial files: every problem is a Diag with the user's own node name, and all are told at once.
#include <random>

#include "export/write_tflite.h"
#include "graphs.h"
#include "import/tflite/read_tflite.h"
#include "ir/text.h"

namespace toucanet {
namespace {

// Each expectation: a code, the node, and a part of the text.
struct Want {
  std::string code, node, part = {};
};
void expect(const Expected<Converted>& c, const std::vector<Want>& wants) {
  if (c) {
    ADD_FAILURE() << "it was converted";
    return;
  }
  for (const Want& w : wants) {
    bool found = false;
    for (const Diag& d : c.error()) {
      const bool named = d.node == w.node || std::find(d.nodes.begin(), d.nodes.end(), w.node) != d.nodes.end();
      found = found || (d.code == w.code && named && d.str().find(w.part) != std::string::npos);
    }
    EXPECT_TRUE(found) << w.code << " at '" << w.node << "' with '" << w.part << "' is missing in:\n" << str(c.error());
  }
  EXPECT_EQ(c.error().size(), wants.size()) << str(c.error());
}
ConvertOptions outputs(std::vector<std::string> names) {
  ConvertOptions o;
  o.import.outputs = std::move(names);
  return o;
}
ConvertOptions quick() {
  ConvertOptions o;
  o.verification.samples = 1;
  return o;
}
// Refused with a code and a sentence, or converted and not wrong.
void survives(const std::string& bytes) {
  const auto c = convert_bytes(bytes, quick());
  if (c) {
    EXPECT_NE(c->verification.status, Verification::Status::Wrong) << c->verification.reason;
    return;
  }
  ASSERT_FALSE(c.error().empty());
  for (const Diag& d : c.error()) EXPECT_TRUE(d.code.starts_with("TN") && !d.code.starts_with("TN9") && !d.what.empty()) << d.str();
}

TEST(BadGraph, TheSmallGraphItselfIsGood) {
  const auto c = convert_graph(GraphMaker::small().def());
  ASSERT_TRUE(c) << str(c.error());
  EXPECT_EQ(c->verification.status, Verification::Status::Right) << c->verification.reason;
}
TEST(BadGraph, EveryTruncation) {
  const auto bytes = GraphMaker::small().def().SerializeAsString();
  for (size_t n = 0; n < bytes.size(); ++n) survives(bytes.substr(0, n));
}
TEST(BadGraph, BitFlips) {
  const auto bytes = GraphMaker::small().def().SerializeAsString();
  std::mt19937 random(1);
  for (int i = 0; i < 400; ++i) {
    std::string b = bytes;
    for (int k = 0; k <= i % 3; ++k) b[random() % b.size()] ^= static_cast<char>(1u << random() % 8);
    survives(b);
  }
}
TEST(BadGraph, NotAGraph) {
  expect(convert_bytes(""), {{"TN1002", ""}});
  expect(convert_bytes(std::string("\xff\xff\xff\xff", 4)), {{"TN1002", ""}});
  expect(convert_bytes("node { name: 5 }"), {{"TN1003", "", "line 1"}});
  expect(convert_bytes("PK\x03\x04 an archive"), {{"TN1002", ""}});
}
// A known field of another wire type.
TEST(BadGraph, WireTypes) {
  expect(convert_bytes(std::string("\x08\x01", 2)), {{"TN1002", ""}});
  // node { attr { key: "a" value: <i as fixed32> } }
  expect(convert_bytes(std::string("\x0a\x0c\x2a\x0a\x0a\x01"
                                   "a\x12\x05\x1d\x01\x00\x00\x00",
                                   14)),
         {{"TN1002", ""}});
}
TEST(BadGraph, Cycle) {
  GraphMaker g;
  g.placeholder("x", {2});
  g.node("a", "Add", {"x", "b"});
  g.node("b", "Relu", {"a"});
  g.node("out", "Relu", {"b"});
  expect(convert_graph(g.def()), {{"TN1011", "b", "'a'"}});
}
TEST(BadGraph, ReadsItself) {
  GraphMaker g;
  g.node("a", "Relu", {"a"});
  expect(convert_graph(g.def(), outputs({"a"})), {{"TN1011", "a"}});
}
TEST(BadGraph, DuplicateNames) {
  GraphMaker g = GraphMaker::small();
  g.node("net/conv", "Relu", {"x"});
  g.node("x", "Relu", {"w"});
  expect(convert_graph(g.def()), {{"TN1007", "net/conv"}, {"TN1007", "x"}});
}
TEST(BadGraph, MissingInputs) {
  GraphMaker g = GraphMaker::small();
  g.node("one", "Relu", {"nowhere"});
  g.node("two", "Add", {"x", "x:banana"});
  expect(convert_graph(g.def(), outputs({"out", "one", "two"})), {{"TN1010", "one", "nowhere"}, {"TN1010", "two", "x:banana"}});
}
TEST(BadGraph, ResultsThatDoNotExist) {
  GraphMaker g = GraphMaker::small();
  g.node("seventh", "Relu", {"net/conv:7"});
  expect(convert_graph(g.def(), outputs({"seventh"})), {{"TN1010", "seventh", "1 result"}});
  expect(convert_graph(g.def(), outputs({"net/conv:7"})), {{"TN1004", "net/conv:7"}});
  expect(convert_graph(g.def(), outputs({"net/conv:4000000000"})), {{"TN1004", "net/conv:4000000000"}});
}
TEST(BadGraph, UnknownNamesWithTheNearest) {
  const auto g = GraphMaker::small();
  auto o = outputs({"ot", "net/cnov"});
  o.import.inputs.push_back({"y", {}, {}});
  auto made = GraphMaker::small();
  expect(convert_graph(made.def(), o), {{"TN1004", "ot", "'out'"}, {"TN1004", "net/cnov", "'net/conv'"}, {"TN1004", "y"}});
}
TEST(BadGraph, ConstantsThatClaimTooMuch) {
  GraphMaker g;
  g.placeholder("x", {1});
  g.constant("huge", {1 << 20, 1 << 20}).add_float_val(1);
  g.constant("empty", {1 << 20, 1 << 20});
  g.constant("wrapped", {int64_t{1} << 32, int64_t{1} << 32, 4}).set_tensor_content("1234");
  g.constant("short", {1 << 20, 1 << 19}).set_tensor_content("1234");
  g.constant("many", {2}).set_tensor_content(std::string(100, 'x'));
  for (int i = 0; i < 3; ++i) g.def().mutable_node(5)->mutable_attr()->at("value").mutable_tensor()->add_float_val(1);
  g.constant("words", {1 << 30}, tf::DT_STRING).add_string_val("x");
  auto& n = g.node("out", "AddN", {"huge", "empty", "wrapped", "short", "many", "words"});
  (*n.mutable_attr())["N"].set_i(6);
  expect(convert_graph(g.def(), outputs({"out"})),
         {{"TN1006", "huge"}, {"TN1006", "empty"}, {"TN1006", "wrapped"}, {"TN1006", "short"}, {"TN1006", "many"}, {"TN1006", "words"}});
}
TEST(BadGraph, ConstantsOfStrangeShapeAndType) {
  GraphMaker g;
  g.constant("negative", {-2}).add_float_val(1);
  g.constant("typeless", {1}, static_cast<tf::DataType>(77));
  g.constant("odd", {1}, tf::DT_COMPLEX64).add_scomplex_val(1);
  g.constant("listed", {1}).mutable_float_val()->Add(1), g.def().mutable_node(3)->mutable_attr()->at("value").mutable_tensor()->add_float_val(2);
  g.node("hollow", "Const");
  g.node("out", "IdentityN", {"negative", "typeless", "odd", "listed", "hollow"});
  expect(convert_graph(g.def(), outputs({"out"})),
         {{"TN1006", "negative"}, {"TN1006", "typeless"}, {"TN1006", "odd"}, {"TN1006", "listed"}, {"TN2003", "hollow"}});
}
TEST(BadGraph, NegativeAndAbsurdPlaceholders) {
  for (int64_t d : {int64_t{-5}, int64_t{0}, int64_t{1} << 62, std::numeric_limits<int64_t>::min()}) {
    GraphMaker g = GraphMaker::small();
    g.def().mutable_node(0)->mutable_attr()->at("shape").mutable_shape()->mutable_dim(1)->set_size(d);
    survives(g.def().SerializeAsString());
  }
}
TEST(BadGraph, FunctionThatCallsItself) {
  GraphMaker g;
  g.placeholder("x", {2});
  auto& f = *g.def().mutable_library()->add_function();
  f.mutable_signature()->set_name("f");
  f.mutable_signature()->add_input_arg()->set_name("a");
  f.mutable_signature()->add_output_arg()->set_name("r");
  GraphMaker::fill(*f.add_node_def(), "again", "f", {"a"});
  (*f.mutable_ret())["r"] = "again:r:0";
  g.node("out", "f", {"x"});
  expect(convert_graph(g.def(), outputs({"out"})), {{"TN1011", "out/again", "'f' calls itself"}});
}
TEST(BadGraph, FunctionsThatCallTwice) {  // 2^40 calls, inlined
  GraphMaker g;
  g.placeholder("x", {2});
  for (int i = 0; i < 40; ++i) {
    auto& f = *g.def().mutable_library()->add_function();
    f.mutable_signature()->set_name("f" + std::to_string(i));
    f.mutable_signature()->add_input_arg()->set_name("a");
    f.mutable_signature()->add_output_arg()->set_name("r");
    const std::string inner = i ? "f" + std::to_string(i - 1) : "Relu", result = i ? ":r:0" : ":activations:0";
    GraphMaker::fill(*f.add_node_def(), "one", inner, {"a"});
    GraphMaker::fill(*f.add_node_def(), "two", inner, {"a"});
    GraphMaker::fill(*f.add_node_def(), "sum", "Add", {"one" + result, "two" + result});
    (*f.mutable_ret())["r"] = "sum:z:0";
  }
  g.node("out", "f39", {"x"});
  const auto c = convert_graph(g.def(), outputs({"out"}));
  ASSERT_FALSE(c);
  for (const Diag& d : c.error()) EXPECT_EQ(d.code, "TN1014") << d.str();
}
TEST(BadGraph, LoopOfNextIteration) {
  GraphMaker g;
  g.placeholder("x", {2});
  g.node("enter", "Enter", {"x"});
  g.node("merge", "Merge", {"enter", "next"});
  g.node("next", "NextIteration", {"body"});
  g.node("body", "Relu", {"merge"});
  g.node("exit", "Exit", {"body"});
  const auto c = convert_graph(g.def(), outputs({"exit"}));
  ASSERT_FALSE(c);
  EXPECT_EQ(c.error()[0].code, "TN2001");
  EXPECT_NE(c.error()[0].str().find("NextIteration"), std::string::npos) << str(c.error());
}
TEST(BadGraph, VariablesThatWereNotFrozen) {
  GraphMaker g;
  g.placeholder("x", {2});
  g.node("v", "VariableV2");
  g.node("h", "VarHandleOp");
  g.node("read", "ReadVariableOp", {"h"});
  auto& n = g.node("out", "AddN", {"x", "v", "read"});
  (*n.mutable_attr())["N"].set_i(3);
  const auto c = convert_graph(g.def(), outputs({"out"}));
  expect(c, {{"TN2001", "v", "not frozen"}});
}
TEST(BadGraph, ANodeWithoutAnOperatorIsNoCustomOperator) {
  GraphMaker g;
  g.placeholder("x", {2});
  g.node("out", "", {"x"});
  ConvertOptions o;
  o.import.allow_custom_ops = true;
  expect(convert_graph(g.def(), o), {{"TN2001", "out"}});
  g.def().mutable_node(1)->set_op("Mystery");
  EXPECT_TRUE(convert_graph(g.def(), o));
}
TEST(BadGraph, AttributesOfTheWrongKind) {
  auto g = GraphMaker::small();
  auto& attrs = *g.def().mutable_node(2)->mutable_attr();
  attrs["strides"].set_s("1,1");
  attrs["padding"].set_i(3);
  expect(convert_graph(g.def()), {{"TN2003", "net/conv", "'strides' is of the wrong kind"}, {"TN2003", "net/conv", "'padding' is of the wrong kind"}});
}
TEST(BadGraph, AttributesThatNobodyKnows) {
  auto g = GraphMaker::small();
  (*g.def().mutable_node(2)->mutable_attr())["colour"].set_i(3);
  (*g.def().mutable_node(2)->mutable_attr())["_output_shapes"].mutable_list();
  (*g.def().mutable_node(3)->mutable_attr())["limit"].set_f(3);
  expect(convert_graph(g.def()), {{"TN2004", "net/conv", "'colour'"}});  // `out` was not looked at: its operand is missing
}
TEST(BadGraph, RequiredAttributesThatAreMissing) {
  auto g = GraphMaker::small();
  g.def().mutable_node(2)->mutable_attr()->erase("strides");
  g.def().mutable_node(2)->mutable_attr()->erase("padding");
  expect(convert_graph(g.def()), {{"TN2003", "net/conv", "'strides' is missing"}, {"TN2003", "net/conv", "'padding' is missing"}});
}
TEST(BadGraph, ValuesThatNoAttributeHas) {
  auto g = GraphMaker::small();
  (*g.def().mutable_node(2)->mutable_attr())["padding"].set_s("MAYBE");
  expect(convert_graph(g.def()), {{"TN2003", "net/conv", "'MAYBE'"}});
}
TEST(BadGraph, OperandsThatAreMissingOrTooMany) {
  for (auto op : importable_tf_ops()) {
    for (size_t n : {0, 1, 9}) {
      GraphMaker g;
      g.placeholder("x", {2, 3});
      g.node("out", std::string(op), std::vector<std::string>(n, "x"));
      const auto c = convert_graph(g.def(), outputs({"out"}));
      if (c) continue;
      for (const Diag& d : c.error()) EXPECT_FALSE(d.code.starts_with("TN9")) << op << " of " << n << ": " << d.str();
    }
  }
}
TEST(BadGraph, SeveralProblemsAtOnce) {
  auto g = GraphMaker::small();
  g.node("a", "NoSuchOperator", {"x"});
  auto& b = g.node("b", "MaxPool", {"x"});
  (*b.mutable_attr())["padding"].set_s("SAME");
  g.constant("c", {3}).set_tensor_content("12");
  g.node("d", "Add", {"x", "c"});
  const auto c = convert_graph(g.def(), outputs({"out", "a", "b", "d"}));
  expect(c, {{"TN2001", "a"}, {"TN2003", "b", "'ksize' is missing"}, {"TN2003", "b", "'strides' is missing"}, {"TN1006", "c"}});
}

std::string small_tflite() {
  auto made = GraphMaker::small();
  auto c = convert_graph(made.def());
  return c ? c->bytes : "";
}
void survives_tflite(std::string b) {
  auto owner = std::make_shared<const std::string>(std::move(b));
  auto m = read_tflite(owner, *owner);
  if (!m) {
    ASSERT_FALSE(m.error().empty());
    for (const Diag& d : m.error()) EXPECT_TRUE(d.code.starts_with("TN11")) << d.str();
    return;
  }
  if (verify(*m)) (void)write_tflite(*m);
}
TEST(BadTflite, EveryTruncation) {
  const auto b = small_tflite();
  ASSERT_FALSE(b.empty());
  for (size_t n = 0; n < b.size(); n += 3) survives_tflite(b.substr(0, n));
}
TEST(BadTflite, WordFlips) {
  const auto b = small_tflite();
  ASSERT_GT(b.size(), 16u);
  for (size_t at = 8; at + 4 <= b.size(); at += 4)
    for (uint32_t x : {1u, 2u, 0x80000000u, 0xffffffffu, 0x100u}) {
      std::string c = b;
      uint32_t word;
      std::memcpy(&word, c.data() + at, 4);
      word ^= x;
      std::memcpy(c.data() + at, &word, 4);
      survives_tflite(std::move(c));
    }
}
TEST(BadTflite, NotAFile) {
  for (std::string s : {std::string(), std::string("TFL3"), std::string("\0\0\0\0TFL3", 8), std::string(100, 'x')}) {
    auto owner = std::make_shared<const std::string>(s);
    const auto m = read_tflite(owner, *owner);
    ASSERT_FALSE(m);
    EXPECT_EQ(m.error()[0].code, "TN1101");
  }
}

constexpr const char* text = R"(graph "main"
  %x = input "x" : f32[n,3]
  %w = const : f32[2,3] = [1, 2, 3, 4, 5, 6]
  %y = fully_connected(%x, %w, _) {fused_activation_function=relu} : f32[n,2] "dense" @a+b
  return %y "out"
signature "serving_default" graph0 inputs("x"=0) outputs("out"=0)
)";
void survives_text(const std::string& s) {
  auto m = parse_module(s);
  if (m) {
    (void)verify(*m);
    (void)print(*m);
    return;
  }
  ASSERT_FALSE(m.error().empty());
  for (const Diag& d : m.error()) EXPECT_TRUE(d.code.starts_with("TN1")) << d.str();
}
TEST(BadText, EveryTruncationAndFlip) {
  const std::string good = text;
  ASSERT_TRUE(parse_module(good)) << str(parse_module(good).error());
  for (size_t n = 0; n < good.size(); ++n) {
    survives_text(good.substr(0, n));
    for (char c : {'(', ')', '%', '"', '[', '-', '9', ' ', '\n', ','}) {
      std::string s = good;
      s[n] = c;
      survives_text(s);
    }
  }
}
TEST(BadText, SaysTheLine) {
  const std::pair<const char*, const char*> cases[] = {
      {"%x = nothing()", "no operator 'nothing'"},
      {"%x = input : f32[99999999999999999999]", "no type"},
      {"%x = const : f32[99999,99999,99999]", "too large"},
      {"%x = const : f32[2] = [1,2,3]", "values were expected"},
      {"%x = const : i2", "no text form"},
      {"%x = const : resource[2]", "no text form"},
      {"%x = input : f32[2]\n%y = relu(%z)", "%z is not defined"},
      {"%x = input : f32[2]\n%x = input : f32[2]", "defined twice"},
      {"%x = input : f32[2]\n%y = relu(%x) : f32[3]", "the type is"},
      {"%x = input : f32[2]\n%y = relu(%x, %x)", "operands"},
      {"return %x", "outside a graph"},
      {"graph\n return %x", "not defined"},
  };
  for (const auto& [s, part] : cases) {
    const auto m = parse_module(s);
    ASSERT_FALSE(m) << s;
    EXPECT_NE(str(m.error()).find(part), std::string::npos) << s << ": " << str(m.error());
    EXPECT_NE(str(m.error()).find("line "), std::string::npos) << s;
  }
}

TEST(BadText, AFloatEndsWhereItsAttributeEnds) {
  const std::string before = "%x = input : f32[2]\n%y = leaky_relu(%x) {alpha=0.5", after = "}\nreturn %y";
  EXPECT_TRUE(parse_module(before + after));
  for (const std::string& more : {std::string("x"), std::string("\0", 1), std::string("\0\"\\", 3)}) EXPECT_FALSE(parse_module(before + more + after)) << more;
}

TEST(BadTflite, ADimensionBeyondTheFormatIsNotWritten) {
  const auto m = parse_module(R"(
  %x = input "x" : f32[1751348321,4,6,2]
  %b = const : i32[2] = [2, 2]
  %p = const : i32[2,2] = [0, 0, 0, 0]
  %y = space_to_batch_nd(%x, %b, %p)
  return %y "y"
)");
  ASSERT_TRUE(m) << str(m.error());
  const auto bytes = write_tflite(*m);
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error()[0].code, "TN5002");
}

TEST(BadInput, BooleansOfOtherBytesAreTrue) {
  tf::TensorProto p;
  p.set_dtype(tf::DT_BOOL);
  p.mutable_tensor_shape()->add_dim()->set_size(3);
  p.set_tensor_content(std::string("\x00\x02\xff", 3));
  const auto proto = std::make_shared<const std::string>(p.SerializeAsString());
  const auto t = read_tensor(*proto, proto);
  ASSERT_TRUE(t) << str(t.error());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(static_cast<int>(t->raw()[i]), i > 0) << i;
}

}  // namespace
}  // namespace toucanet
