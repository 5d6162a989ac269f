#include "passes/separate_outputs.h"

#include <set>

#include "ops/reshape/reshape.h"
#include "ops/shape_of/shape_of.h"

namespace toucanet {

// A copy that every runtime has: a reshape to the same shape.
static Value copy_of(Graph& g, Value v, const std::string& name) {
  const Shape& s = g.type(v).shape;
  const OriginId origin = g.result(v).origin;
  Value shape;
  if (s.is_static()) {
    std::vector<int32_t> dims;
    for (const auto& d : s.dims()) dims.push_back(static_cast<int32_t>(d.value()));
    shape = g.add_constant(Tensor::vector_i32(dims), {}, origin);
  } else {
    auto id = g.add<ShapeOf>({v}, {}, {}, origin);
    if (!id) return v;
    shape = {*id, 0};
  }
  auto id = g.add<Reshape>({v, shape}, {}, name, origin);
  return id ? Value{*id, 0} : v;
}

void separate_outputs(Module& m) {
  for (Graph& g : m.graphs) {
    std::set<Value> taken;
    for (size_t i = 0; i < g.outputs().size(); ++i) {
      const auto o = g.outputs()[i];
      if (g.type(o.value).dtype == DType::Token || g.type(o.value).dtype == DType::Resource) continue;
      if (g[o.value].is<Input>() || !taken.insert(o.value).second) {
        const Value v = copy_of(g, o.value, o.name);
        g.set_output(i, v);
        taken.insert(v);
      }
    }
  }
}

}  // namespace toucanet
