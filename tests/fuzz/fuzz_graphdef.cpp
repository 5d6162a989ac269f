// GraphDef import and conversion. The mutator works on the message: operators, edges, attributes, constants.
#include <cstdlib>
#include <random>

#include <google/protobuf/stubs/logging.h>

#include "pipeline/convert.h"
#include "tensorflow.pb.h"

using namespace toucanet;

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max);

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  google::protobuf::SetLogHandler(nullptr);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto owner = std::make_shared<const std::string>(reinterpret_cast<const char*>(data), size);
  auto g = read_graph_def(owner, *owner);
  if (!g) return 0;
  ConvertOptions o;
  o.verification.seconds = 0.2;
  o.verification.max_macs = 1 << 26;
  o.verification.max_bytes = size_t{256} << 20;
  // The bytes also choose the options: every second graph is cut at nodes of its own.
  const size_t h = std::hash<std::string>{}(*owner);
  if (!g->nodes.empty() && h % 4 > 1) {
    o.import.outputs.push_back(std::string(g->nodes[h / 4 % g->nodes.size()].name));
    if (h % 4 == 3) {
      InputSpec in{std::string(g->nodes[h / 64 % g->nodes.size()].name), {}, {}};
      if (h / 8 % 4 == 1) in.shape = Shape{2, 3};
      if (h / 8 % 4 == 2) in.dtype = DType::I32;
      if (h / 8 % 4 == 3) in.name += ":1";
      o.import.inputs.push_back(std::move(in));
    }
  }
  auto c = convert(*g, o);
  if (!c) return 0;
  // A conversion that is checked and wrong is a finding, unless the same graph differs under the two semantics.
  if (c->verification.status == Verification::Status::Wrong && !c->verification.kernels_differ) {
    std::fprintf(stderr, "wrong: %s at '%s' after '%s'\n", c->verification.reason.c_str(), c->verification.tensor.c_str(), c->verification.rewrite.c_str());
    std::abort();
  }
  return 0;
}

namespace {
void mutate(tf::GraphDef& g, std::mt19937& random) {
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  if (g.node_size() == 0) return;
  auto& n = *g.mutable_node(pick(g.node_size()));
  switch (pick(8)) {
    case 0: {
      const auto ops = importable_tf_ops();
      n.set_op(std::string(ops[random() % ops.size()]));
      break;
    }
    case 1:
      if (n.input_size()) n.set_input(pick(n.input_size()), g.node(pick(g.node_size())).name());
      break;
    case 2: n.add_input(g.node(pick(g.node_size())).name()); break;
    case 3: {  // another node behind this one
      const auto ops = importable_tf_ops();
      auto& m = *g.add_node();
      m.set_name("f" + std::to_string(random() % 100000));
      m.set_op(std::string(ops[random() % ops.size()]));
      for (int i = 0, k = 1 + pick(3); i < k; ++i) m.add_input(g.node(pick(g.node_size() - 1)).name());
      for (const auto& [key, value] : g.node(pick(g.node_size() - 1)).attr()) (*m.mutable_attr())[key] = value;
      break;
    }
    case 4:
      if (n.attr_size()) {
        auto it = n.mutable_attr()->begin();
        std::advance(it, pick(n.attr_size()));
        auto& a = it->second;
        if (a.value_case() == tf::AttrValue::kI) a.set_i(static_cast<int64_t>(random() % 7) - 2);
        else if (a.value_case() == tf::AttrValue::kB) a.set_b(!a.b());
        else if (a.value_case() == tf::AttrValue::kList && a.list().i_size())
          a.mutable_list()->set_i(pick(a.list().i_size()), static_cast<int64_t>(random() % 6) - 1);
        else if (a.value_case() == tf::AttrValue::kType) a.set_type(static_cast<tf::DataType>(1 + pick(23)));
        else if (a.value_case() == tf::AttrValue::kShape && a.shape().dim_size())
          a.mutable_shape()->mutable_dim(pick(a.shape().dim_size()))->set_size(static_cast<int64_t>(random() % 9) - 1);
        else if (a.value_case() == tf::AttrValue::kTensor) {
          auto& t = *a.mutable_tensor();
          if (t.tensor_content().size() >= 4 && pick(2)) {
            std::string bytes = t.tensor_content();
            const auto word = static_cast<int32_t>(random() % 11) - 3;
            std::memcpy(bytes.data() + random() % (bytes.size() / 4) * 4, &word, 4);
            t.set_tensor_content(bytes);
          } else if (t.int_val_size()) {
            t.set_int_val(pick(t.int_val_size()), static_cast<int>(random() % 11) - 3);
          } else if (t.tensor_shape().dim_size()) {
            t.mutable_tensor_shape()->mutable_dim(pick(t.tensor_shape().dim_size()))->set_size(static_cast<int64_t>(random() % 9));
          }
        }
      }
      break;
    case 5: n.mutable_attr()->erase(n.attr_size() ? n.attr().begin()->first : ""); break;
    case 6: n.set_name(g.node(pick(g.node_size())).name()); break;
    default:
      if (n.input_size()) n.mutable_input()->RemoveLast();
  }
}
}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max, unsigned seed) {
  tf::GraphDef g;
  if (seed % 8 == 0 || !g.ParseFromArray(data, static_cast<int>(size))) return LLVMFuzzerMutate(data, size, max);
  std::mt19937 random(seed);
  for (unsigned i = 0; i <= seed / 8 % 3; ++i) mutate(g, random);
  std::string out;
  g.SerializeToString(&out);
  if (out.size() > max) return size;
  std::memcpy(data, out.data(), out.size());
  return out.size();
}
