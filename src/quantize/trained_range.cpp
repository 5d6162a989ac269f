#include "quantize/trained_range.h"

#include <algorithm>
#include <cmath>

#include "ops/fake_quant/fake_quant.h"
#include "ops/fake_quant_per_channel/fake_quant_per_channel.h"
#include "ops/quantize_and_dequantize/quantize_and_dequantize.h"

namespace toucanet {
namespace {

std::string described(const Graph& g, Value v) {
  const auto& origins = *g.module().origins;
  const std::string_view node = origins.last(g.result(v).origin), kind = origins.kind(node);
  return fmt::format("{} '{}'", kind.empty() ? "FAKE_QUANT" : kind, node.empty() ? std::string_view(g.result(v).name) : node);
}

// The least k ≤ most for which every value is a whole multiple of largest / k.
std::optional<double> step_of(const std::vector<double>& values, int most) {
  double largest = 0;
  for (double v : values) largest = std::max(largest, std::fabs(v));
  if (largest == 0) return 0;
  for (int k = 1; k <= most; ++k) {
    const double step = largest / k;
    // Rounding to float32 once or twice on the way leaves far less than this.
    if (std::all_of(values.begin(), values.end(), [&](double v) { return std::fabs(v / step - std::round(v / step)) < 2e-6 * k + 1e-6; })) return step;
  }
  return std::nullopt;
}

}  // namespace

std::optional<TrainedRange> trained_range(const Graph& g, NodeId id) {
  const Node& n = g[id];
  if (n.is<FakeQuant>()) {
    const auto& a = n.as<FakeQuant>();
    return TrainedRange{{static_cast<double>(a.min), static_cast<double>(a.max)}, a.num_bits, a.narrow_range, {}, described(g, {id, 0})};
  }
  if (n.is<FakeQuantPerChannel>()) {
    const Tensor *low = g.constant(n.inputs[1]), *high = g.constant(n.inputs[2]);
    if (!low || !high || low->rank() == 0) return std::nullopt;
    const auto& a = n.as<FakeQuantPerChannel>();
    TrainedRange r{{0, 0}, a.num_bits, a.narrow_range, {}, described(g, {id, 0})};
    for (int64_t i = 0; i < low->elements(); ++i) {
      r.channels.push_back({low->number(i), high->number(i)});
      r.range.join(r.channels.back());
    }
    return r;
  }
  if (n.is<QuantizeAndDequantize>()) {
    const auto& a = n.as<QuantizeAndDequantize>();
    const auto r = levels_of(a);
    return TrainedRange{{static_cast<double>(r.least), static_cast<double>(r.most)}, a.num_bits, a.signed_input && a.narrow_range, {}, described(g, {id, 0})};
  }
  return std::nullopt;
}

Expected<TrainedRanges> take_trained_ranges(Module& m, bool move) {
  TrainedRanges all;
  for (Graph& g : m.graphs)
    for (NodeId id : g.topological()) {
      const auto r = trained_range(g, id);
      if (!r) continue;
      const Value was{id, 0}, x = g[id].inputs[0];
      const Result old = g.result(was);
      all.nodes.emplace(std::string(m.origins->last(old.origin)), *r);
      if (g.constant(x)) continue;
      if (move && r->channels.empty()) {
        all.values.emplace(g.result(x).name, *r);
        g.replace_uses(was, x);
        g.erase(id);
      } else if (g[id].is<QuantizeAndDequantize>()) {
        const FakeQuant::Attrs a{
            .min = static_cast<float>(r->range.min), .max = static_cast<float>(r->range.max), .num_bits = r->num_bits, .narrow_range = r->narrow};
        TRY(const NodeId made, g.add<FakeQuant>({x}, a, old.name, old.origin));
        g.replace_uses(was, {made, 0});
        g.erase(id);
      }
    }
  return all;
}

Quant trained_quant(MinMax r, int num_bits, bool narrow, DType type) {
  // TensorFlow moves a range that lies beside 0, as wide as it is.
  if (r.min > 0) r = {0, r.max - r.min};
  if (r.max < 0) r = {r.min - r.max, 0};
  const bool wide = type == DType::I16;
  const double low = narrow ? 1 : 0, high = wide ? 65535 : 255;
  Quant q;
  if (r.min == 0 && r.max == 0) r = {0, 1};
  const double scale = (r.max - r.min) / (high - low), zero = low - r.min / scale;
  const double nudged = std::isfinite(zero) ? std::clamp(std::round(zero), low, high) : low;  // the scale tells that there is none
  // Fewer bits than are stored, or a zero point, which int16 has not: the range counts, the levels are not training's.
  if (wide && (num_bits < 16 || nudged != 32768)) return activation_quant(r, type);
  q.scale = {static_cast<float>(scale)};
  q.zero_point = {static_cast<int64_t>(nudged) - (type == DType::U8 ? 0 : wide ? 32768 : 128)};
  return q;
}

std::optional<std::vector<float>> grid_of(const Tensor& w, int axis, int most) {
  std::vector<std::vector<double>> channels(axis < 0 ? 1 : static_cast<size_t>(w.dims[static_cast<size_t>(axis)]));
  for_each_channel(w, axis, [&](int64_t i, int64_t c) { channels[static_cast<size_t>(c)].push_back(w.number(i)); });
  std::vector<float> scales;
  for (const auto& values : channels) {
    const auto step = step_of(values, most);
    if (!step) return std::nullopt;
    scales.push_back(static_cast<float>(*step));
  }
  return scales;
}

}  // namespace toucanet
