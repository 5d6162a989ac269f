#include "import/tflite/read_tflite.h"

#include <algorithm>

#include "import/file.h"
#include "import/tflite/check_model.h"
#include "import/tflite/read_subgraph.h"

namespace toucanet {

std::optional<std::string_view> ReadContext::data_of(uint32_t buffer, std::string_view where) {
  if (buffer == 0) return std::nullopt;
  if (!model.buffers() || buffer >= model.buffers()->size()) return problem(where, "buffer {} does not exist", buffer), std::nullopt;
  const auto* b = model.buffers()->Get(buffer);
  if (b->data() && b->data()->size()) return std::string_view(reinterpret_cast<const char*>(b->data()->data()), b->data()->size());
  if (b->offset() <= 1) return std::nullopt;
  if (b->offset() > bytes.size() || b->size() > bytes.size() - b->offset())
    return problem(where, "its data, {} bytes from {}, lie beyond the file's {}", b->size(), b->offset(), bytes.size()), std::nullopt;
  if (!b->size()) return std::nullopt;
  return bytes.substr(b->offset(), b->size());
}

namespace {

class ModelReader {
  ReadContext c_;

 public:
  explicit ModelReader(ReadContext c) : c_(std::move(c)) {}

  Expected<Module> run(TfliteTensors* tensors) {
    if (c_.model.version() != 3) return diag("TN1101", "schema version {} is not supported, only 3 is", c_.model.version());
    if (!c_.model.subgraphs() || c_.model.subgraphs()->size() == 0) return diag("TN1103", "the model has no subgraph");
    if (c_.problems = check_model(c_.model); !c_.problems.empty()) return std::move(c_.problems);
    if (c_.model.description()) c_.module.description = c_.model.description()->str();
    for (size_t i = 0; i < c_.model.subgraphs()->size(); ++i) {
      const auto* s = c_.model.subgraphs()->Get(static_cast<flatbuffers::uoffset_t>(i));
      c_.module.add_graph(s->name() ? s->name()->str() : i ? fmt::format("graph{}", i) : "main");
    }
    if (tensors) tensors->subgraphs.resize(c_.model.subgraphs()->size());
    // Callees first: their types are asked for by IF and WHILE.
    for (uint32_t i : callees_first(c_.model)) read_subgraph(c_, i, tensors ? &tensors->subgraphs[i] : nullptr);
    if (!c_.unknown.empty()) c_.problems.insert(c_.problems.begin(), unknown_operators());
    if (!c_.problems.empty()) return std::move(c_.problems);
    signatures();
    metadata();
    if (!c_.problems.empty()) return std::move(c_.problems);
    return std::move(c_.module);
  }

 private:
  Diag unknown_operators() const {
    const size_t n = c_.unknown.size();
    Diag d = diag("TN1102", "{} operator{} of the file {} not known here", n, n == 1 ? "" : "s", n == 1 ? "is" : "are");
    for (const auto& [op, count] : c_.unknown) d.notes.push_back(fmt::format("{} {}", op, count));
    return d;
  }

  void signatures() {
    if (!c_.model.signature_defs()) return;
    for (const auto* s : *c_.model.signature_defs()) {
      Signature sig;
      sig.key = s->signature_key() ? s->signature_key()->str() : "";
      sig.graph = s->subgraph_index();
      if (sig.graph >= c_.module.graphs.size()) {
        c_.problem("signature " + sig.key, "subgraph {} does not exist", sig.graph);
        return;
      }
      const auto* sub = c_.model.subgraphs()->Get(sig.graph);
      const auto collect = [&](const auto* maps, const auto* list, auto& into) {
        if (!maps) return;
        for (const auto* m : *maps) {
          const auto at = list ? std::find(list->begin(), list->end(), static_cast<int32_t>(m->tensor_index())) - list->begin() : 0;
          if (list && static_cast<size_t>(at) < list->size()) into.emplace_back(m->name() ? m->name()->str() : "", static_cast<uint32_t>(at));
          else c_.problem("signature " + sig.key, "tensor {} is neither an input nor an output", m->tensor_index());
        }
      };
      collect(s->inputs(), sub->inputs(), sig.inputs);
      collect(s->outputs(), sub->outputs(), sig.outputs);
      c_.module.signatures.push_back(std::move(sig));
    }
  }

  void metadata() {
    if (!c_.model.metadata()) return;
    for (const auto* m : *c_.model.metadata()) {
      if (!m->name() || !c_.model.buffers() || m->buffer() >= c_.model.buffers()->size()) {
        c_.problem("metadata", "buffer {} does not exist", m->buffer());
        return;
      }
      Bytes b;
      if (const auto d = c_.data_of(m->buffer(), "metadata")) b.data.assign(d->begin(), d->end());
      c_.module.metadata.emplace_back(m->name()->str(), std::move(b));
    }
  }
};

}  // namespace

bool is_tflite(std::string_view b) { return b.size() >= 8 && b.substr(4, 4) == fb::ModelIdentifier(); }

Expected<Module> read_tflite(std::shared_ptr<const void> owner, std::string_view bytes, TfliteTensors* tensors) {
  if (!is_tflite(bytes)) return diag("TN1101", "not a .tflite file: the identifier TFL3 is missing");
  // The flatbuffer itself lies within 2 GB; what buffers keep outside is checked where it is read.
  const size_t flatbuffer = std::min<size_t>(bytes.size(), FLATBUFFERS_MAX_BUFFER_SIZE - 1);
  flatbuffers::Verifier verifier(reinterpret_cast<const uint8_t*>(bytes.data()), flatbuffer, 64, 10'000'000);
  if (!fb::VerifyModelBuffer(verifier)) return diag("TN1101", "the .tflite file is damaged: its flatbuffer is not consistent");
  return ModelReader({std::move(owner), bytes, *fb::GetModel(bytes.data())}).run(tensors);
}

Expected<Module> read_tflite_file(const std::string& path) {
  TRY(auto file, map_file(path));
  return read_tflite(file, file->bytes());
}

}  // namespace toucanet
