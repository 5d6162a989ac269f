#include "ops/gather_nd/gather_nd.h"

#include "ir/quant_rule.h"
#include "ops/broadcast_to/broadcast_to.h"
#include "ops/concatenation/concatenation.h"
#include "ops/equal/equal.h"
#include "ops/identity/identity.h"
#include "ops/movement.h"
#include "ops/shape_of/shape_of.h"
#include "ops/where/where.h"

namespace toucanet {
namespace ops::gather_nd {

Status infer(InferContext& c) {
  const Shape &x = c.shape(0), &i = c.shape(1);
  if (!is_int(c.dtype(1))) return c.error("the indices are {}", name(c.dtype(1)));
  if (i.ranked() && i.rank() < 1) return c.error("the indices are a scalar");
  if (x.ranked() && x.rank() < 1) return c.error("x is a scalar");
  if (!x.ranked() || !i.ranked() || !i.dims().back().known()) return c.out(c.dtype(0), Shape::unranked()), ok();
  const int64_t depth = i.dims().back().value();
  if (depth < 0 || depth > static_cast<int64_t>(x.rank())) return c.error("the indices have {} columns, x [{}] has rank {}", depth, x.str(), x.rank());
  Dims d(i.dims().begin(), i.dims().end() - 1);
  d.insert(d.end(), x.dims().begin() + depth, x.dims().end());
  c.out(c.dtype(0), Shape(std::move(d)));
  return ok();
}

Status eval(EvalContext& c) {
  const Tensor &x = c.in(0), &indices = c.in(1);
  if (!movable(x)) return c.no_kernel(x.dtype);
  if (c.out().elements() == 0) return ok();
  TRY(const auto from, named_slices(c, x.dims, indices));
  const int64_t inner = product(x.dims, at(indices.dims.back()), x.rank());
  for (size_t r = 0; r < from.size(); ++r) copy_elements(x, from[r], c.out(), static_cast<int64_t>(r) * inner, inner);
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  if (n.string("bad_indices_policy", "") == "IGNORE") n.refuse("bad_indices_policy IGNORE is not supported");
  const Value x = n.in(0), indices = n.in(1);
  if (n.failed()) return std::vector<Value>{};
  const Shape s = n.type(x).shape, i = n.type(indices).shape;
  if (i.is_static() && i.rank() && i.dims().back().is(0)) {  // rows that name all of x
    auto d = i.to_vector();
    d.pop_back();
    if (d.empty()) return std::vector<Value>{n.add<Identity>({x})};
    if (s.is_static()) {
      for (const Dim& k : s.dims()) d.push_back(k.value());
      return std::vector<Value>{n.add<BroadcastTo>({x, n.ints_constant(d)})};
    }
    return std::vector<Value>{n.add<BroadcastTo>({x, n.add<Concatenation>({n.ints_constant(d), n.add<ShapeOf>({x})})})};
  }
  return std::vector<Value>{n.add<GatherNd>({x, indices})};
}
// For each part the elements whose partition it is.
Expected<std::vector<Value>> from_partition(TfNode& n) {
  const int64_t num = n.integer("num_partitions", 0);
  const Value x = n.in(0), partitions = n.in(1);
  if (num < 1 || num > max_results) n.refuse("num_partitions is {}", num);
  if (n.failed()) return std::vector<Value>{};
  const Shape& p = n.type(partitions).shape;
  if (!p.ranked() || p.rank() == 0) n.refuse("the rank of the partitions must be known and not 0");
  std::vector<Value> out;
  for (int64_t k = 0; k < num && !n.failed(); ++k) {
    const Value here = n.add<Equal>({partitions, n.constant(Tensor::scalar_i32(static_cast<int32_t>(k)))});
    out.push_back(n.add<GatherNd>({x, n.add<Where>({here})}));
  }
  return out;
}
constexpr TfImport imports[] = {{"GatherNd", from_tf, {}, Narrow::Same}, {"DynamicPartition", from_partition, "outputs", Narrow::Same}};
std::string refuses(const OpView& v) {
  const Shape& i = v.in[1]->shape;
  return i.ranked() && i.rank() && i.dims().back().is(0) ? "GATHER_ND takes no empty rows of indices" : "";
}
int version(const OpView& v) {
  const DType t = v.type(0);
  return t == DType::Bool ? 5 : v.type(1) == DType::I16 ? 4 : t == DType::I16 ? 3 : t == DType::String ? 2 : 1;
}
}  // namespace ops::gather_nd

constinit const OpDef GatherNd::def = {
    .name = "gather_nd",
    .summary = "slices by rows of indices",
    .traits = Movement,
    .inputs = "x, indices",
    .outputs = "y",
    .import_tf = ops::gather_nd::imports,
    .infer = ops::gather_nd::infer,
    .eval = ops::gather_nd::eval,
    .tflite = {.builtin = "GATHER_ND",
               .options = "GatherNdOptions",
               .types = moved_types | DTypes{DType::String},
               .version = ops::gather_nd::version,
               .refuses = ops::gather_nd::refuses},
    .quant = &quant_rules::same,
};

}  // namespace toucanet
