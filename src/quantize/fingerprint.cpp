#include "quantize/fingerprint.h"

namespace toucanet {

void ContentHash::words(const void* p, size_t bytes) {
  const auto* from = static_cast<const char*>(p);
  for (; bytes >= 8; from += 8, bytes -= 8) {
    uint64_t v;
    std::memcpy(&v, from, 8);
    number(v);
  }
  if (!bytes) return;
  uint64_t v = 0;
  std::memcpy(&v, from, bytes);
  number(v);
}

namespace {

void add_type(ContentHash& h, const TensorType& t) {
  h.number(static_cast<uint64_t>(t.dtype));
  h.number(t.shape.ranked() ? t.shape.rank() : UINT64_MAX);
  for (const Dim& d : t.shape.dims()) h.number(d.known() ? static_cast<uint64_t>(d.value()) : UINT64_MAX);
  if (!t.quant) return;
  for (float s : t.quant->scale) h.words(&s, sizeof s);
  for (int64_t z : t.quant->zero_point) h.number(static_cast<uint64_t>(z));
}

void add_graph(ContentHash& h, const Graph& g) {
  std::map<uint32_t, uint64_t> place;  // of nodes, in topological order
  const auto value = [&](Value v) { v ? (h.number(place.at(v.node.index)), h.number(v.slot)) : h.number(UINT64_MAX); };
  for (NodeId id : g.topological()) {
    const Node& n = g[id];
    place.emplace(id.index, place.size());
    h.text(n.op->name);
    for (const FieldRef& f : n.attrs.fields()) h.text(f.name), h.text(print(f));
    for (Value v : n.inputs) value(v);
    for (const Result& r : n.outputs) add_type(h, r.type);
    if (n.constant) h.words(n.constant->raw(), n.constant->bytes());
  }
  for (Value v : g.inputs) value(v);
  for (const auto& o : g.outputs()) value(o.value);
}

}  // namespace

uint64_t fingerprint(const Module& m) {
  ContentHash h;
  h.number(m.graphs.size());
  for (const Graph& g : m.graphs) add_graph(h, g);
  return h.value();
}

}  // namespace toucanet
