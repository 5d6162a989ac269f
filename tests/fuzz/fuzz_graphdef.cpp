// GraphDef import and conversion. What is asked of the importer stands in a field that it does not read, versions.min_consumer.
#include <cstdlib>

#include <google/protobuf/stubs/logging.h>

#include "change_graph_def.h"
#include "pipeline/convert.h"

using namespace toucanet;

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max);

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  google::protobuf::SetLogHandler(nullptr);
  return 0;
}

namespace {

// Bits: 0 custom operators, 1 float16 as float32, 2 an output named by bits 8 to 15, 3 an input named by bits 16 to 23,
// 4 to 6 what is said of that input.
ImportOptions options(const GraphDef& g, unsigned bits) {
  ImportOptions o;
  o.allow_custom_ops = bits & 1;
  o.float16_as_float32 = bits & 2;
  const auto name = [&](unsigned k) { return std::string(g.nodes[k % g.nodes.size()].name); };
  if (bits & 4) o.outputs.push_back(name(bits >> 8 & 255));
  if (bits & 8) {
    InputSpec in{name(bits >> 16 & 255), {}, {}};
    switch (bits >> 4 & 7) {
      case 1: in.shape = Shape{2, 3}; break;
      case 2: in.dtype = DType::I32; break;
      case 3: in.name += ":1"; break;
      case 4: in.name += ":0"; break;
      case 5: in.name += "x"; break;
      case 6: o.inputs.push_back(in); break;
      case 7: in.shape = Shape{}, in.dtype = DType::F16; break;
      default: break;
    }
    o.inputs.push_back(std::move(in));
  }
  return o;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto owner = std::make_shared<const std::string>(reinterpret_cast<const char*>(data), size);
  auto g = read_graph_def(owner, *owner);
  if (!g) return 0;
  ConvertOptions o;
  o.verification.seconds = 0.2;
  o.verification.max_macs = 1 << 26;
  o.verification.max_bytes = size_t{256} << 20;
  if (tf::GraphDef message; !g->nodes.empty() && parse_message(*owner, message))
    o.import = options(*g, static_cast<unsigned>(message.versions().min_consumer()));
  auto c = convert(*g, o);
  if (!c) return 0;
  // A conversion that is checked and wrong is a finding, unless the same graph differs under the two semantics.
  if (c->verification.status == Verification::Status::Wrong && !c->verification.kernels_differ) {
    std::fprintf(stderr, "wrong: %s at '%s' after '%s'\n", c->verification.reason.c_str(), c->verification.tensor.c_str(), c->verification.rewrite.c_str());
    std::abort();
  }
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max, unsigned seed) {
  tf::GraphDef g;
  if (seed % 8 == 0 || !parse_message({reinterpret_cast<const char*>(data), size}, g)) return LLVMFuzzerMutate(data, size, max);
  GraphChanges change(g, seed);
  for (unsigned i = 0; i <= seed / 8 % 3; ++i) change();
  std::string out;
  g.SerializeToString(&out);
  if (out.size() > max) return size;
  std::memcpy(data, out.data(), out.size());
  return out.size();
}
