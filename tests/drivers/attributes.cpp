// Every attribute of every importable TensorFlow operator is read or refused: a graph in which it has another value does not
// become the same file. Graphs: the recorded ones and, for operators that they lack, none (see `unseen`).
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "graphs.h"
#include "import/graphdef/tf_registry.h"

namespace toucanet {
namespace {

// Changing nothing that inference computes.
const std::map<std::string, std::string> harmless = {
    {"use_cudnn_on_gpu", "chooses a library"},
    {"Conv2D/explicit_paddings", "of padding EXPLICIT alone"},
    {"MaxPool/explicit_paddings", "of padding EXPLICIT alone"},
    {"DepthwiseConv2dNative/explicit_paddings", "of padding EXPLICIT alone"},
    {"Conv2DBackpropInput/explicit_paddings", "of padding EXPLICIT alone"},
    {"exponential_avg_factor", "of training, which is refused"},
    {"grad_a", "of gradients"},
    {"grad_b", "of gradients"},
    {"grad_x", "of gradients"},
    {"grad_y", "of gradients"},
    {"a_is_sparse", "a hint of speed"},
    {"b_is_sparse", "a hint of speed"},
    {"validate_indices", "TensorFlow ignores it"},
    {"message", "text of an error"},
    {"summarize", "text of an error"},
    {"config", "of the session"},
    {"config_proto", "of the session"},
    {"executor_type", "of the session"},
    {"parallel_iterations", "a hint of speed"},
    {"output_shapes", "of tensors that have shapes"},
    {"AccumulateNV2/shape", "the shape of the operands"},
    {"EnsureShape/shape", "a check that the graph passed"},
    {"PlaceholderWithDefault/shape", "the default has its own"},
    {"MatrixDiagV3/align", "of several diagonals, which are refused"},
    {"MatrixSetDiagV3/align", "of several diagonals, which are refused"},
    {"Cast/Truncate", "of casts to narrow floats alone, where it is refused"},
    {"TopKV2/sorted", "of one element"},
    {"seed", "draws are not compared"},
    {"seed2", "draws are not compared"},
};

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

// Other values of an attribute than the one that stands in the node.
std::vector<tf::AttrValue> others(const TfAttr& a, const tf::NodeDef& n) {
  tf::AttrValue now;
  const auto it = n.attr().find(std::string(a.name));
  const std::string fallback(a.fallback);
  if (it != n.attr().end()) now = it->second;
  else if (a.type == "bool") now.set_b(fallback == "true");
  else if (a.type == "int") now.set_i(std::strtoll(fallback.c_str(), nullptr, 10));
  else if (a.type == "float") now.set_f(std::strtof(fallback.c_str(), nullptr));
  else if (a.type == "string") now.set_s(fallback);
  std::vector<tf::AttrValue> out;
  const auto add = [&](auto set) {
    tf::AttrValue v = now;
    set(v);
    if (v.SerializeAsString() != now.SerializeAsString()) out.push_back(std::move(v));
  };
  if (a.type == "bool") add([&](auto& v) { v.set_b(!v.b()); });
  if (a.type == "int") {
    add([&](auto& v) { v.set_i(v.i() + 1); });
    add([&](auto& v) { v.set_i(v.i() == 0 ? 2 : 0); });
  }
  if (a.type == "float") add([&](auto& v) { v.set_f(v.f() * 2 + 1); });
  if (a.type == "string") {
    for (size_t from = 1; from < a.allowed.size();) {
      const size_t comma = a.allowed.find(',', from);
      add([&](auto& v) { v.set_s(std::string(a.allowed.substr(from, comma - from))); });
      from = comma + 1;
    }
    if (a.allowed.empty()) add([&](auto& v) { v.set_s("IGNORE"); });
  }
  if (a.type == "list(int)") {
    add([&](auto& v) {
      auto& l = *v.mutable_list();
      if (l.i_size() > 1) l.set_i(1, l.i(1) + 1);
      else if (l.i_size()) l.set_i(0, l.i(0) + 1);
      else l.add_i(1);
    });
  }
  if (a.type == "list(float)") add([&](auto& v) { v.mutable_list()->add_f(0.5f); });
  if (a.type == "shape") add([&](auto& v) { v.mutable_shape()->add_dim()->set_size(3); });
  return out;
}

TEST(Attributes, AreReadOrRefused) {
  std::map<std::string, std::set<std::string>> ignored;  // op/attribute → graphs in which no change mattered
  std::set<std::string> mattered, seen;
  for (const auto& file : std::filesystem::directory_iterator(TOUCANET_SOURCE_DIR "/tests/oracle/goldens")) {
    std::ifstream f(file.path());
    for (std::string line; std::getline(f, line);) {
      const auto j = nlohmann::json::parse(line);
      ConvertOptions o;
      for (const auto& i : j["inputs"]) o.import.inputs.push_back({i["name"], {}, {}});
      for (const auto& out : j["outputs"]) o.import.outputs.push_back(out["name"]);
      o.verify = false;
      tf::GraphDef def;
      ASSERT_TRUE(def.ParseFromString(from_base64(j["graph"])));
      std::optional<std::string> usual;
      bool refused = false;
      for (int i = 0; i < def.node_size() && !refused; ++i) {
        for (const TfAttr& a : tf_attrs(def.node(i).op())) {
          const std::string key = std::string(a.op) + "/" + std::string(a.name);
          seen.insert(key);
          if (mattered.count(key) || ignored[key].size() > 3 || a.type == "tensor" || a.type == "func") continue;
          if (!usual) {
            auto c = convert_graph(def, o);
            if (refused = !c; refused) break;
            usual = c->bytes;
          }
          bool differs = false;
          for (auto& v : others(a, def.node(i))) {
            tf::GraphDef changed = def;
            (*changed.mutable_node(i)->mutable_attr())[std::string(a.name)] = v;
            const auto c = convert_graph(changed, o);
            differs = differs || !c || c->bytes != *usual;
          }
          if (differs) mattered.insert(key);
          else ignored[key].insert(j["name"].get<std::string>());
        }
      }
    }
  }
  for (const auto& [key, graphs] : ignored) {
    if (mattered.count(key) || graphs.empty() || harmless.count(key) || harmless.count(key.substr(key.find('/') + 1))) continue;
    ADD_FAILURE() << key << " changes nothing in '" << *graphs.begin() << "'";
  }
  // What the recorded graphs do not hold.
  std::string unseen;
  for (auto op : importable_tf_ops())
    for (const TfAttr& a : tf_attrs(op)) {
      const std::string key = std::string(a.op) + "/" + std::string(a.name);
      if (!seen.count(key) && !harmless.count(key) && !harmless.count(std::string(a.name))) unseen += key + " ";
    }
  RecordProperty("unseen", unseen);
  std::printf("no recorded graph: %s\n", unseen.c_str());
}

}  // namespace
}  // namespace toucanet
