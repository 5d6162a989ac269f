// Graphs with TensorFlow's own numbers, recorded by tests/oracle/record_goldens.py: imported and evaluated, converted and
// evaluated, with rewrites and without.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "import/tflite/read_tflite.h"
#include "pipeline/convert.h"
#include "runtime/execute.h"

namespace toucanet {
namespace {

std::string from_base64(const std::string& s) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  uint32_t bits = 0;
  int n = 0;
  for (char c : s) {
    const auto v = digits.find(c);
    if (v == digits.npos) break;
    bits = bits << 6 | static_cast<uint32_t>(v);
    if ((n += 6) >= 8) out += static_cast<char>(bits >> (n -= 8) & 255u);
  }
  return out;
}

Tensor tensor(const nlohmann::json& j) {
  const std::string bytes = from_base64(j["data"]);
  const auto dims = j["shape"].get<std::vector<int64_t>>();
  Tensor t = Tensor::zeros(*dtype_from_name(j["dtype"].get<std::string>()), dims);
  EXPECT_EQ(t.bytes(), bytes.size());
  if (t.bytes() == bytes.size() && t.bytes()) std::memcpy(t.raw_mutable(), bytes.data(), bytes.size());
  return t;
}

struct Golden {
  std::string family, line;
};
std::vector<Golden> load() {
  std::vector<Golden> out;
  std::error_code missing;
  for (const auto& file : std::filesystem::directory_iterator(TOUCANET_SOURCE_DIR "/tests/oracle/goldens", missing)) {
    std::ifstream f(file.path());
    for (std::string line; std::getline(f, line);)
      if (!line.empty()) out.push_back({file.path().stem().string(), line});
  }
  return out;
}

TEST(Goldens, ConvertedGraphsGiveTensorFlowsNumbers) {
  const auto all = load();
  ASSERT_FALSE(all.empty());
  size_t right = 0;
  std::map<std::string, int> refused;
  for (const auto& g : all) {
    const auto j = nlohmann::json::parse(g.line);
    const std::string where = g.family + ": " + j["name"].get<std::string>();
    SCOPED_TRACE(where);
    auto bytes = std::make_shared<const std::string>(from_base64(j["graph"]));
    auto def = read_graph_def(bytes, *bytes);
    ASSERT_TRUE(def) << str(def.error());
    std::vector<Tensor> inputs;
    ConvertOptions options;
    for (const auto& i : j["inputs"]) {
      inputs.push_back(tensor(i));
      options.import.inputs.push_back({i["name"], {}, {}});
    }
    for (const auto& o : j["outputs"]) options.import.outputs.push_back(o["name"]);
    options.verify = false;
    auto c = convert(*def, options);
    if (!c) {
      ++refused[c.error()[0].code];
      continue;
    }
    auto owner = std::make_shared<const std::string>(c->bytes);
    auto written = read_tflite(owner, *owner);
    ASSERT_TRUE(written) << str(written.error());
    auto source = execute(c->source, 0, inputs, {.semantics = Semantics::TensorFlow});
    ASSERT_TRUE(source) << str(source.error());
    auto lite = execute(*written, 0, inputs, {.semantics = Semantics::TfLite});
    ASSERT_TRUE(lite) << str(lite.error());
    for (size_t k = 0; k < j["outputs"].size(); ++k) {
      const Tensor want = tensor(j["outputs"][k]);
      if (j.value("compare", "") == "shape") {  // random numbers
        EXPECT_EQ(want.dims, (*lite)[k].dims);
        continue;
      }
      EXPECT_EQ(compare(want, (*source)[k], nullptr), "") << "as imported, " << j["outputs"][k]["name"];
      EXPECT_EQ(compare(want, (*lite)[k], nullptr), "") << "as written, " << j["outputs"][k]["name"];
    }
    ++right;
  }
  // What is refused is counted, so that a lost operator shows.
  int n = 0;
  for (const auto& [code, k] : refused) n += k, RecordProperty("refused_" + code, k);
  std::printf("goldens: %zu converted, %d refused of %zu\n", right, n, all.size());
  EXPECT_GE(right * 100, all.size() * 85);
}

}  // namespace
}  // namespace toucanet
