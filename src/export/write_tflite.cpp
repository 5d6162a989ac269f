#include "export/write_tflite.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <unordered_map>
#include <unordered_set>

#include "export/file_buffers.h"
#include "export/options.h"
#include "export/runtime_versions.h"
#include "ops/custom/custom.h"
#include "tflite_generated.h"
#include "toucanet/version.h"

namespace toucanet {
namespace {

// "2.10.0" as comparable numbers.
std::vector<int> numbers(std::string_view v) {
  std::vector<int> out;
  while (!v.empty()) {
    int n = 0;
    const auto r = std::from_chars(v.data(), v.data() + v.size(), n);
    out.push_back(n);
    v.remove_prefix(std::min(v.size(), static_cast<size_t>(r.ptr - v.data()) + 1));
  }
  return out;
}

// Tensor indices of a graph's values.
class TensorNumbers {
  std::vector<uint32_t> first_;  // of each node's results
  std::vector<int32_t> number_;  // -1: none

 public:
  explicit TensorNumbers(const Graph& g) : first_(g.arena_size() + 1) {
    for (uint32_t i = 0; i < g.arena_size(); ++i) first_[i + 1] = first_[i] + static_cast<uint32_t>(g[NodeId{i}].outputs.size());
    number_.assign(first_.back(), -1);
  }
  int32_t& operator[](Value v) { return number_[first_[v.node.index] + v.slot]; }
  int32_t operator[](Value v) const { return number_[first_[v.node.index] + v.slot]; }
};

class Writer {
  const Module& module_;
  flatbuffers::FlatBufferBuilder b_;
  WrittenModel info_;
  Diags problems_;
  FileBuffers buffers_;
  std::map<std::tuple<int, std::string, int>, uint32_t> codes_;
  std::vector<std::tuple<int, std::string, int>> code_list_;
  std::string min_runtime_;

 public:
  explicit Writer(const Module& m) : module_(m) {}

  Expected<WrittenModel> run(const ByteSink&);

 private:
  uint32_t code_of(const OpDef&, const std::string& custom, int version);
  flatbuffers::Offset<fb::SubGraph> graph(const Graph&);
  std::vector<flatbuffers::Offset<fb::SignatureDef>> signatures();
  std::vector<flatbuffers::Offset<fb::OperatorCode>> operator_codes();
  std::vector<flatbuffers::Offset<fb::Metadata>> metadata();
  std::map<std::tuple<std::vector<float>, std::vector<int64_t>, std::vector<float>, std::vector<float>, int32_t>,
           flatbuffers::Offset<fb::QuantizationParameters>>
      quantizations_;
  std::map<std::vector<int64_t>, flatbuffers::Offset<flatbuffers::Vector<int64_t>>> zero_points_;
  std::map<std::vector<int32_t>, flatbuffers::Offset<flatbuffers::Vector<int32_t>>> int_vectors_;
  flatbuffers::Offset<flatbuffers::Vector<int32_t>> ints(const std::vector<int32_t>&);
  flatbuffers::Offset<fb::QuantizationParameters> quantization(const Quant&);
  flatbuffers::Offset<fb::Tensor> tensor(const Graph&, Value, const std::string& name);
  flatbuffers::Offset<fb::Operator> node(const Graph&, NodeId, const TensorNumbers&);
  struct Names {
    std::unordered_set<std::string> all;
    std::unordered_map<std::string, int> numbers;
  };
  std::string unique_name(const Graph&, Value, Names& taken);
};

uint32_t Writer::code_of(const OpDef& op, const std::string& custom, int version) {
  const int code = custom.empty() ? builtin_code(op.tflite.builtin) : static_cast<int>(fb::BuiltinOperator::CUSTOM);
  const std::tuple key{code, custom, version};
  const auto [it, fresh] = codes_.try_emplace(key, static_cast<uint32_t>(code_list_.size()));
  if (fresh) {
    code_list_.push_back(key);
    const auto release = first_release(op.tflite.builtin, version);
    if (!release.empty() && (min_runtime_.empty() || numbers(min_runtime_) < numbers(release))) min_runtime_ = release;
  }
  return it->second;
}

std::string Writer::unique_name(const Graph& g, Value v, Names& taken) {
  std::string base = g.result(v).name;
  if (base.empty()) {
    base = module_.origins->last(g.result(v).origin);
    base += base.empty() ? std::string(g[v].op->name) : "/" + std::string(g[v].op->name);
  }
  std::string name = base;
  // The numbers that were given out for this name are not tried again.
  for (int& i = taken.numbers[base]; !taken.all.insert(name).second;) name = fmt::format("{}_{}", base, ++i);
  return name;
}

// Tensors with the same parameters share one table, those with the same zero points one vector: most are zeros.
flatbuffers::Offset<fb::QuantizationParameters> Writer::quantization(const Quant& q) {
  const auto [at, is_new] = quantizations_.try_emplace({q.scale, q.zero_point, q.min, q.max, q.axis});
  if (!is_new) return at->second;
  const auto [zeros, zeros_are_new] = zero_points_.try_emplace(q.zero_point);
  if (zeros_are_new) zeros->second = b_.CreateVector(q.zero_point);
  at->second = fb::CreateQuantizationParameters(b_, q.min.empty() ? 0 : b_.CreateVector(q.min), q.max.empty() ? 0 : b_.CreateVector(q.max),
                                                b_.CreateVector(q.scale), zeros->second, fb::QuantizationDetails::NONE, 0, q.axis);
  return at->second;
}

// Most shapes and lists of tensors are there several times.
flatbuffers::Offset<flatbuffers::Vector<int32_t>> Writer::ints(const std::vector<int32_t>& v) {
  const auto [at, is_new] = int_vectors_.try_emplace(v);
  if (is_new) at->second = b_.CreateVector(v);
  return at->second;
}

flatbuffers::Offset<fb::Tensor> Writer::tensor(const Graph& g, Value v, const std::string& name) {
  const Result& r = g.result(v);
  std::vector<int32_t> shape, signature;
  bool dynamic = false;
  for (const auto& d : r.type.shape.dims()) {
    dynamic |= !d.known();
    if (d.known() && d.value() > INT32_MAX) problems_.push_back(diag("TN5002", "a dimension of {} cannot be written", d.value()).at(name));
    shape.push_back(d.known() ? static_cast<int32_t>(d.value()) : 1);
    signature.push_back(d.known() ? static_cast<int32_t>(d.value()) : -1);
  }
  const int type = tensor_type(r.type.dtype);
  if (type < 0) problems_.push_back(diag("TN5002", "a tensor of type {} cannot be written", tf_name(r.type.dtype)).at(name));
  const auto name_offset = b_.CreateSharedString(name);
  const auto shape_offset = ints(shape);
  const auto signature_offset = dynamic ? ints(signature) : 0;
  const auto quant = r.type.quant ? quantization(*r.type.quant) : 0;
  const uint32_t buffer = g[v].constant ? buffers_.of(g[v].constant) : 0;
  fb::TensorBuilder t(b_);
  if (dynamic) t.add_shape_signature(signature_offset);
  if (r.type.quant) t.add_quantization(quant);
  t.add_name(name_offset);
  t.add_buffer(buffer);
  t.add_shape(shape_offset);
  t.add_has_rank(r.type.shape.ranked());
  // Of float tensors too: it lies in the same word as has_rank, and more tensors share a vtable.
  b_.ForceDefaults(true);
  t.add_type(static_cast<fb::TensorType>(type));
  b_.ForceDefaults(false);
  return t.Finish();
}

flatbuffers::Offset<fb::Operator> Writer::node(const Graph& g, NodeId id, const TensorNumbers& index) {
  const Node& n = g[id];
  const auto user = std::string(module_.origins->last(n.outputs.empty() ? OriginId{} : n.outputs[0].origin));
  const bool is_custom = n.is<Custom>();
  if (n.op->tflite.builtin.empty() && !is_custom) {
    problems_.push_back(diag("TN5001", "{} cannot be written as a TensorFlow Lite operator", n.op->name).at(user));
    return 0;
  }
  std::vector<const TensorType*> in, out;
  for (Value v : n.inputs) in.push_back(v ? &g.type(v) : nullptr);
  for (const auto& r : n.outputs) out.push_back(&r.type);
  if (n.op->is(Effect)) in.pop_back(), out.pop_back();
  const OpView view{n.attrs, in, out};
  const int version = n.op->tflite.version ? n.op->tflite.version(view) : 1;
  const std::string custom = is_custom ? n.as<Custom>().custom_code : std::string{};
  const uint32_t code = code_of(*n.op, custom, version);
  ++info_.operators[is_custom ? custom : std::string(n.op->tflite.builtin)];
  WrittenOptions options;
  if (!n.op->tflite.options.empty()) {
    auto w = write_options(b_, n.op->tflite.options, n.attrs);
    if (!w) {
      for (Diag& d : w.error()) problems_.push_back(std::move(d));
      return 0;
    }
    options = *w;
  }
  std::vector<int32_t> inputs, outputs;
  for (size_t i = 0; i < in.size(); ++i) inputs.push_back(n.inputs[i] ? index[n.inputs[i]] : -1);
  for (uint32_t i = 0; i < out.size(); ++i) outputs.push_back(index[Value{id, i}]);
  flatbuffers::Offset<flatbuffers::Vector<uint8_t>> custom_options = 0;
  if (is_custom) custom_options = b_.CreateVector(n.as<Custom>().custom_options.data);
  const auto in_offset = ints(inputs), out_offset = ints(outputs);
  fb::OperatorBuilder op(b_);
  op.add_opcode_index(code);
  op.add_inputs(in_offset);
  op.add_outputs(out_offset);
  if (options.offset.o && !options.second_union) {
    op.add_builtin_options_type(static_cast<fb::BuiltinOptions>(options.type));
    op.add_builtin_options(options.offset);
  } else if (options.offset.o) {
    op.add_builtin_options_2_type(static_cast<fb::BuiltinOptions2>(options.type));
    op.add_builtin_options_2(options.offset);
  }
  if (is_custom) op.add_custom_options(custom_options);
  return op.Finish();
}

flatbuffers::Offset<fb::SubGraph> Writer::graph(const Graph& g) {
  TensorNumbers index(g);
  std::vector<Value> tensors;
  const auto number = [&](Value v) {
    if (!v || g.type(v).dtype == DType::Token || index[v] >= 0) return;
    index[v] = static_cast<int32_t>(tensors.size());
    tensors.push_back(v);
  };
  for (Value v : g.inputs) number(v);
  const auto order = g.topological();
  std::vector<NodeId> nodes;
  for (NodeId id : order) {
    const Node& n = g[id];
    if (n.is<Input>() || n.is<Const>()) continue;
    if (!n.outputs.empty() && n.inputs.empty() && n.outputs[0].type.dtype == DType::Token && n.outputs.size() == 1) continue;  // the first token
    nodes.push_back(id);
    for (Value v : n.inputs) number(v);
    for (uint32_t i = 0; i < n.outputs.size(); ++i) number({id, i});
  }
  for (const auto& o : g.outputs()) number(o.value);

  Names taken;
  taken.all.reserve(tensors.size());
  std::vector<std::string> names(tensors.size());
  // The names of inputs and outputs are the user's; others give way.
  std::map<Value, std::string> public_names;
  for (const auto& o : g.outputs()) public_names.emplace(o.value, o.name);
  for (Value v : g.inputs) public_names[v] = g.result(v).name;
  for (size_t i = 0; i < tensors.size(); ++i)
    if (const auto it = public_names.find(tensors[i]); it != public_names.end() && !it->second.empty() && taken.all.insert(it->second).second)
      names[i] = it->second;
  for (size_t i = 0; i < tensors.size(); ++i)
    if (names[i].empty()) names[i] = unique_name(g, tensors[i], taken);

  std::vector<flatbuffers::Offset<fb::Tensor>> tensor_offsets;
  tensor_offsets.reserve(tensors.size());
  for (size_t i = 0; i < tensors.size(); ++i) tensor_offsets.push_back(tensor(g, tensors[i], names[i]));
  std::vector<flatbuffers::Offset<fb::Operator>> operators;
  operators.reserve(nodes.size());
  for (NodeId id : nodes) operators.push_back(node(g, id, index));
  std::vector<int32_t> inputs, outputs;
  for (Value v : g.inputs)
    if (g.type(v).dtype != DType::Token) inputs.push_back(index[v]);
  for (const auto& o : g.outputs())
    if (g.type(o.value).dtype != DType::Token) outputs.push_back(index[o.value]);
  info_.tensors.push_back(std::move(tensors));
  if (&g == &module_.graphs.front()) info_.tensor_names = std::move(names);
  if (!problems_.empty()) return 0;
  const auto t = b_.CreateVector(tensor_offsets);
  const auto i = ints(inputs), o = ints(outputs);
  const auto ops = b_.CreateVector(operators);
  return fb::CreateSubGraph(b_, t, i, o, ops, b_.CreateSharedString(g.name));
}

std::vector<flatbuffers::Offset<fb::SignatureDef>> Writer::signatures() {
  std::vector<flatbuffers::Offset<fb::SignatureDef>> all;
  for (const auto& s : module_.signatures) {
    const Graph& g = module_.graphs[s.graph];
    std::vector<flatbuffers::Offset<fb::TensorMap>> in, out;
    const auto number = [&](Value v) {
      const auto& tensors = info_.tensors[s.graph];
      return static_cast<uint32_t>(std::find(tensors.begin(), tensors.end(), v) - tensors.begin());
    };
    for (const auto& [n, i] : s.inputs) in.push_back(fb::CreateTensorMap(b_, b_.CreateSharedString(n), number(g.inputs[i])));
    for (const auto& [n, i] : s.outputs) out.push_back(fb::CreateTensorMap(b_, b_.CreateSharedString(n), number(g.outputs()[i].value)));
    const auto in_offset = b_.CreateVector(in), out_offset = b_.CreateVector(out);
    all.push_back(fb::CreateSignatureDef(b_, in_offset, out_offset, b_.CreateSharedString(s.key), s.graph));
  }
  return all;
}

std::vector<flatbuffers::Offset<fb::OperatorCode>> Writer::operator_codes() {
  std::vector<flatbuffers::Offset<fb::OperatorCode>> all;
  for (const auto& [code, custom, version] : code_list_) {
    const auto name = custom.empty() ? flatbuffers::Offset<flatbuffers::String>(0) : b_.CreateSharedString(custom);
    all.push_back(fb::CreateOperatorCode(b_, static_cast<int8_t>(std::min(code, 127)), name, version, static_cast<fb::BuiltinOperator>(code)));
  }
  return all;
}

std::vector<flatbuffers::Offset<fb::Metadata>> Writer::metadata() {
  std::vector<flatbuffers::Offset<fb::Metadata>> all;
  const auto add = [&](const std::string& name, const void* data, size_t n) {
    const auto* from = static_cast<const uint8_t*>(data);
    const uint32_t buffer = buffers_.add(Tensor::of<uint8_t>(DType::U8, {static_cast<int64_t>(n)}, {from, from + n}));
    all.push_back(fb::CreateMetadata(b_, b_.CreateSharedString(name), buffer));
  };
  char runtime[16] = {};
  std::copy_n(min_runtime_.data(), std::min<size_t>(15, min_runtime_.size()), runtime);
  add("min_runtime_version", runtime, sizeof runtime);
  for (const auto& [name, bytes] : module_.metadata)
    if (name != "min_runtime_version") add(name, bytes.data.data(), bytes.data.size());
  return all;
}

Expected<WrittenModel> Writer::run(const ByteSink& sink) {
  b_.ForceDefaults(false);
  std::vector<flatbuffers::Offset<fb::SubGraph>> graphs;
  for (const Graph& g : module_.graphs) graphs.push_back(graph(g));
  if (!problems_.empty()) return std::move(problems_);

  const auto all_signatures = signatures();
  const auto codes = operator_codes();
  const auto all_metadata = metadata();
  const auto buffers = buffers_.tables(b_);
  const auto codes_offset = b_.CreateVector(codes);
  const auto graphs_offset = b_.CreateVector(graphs);
  const auto description = b_.CreateSharedString(module_.description.empty() ? fmt::format("toucanet {}", version) : module_.description);
  const auto buffers_offset = b_.CreateVector(buffers);
  const auto metadata_offset = b_.CreateVector(all_metadata);
  const auto signatures_offset = all_signatures.empty() ? 0 : b_.CreateVector(all_signatures);
  b_.Finish(fb::CreateModel(b_, 3, codes_offset, graphs_offset, description, buffers_offset, 0, metadata_offset, signatures_offset), fb::ModelIdentifier());

  const size_t end = buffers_.place(b_.GetSize());
  if (end >= (size_t{1} << 31))
    return diag("TN5003", "the model would hold {} bytes; a .tflite file holds at most 2^31", end)
        .note("split the model at an inner tensor with --outputs and --inputs");
  buffers_.fill_in_offsets(b_.GetBufferPointer());
  if (!sink(b_.GetBufferPointer(), b_.GetSize()) || !buffers_.stream(b_.GetSize(), sink)) return diag("TN5004", "the file could not be written completely");
  info_.bytes = end;
  return std::move(info_);
}

}  // namespace

Expected<WrittenModel> write_tflite(const Module& m, const ByteSink& sink) { return Writer(m).run(sink); }

Expected<std::string> write_tflite(const Module& m, WrittenModel* info) {
  std::string bytes;
  TRY(auto w, write_tflite(m, [&](const void* p, size_t n) {
        bytes.append(static_cast<const char*>(p), n);
        return true;
      }));
  if (info) *info = std::move(w);
  return bytes;
}

}  // namespace toucanet
