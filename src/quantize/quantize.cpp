#include "quantize/quantize.h"

#include "quantize/integer.h"
#include "quantize/weights.h"

namespace toucanet {
namespace {

bool is_quantised(const Module& m) {
  for (const Graph& g : m.graphs)
    for (NodeId id : g.topological())
      for (const Result& r : g[id].outputs)
        if (r.type.quant && is_int(r.type.dtype)) return true;
  return false;
}

}  // namespace

Expected<Quantized> quantize(Module& m, const Recipe& r, const Observations& o) {
  CHECK_OK(check(r));
  Quantized done;
  if (r.mode == QuantMode::None) return done;
  if (is_quantised(m)) return diag("TN7004", "the model is quantised already").note("quantise the float model it was made from");
  const bool integer = r.mode == QuantMode::Int8 || r.mode == QuantMode::Int16x8;
  CHECK_OK(integer ? quantize_integer(m, r, o, done) : quantize_weights(m, r, done));
  CHECK_OK(verify_quantized(m));
  return done;
}

}  // namespace toucanet
