// The public API: C++ through its headers, the examples of doc/ as programs, what the shared library shows.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "export/write_tflite.h"
#include "ir/text.h"
#include "toucanet/convert.h"
#include "toucanet/inspect.h"
#include "toucanet/interpreter.h"
#include "toucanet/toucanet.h"

namespace toucanet {
namespace {

constexpr const char* doubling = R"(graph main
  %x = input "x" : f32[n,3]
  %y = add(%x, %x)
  return %y "y"
)";

std::string file_of(const char* text) {
  auto m = parse_module(text);
  EXPECT_TRUE(m) << str(m.error());
  m->signatures.push_back({"serve", 0, {{"left", 0}}, {{"sum", 0}}});
  auto bytes = write_tflite(*m);
  EXPECT_TRUE(bytes) << str(bytes.error());
  return *bytes;
}

std::string contents(const std::string& path) {
  std::ifstream f(path, std::ios::binary);
  std::stringstream s;
  s << f.rdbuf();
  return s.str();
}

// What a command prints; its exit code must be `code`.
std::string output_of(const std::string& command, int code = 0) {
  FILE* p = popen((command + " 2>&1").c_str(), "r");
  std::string all;
  char part[256];
  while (const size_t n = fread(part, 1, sizeof part, p)) all.append(part, n);
  EXPECT_EQ(WEXITSTATUS(pclose(p)), code) << command << ": " << all;
  return all;
}

TEST(Api, AnOutputThatIsNamedTwiceIsThereOnce) {
  const std::string graph = R"(
    node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { dim { size: 2 } } } } }
    node { name: "y" op: "Neg" input: "x" attr { key: "T" value { type: DT_FLOAT } } }
    node { name: "z" op: "Relu" input: "x" attr { key: "T" value { type: DT_FLOAT } } })";
  const auto c = convert_graph_def(graph, {.outputs = {"y", "z", "y:0", "y"}});
  ASSERT_TRUE(c) << str(c.error());
  ASSERT_EQ(c->outputs.size(), 2u);
  EXPECT_EQ(c->outputs[0].name, "y");
  EXPECT_EQ(c->outputs[1].name, "z");
  EXPECT_EQ(c->notices, (std::vector<std::string>{"the output 'y' is named more than once: the model has it once"}));
  auto it = Interpreter::from_bytes(c->bytes);
  ASSERT_TRUE(it) << str(it.error());
  EXPECT_EQ(it->outputs().size(), 2u);
}

TEST(Api, AnInterpreterRunsAndResizes) {
  auto it = Interpreter::from_bytes(file_of(doubling));
  ASSERT_TRUE(it) << str(it.error());
  EXPECT_TRUE(it->input<float>(0).empty());
  EXPECT_EQ(it->invoke().error()[0].code, "TN3010");
  const TensorDetails x = it->inputs()[0];
  EXPECT_EQ(x.name, "x");
  EXPECT_EQ(x.shape_signature, (std::vector<int64_t>{-1, 3}));
  ASSERT_TRUE(it->resize_input(x.index, {2, 3}, true));
  EXPECT_EQ(it->inputs()[0].shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(it->resize_input(x.index, {2, 4}, true).error()[0].code, "TN3013");
  EXPECT_EQ(it->resize_input(x.index, {-2, 3}).error()[0].code, "TN3013");
  EXPECT_EQ(it->resize_input(77, {2, 3}).error()[0].code, "TN3013");
  ASSERT_TRUE(it->allocate());
  auto in = it->input<float>(0);
  ASSERT_EQ(in.size(), 6u);
  for (size_t i = 0; i < 6; ++i) in[i] = static_cast<float>(i);
  ASSERT_TRUE(it->invoke());
  EXPECT_EQ(it->output<float>(0)[5], 10.0f);
  EXPECT_TRUE(it->output<int8_t>(0).empty());
  EXPECT_EQ(it->invoke([] { return false; }).error()[0].code, "TN3005");
}

TEST(Api, SignaturesRunByName) {
  auto it = Interpreter::from_bytes(file_of(doubling));
  ASSERT_TRUE(it) << str(it.error());
  EXPECT_EQ(it->signature("train").error()[0].code, "TN3013");
  auto serve = it->signature("serve");
  ASSERT_TRUE(serve) << str(serve.error());
  const float x[6] = {1, 2, 3, 4, 5, 6};
  const ArrayView view{DType::F32, {2, 3}, x, sizeof x};
  auto y = serve->run({{"left", view}});
  ASSERT_TRUE(y) << str(y.error());
  EXPECT_EQ(y->at("sum").shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(reinterpret_cast<const float*>(y->at("sum").data.data())[5], 12.0f);
  EXPECT_EQ(serve->run({}).error()[0].code, "TN3006");
  EXPECT_EQ(serve->run({{"left", view}, {"right", view}}).error()[0].code, "TN3006");
  EXPECT_EQ(serve->run({{"left", {DType::I32, {2, 3}, x, sizeof x}}}).error()[0].code, "TN3006");
  EXPECT_EQ(serve->run({{"left", {DType::F32, {3, 3}, x, sizeof x}}}).error()[0].code, "TN3006");
}

TEST(Api, CustomOperatorsAreFunctions) {
  const std::string file = file_of(R"(graph main
  %x = input "x" : f32[2]
  %a = custom(_, %x) {custom_code="Negate", types=[0]} : f32[2]
  return %a "a"
)");
  EXPECT_EQ(Interpreter::from_bytes(file).error()[0].code, "TN3007");
  InterpreterOptions o;
  bool wrong_size = false;
  o.custom_operators["Negate"] = [&](std::string_view, std::span<const std::optional<ArrayView>> in) -> Expected<std::vector<Array>> {
    EXPECT_EQ(in.size(), 2u);
    EXPECT_FALSE(in[0]);
    Array y{in[1]->dtype, in[1]->shape, std::vector<std::byte>(in[1]->bytes - (wrong_size ? 1 : 0))};
    for (size_t i = 0; i < y.data.size() / 4; ++i) reinterpret_cast<float*>(y.data.data())[i] = -static_cast<const float*>(in[1]->data)[i];
    return std::vector<Array>{y};
  };
  auto it = Interpreter::from_bytes(file, o);
  ASSERT_TRUE(it) << str(it.error());
  ASSERT_TRUE(it->allocate());
  it->input<float>(0)[1] = 4;
  ASSERT_TRUE(it->invoke());
  const size_t y = it->outputs()[0].index;
  ASSERT_EQ(it->data(y).size(), 8u);
  EXPECT_EQ(it->output<float>(0)[1], -4.0f);
  wrong_size = true;
  EXPECT_EQ(it->invoke().error()[0].code, "TN3006");
}

TEST(Api, MemoryBeyondTheLimitIsRefused) {
  auto it = Interpreter::from_bytes(file_of(doubling), {.memory_limit = 1 << 16});
  ASSERT_TRUE(it) << str(it.error());
  ASSERT_TRUE(it->resize_input(it->inputs()[0].index, {1 << 20, 3}));
  EXPECT_EQ(it->allocate().error()[0].code, "TN3009");
}

class Examples : public testing::Test {
 protected:
  std::filesystem::path dir = std::filesystem::temp_directory_path() / ("toucanet_api_" + std::to_string(getpid()));
  void SetUp() override { std::filesystem::create_directories(dir); }
  void TearDown() override { std::filesystem::remove_all(dir); }
};

TEST_F(Examples, FromCRunAModel) {
  const std::string model = dir / "model.tflite";
  std::ofstream(model, std::ios::binary) << file_of(doubling);
  EXPECT_EQ(output_of(std::string(TOUCANET_EXAMPLES) + "/example_run_model " + model), "y float32: 0 0 0\n");
  EXPECT_NE(output_of(std::string(TOUCANET_EXAMPLES) + "/example_run_model /nowhere.tflite", 1).find("error[TN1001]"), std::string::npos);
}

TEST_F(Examples, FromCppConvertAndRun) {
  const std::string graph = dir / "graph.pbtxt", model = dir / "model.tflite";
  std::ofstream(graph) << "node { name: 'x' op: 'Placeholder' attr { key: 'dtype' value { type: DT_FLOAT } } attr { key: 'shape' value { shape { dim { size: 2 "
                          "} } } } }\nnode { name: 'y' op: 'Cos' input: 'x' attr { key: 'T' value { type: DT_FLOAT } } }\n";
  EXPECT_EQ(output_of(std::string(TOUCANET_EXAMPLES) + "/example_convert_and_run " + graph + " " + model), "1\n1\n");
  auto i = inspect_file(model);
  ASSERT_TRUE(i) << str(i.error());
  EXPECT_EQ(i->format, "tflite");
  EXPECT_EQ(i->operator_counts, (std::map<std::string, int>{{"COS", 1}}));
  EXPECT_EQ(i->inputs[0].shape, (std::vector<int64_t>{2}));
  EXPECT_EQ(inspect_file(graph)->not_convertible.size(), 0u);
}

TEST_F(Examples, TheReadmeShowsTheOneThatIsCompiled) {
  const std::string source = TOUCANET_SOURCE_DIR;
  EXPECT_NE(contents(source + "/README.md").find("```cpp\n" + contents(source + "/doc/examples/convert_and_run.cpp") + "```\n"), std::string::npos);
}

TEST(Api, TheSharedLibraryShowsTheApiOnly) {
  std::istringstream lines(output_of("nm -DC --defined-only " TOUCANET_LIBRARY));
  size_t shown = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::string name = line.substr(line.find(' ', 17) + 1);
    const bool known = name.starts_with("toucanet_") || name.starts_with("toucanet::Interpreter::") || name.starts_with("toucanet::SignatureRunner::") ||
                       name.starts_with("toucanet::Diag::") || name.starts_with("toucanet::str[") || name.starts_with("toucanet::convert_graph_def") ||
                       name.starts_with("toucanet::inspect_file") || name.starts_with("toucanet::name(toucanet::DType)") ||
                       name.starts_with("toucanet::tf_name(") || name.starts_with("toucanet::byte_size(") || name.starts_with("toucanet::dtype_from_name(");
    EXPECT_TRUE(known) << line;
    ++shown;
  }
  EXPECT_GT(shown, 40u);
}

TEST(Api, CFunctionsGiveTextsForErrors) {
  char* error = nullptr;
  EXPECT_EQ(toucanet_interpreter_from_bytes("nothing", 7, nullptr, &error), nullptr);
  ASSERT_NE(error, nullptr);
  EXPECT_NE(std::string(error).find("TN1101"), std::string::npos);
  toucanet_free(error);
  const std::string file = file_of(doubling);
  auto* it = toucanet_interpreter_from_bytes(file.data(), file.size(), nullptr, &error);
  ASSERT_NE(it, nullptr);
  EXPECT_EQ(error, nullptr);
  const size_t x = toucanet_input(it, 0);
  EXPECT_EQ(toucanet_input(it, 1), SIZE_MAX);
  const int64_t shape[] = {4, 3};
  ASSERT_EQ(toucanet_resize_input(it, x, shape, 2, &error), 0);
  ASSERT_EQ(toucanet_allocate(it, &error), 0);
  size_t bytes = 0;
  EXPECT_NE(toucanet_tensor_data(it, x, &bytes), nullptr);
  EXPECT_EQ(bytes, 48u);
  toucanet_tensor t;
  ASSERT_EQ(toucanet_tensor_details(it, x, &t, &error), 0);
  EXPECT_EQ(std::string(t.dtype), "float32");
  EXPECT_EQ(t.shape[0], 4);
  EXPECT_NE(toucanet_tensor_details(it, 99, &t, nullptr), 0);
  toucanet_interpreter_delete(it);
}

}  // namespace
}  // namespace toucanet
