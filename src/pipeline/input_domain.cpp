#include "pipeline/input_domain.h"

#include "ir/limits.h"
#include "ops/cast/cast.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

namespace toucanet {
namespace {

// The operand limits integers: indices below the size of the axis they index.
struct Limit {
  int64_t low = 0, high = 8;  // inclusive
  bool positive_floats = false;
};

// The shape that an operator looks places up in, if its operand `index` names places.
const Shape* indexed(const Graph& g, NodeId id, uint32_t index) {
  const Node& n = g[id];
  const auto name = n.op->name;
  if ((name == "gather" || name == "gather_nd" || name == "tensor_scatter") && index == 1) return &g.type(n.inputs[0]).shape;
  return name == "scatter_nd" && index == 0 ? &n.outputs[0].type.shape : nullptr;
}

// Follows an integer through movements, casts and clamps to the operators that give it a meaning. size: of unknown dimensions.
Limit limit_of(const Graph& g, Value start, int64_t size) {
  Limit l;
  std::vector<Value> stack{start};
  std::set<Value> seen;
  while (!stack.empty()) {
    const Value v = stack.back();
    stack.pop_back();
    if (!seen.insert(v).second || seen.size() > 256) continue;
    for (const Use& u : g.uses(v)) {
      if (!u.node) continue;
      const Node& n = g[u.node];
      if (const Shape* places = indexed(g, u.node, u.index)) {
        for (const auto& d : places->ranked() ? places->dims() : Dims{}) l.high = std::min(l.high, std::max<int64_t>(0, (d.known() ? d.value() : size) - 1));
      } else if (n.is<Cast>()) {
        // Out of range TensorFlow and TensorFlow Lite differ.
        const DType to = n.as<Cast>().out_data_type;
        l.positive_floats = l.positive_floats || (to >= DType::U8 && to <= DType::U64);
        stack.push_back({u.node, 0});
      } else if (n.op->is(Movement) || n.op->is(Elementwise)) {
        for (uint32_t s = 0; s < n.outputs.size(); ++s) stack.push_back({u.node, s});
      }
    }
  }
  return l;
}

// For an input of unknown rank: what a reshape makes of it, else a scalar, then a vector.
Shape guessed_shape(const Graph& g, Value v, int64_t size) {
  for (const Use& u : g.uses(v))
    if (u.node && u.index == 0 && g[u.node].op->name == "reshape")
      if (const Dims* d = g.result(g[u.node].inputs[1]).ints.get()) {
        Dims dims;
        for (const auto& x : *d) dims.push_back(x.is(-1) ? Dim::unknown() : x);
        return Shape(std::move(dims));
      }
  return size > 1 ? Shape({Dim(size)}) : Shape{};
}

}  // namespace

Expected<std::vector<Tensor>> sample_inputs(const Module& m, int64_t size, uint64_t seed, const std::map<std::string, double>& fixed,
                                            const std::map<std::string, Tensor>& given) {
  const Graph& g = m.main();
  std::mt19937_64 random(seed);
  std::vector<Tensor> out;
  for (Value v : g.inputs) {
    const Result& r = g.result(v);
    if (const auto it = given.find(r.name); it != given.end()) {
      out.push_back(it->second);
      continue;
    }
    const Shape shape = r.type.shape.ranked() ? r.type.shape : guessed_shape(g, v, size);
    std::vector<int64_t> dims;
    for (const auto& d : shape.dims()) {
      dims.push_back(d.known() ? d.value() : size);
    }
    if (!limits::product(dims, limits::sampled)) return diag("TN3014", "the input '{}' is too large for a check", r.name).at(r.name);
    if (r.type.dtype == DType::String) return diag("TN3014", "the input '{}' holds strings", r.name).at(r.name);
    Tensor t = Tensor::zeros(r.type.dtype, dims);
    const auto hold = fixed.find(r.name);
    const Limit limit = limit_of(g, v, size);
    std::uniform_int_distribution<int64_t> whole(limit.low, limit.high);
    std::normal_distribution<double> normal(0, 1);
    const int64_t n = t.elements();
    const auto real = [&] {
      const double x = hold != fixed.end() ? hold->second : normal(random);
      return limit.positive_floats ? std::fabs(x) : x;
    };
    const bool done = dispatch(t.dtype, [&]<class T>(T) {
      for (T& x : t.as_mutable<T>()) {
        if constexpr (std::is_same_v<T, bool>) x = hold != fixed.end() ? hold->second != 0 : (random() & 1) != 0;
        else if constexpr (std::is_floating_point_v<T>) x = static_cast<T>(real());
        else x = static_cast<T>(hold != fixed.end() ? static_cast<int64_t>(hold->second) : whole(random));
      }
    });
    if (!done && (t.dtype == DType::F16 || t.dtype == DType::BF16)) {
      for (int64_t i = 0; i < n; ++i) {
        const auto f = static_cast<float>(real());
        uint32_t u;
        std::memcpy(&u, &f, 4);
        t.as_mutable<uint16_t>()[static_cast<size_t>(i)] = t.dtype == DType::F16 ? float_to_half(f) : static_cast<uint16_t>(u >> 16);
      }
    } else if (t.dtype == DType::C64) {
      for (float& x : t.as_mutable<float>()) x = static_cast<float>(real());
    } else if (!done) {
      return diag("TN3014", "the input '{}' of type {} cannot be filled", r.name, tf_name(t.dtype)).at(r.name);
    }
    out.push_back(std::move(t));
  }
  return out;
}

Status check_given(const Graph& g, const std::map<std::string, Tensor>& given) {
  Diags problems;
  std::vector<std::string_view> names;
  for (Value v : g.inputs) names.push_back(g.result(v).name);
  for (const auto& [name, t] : given) {
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) {
      problems.push_back(diag("TN3006", "there is no input '{}' to give data to", name));
      if (const auto near = nearest(name, names); !near.empty()) problems.back().notes.push_back(fmt::format("did you mean '{}'?", near));
      continue;
    }
    const TensorType& want = g.type(g.inputs[static_cast<size_t>(at - names.begin())]);
    if (t.dtype != want.dtype || !refine(t.type().shape, want.shape))
      problems.push_back(diag("TN3006", "the input is {}, the data given {}", want.str(), t.type().str()).at(name));
  }
  if (!problems.empty()) return problems;
  return ok();
}

}  // namespace toucanet
