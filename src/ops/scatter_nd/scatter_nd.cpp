#include "ops/scatter_nd/scatter_nd.h"

#include "ops/cast/cast.h"
#include "ops/movement.h"
#include "ops/range/range.h"
#include "ops/reshape/reshape.h"
#include "ops/shape_of/shape_of.h"

namespace toucanet {
namespace ops::scatter_nd {

Status infer(InferContext& c) {
  const Shape &i = c.shape(0), &u = c.shape(1);
  if (!is_int(c.dtype(0))) return c.error("the indices are {}", name(c.dtype(0)));
  CHECK_OK(check_list(c, 2));
  if (i.ranked() && i.rank() < 1) return c.error("the indices are a scalar");
  const auto d = ints_of(c, 2);
  if (!d) return c.out(c.dtype(1), Shape::unranked()), ok();
  for (const Dim& k : *d)
    if (k.known() && k.value() < 0) return c.error("the shape has the dimension {}", k.value());
  if (i.ranked() && i.dims().back().known()) {
    const int64_t depth = i.dims().back().value();
    if (depth < 0 || depth > static_cast<int64_t>(d->size())) return c.error("the indices have {} columns, the result has rank {}", depth, d->size());
    if (u.ranked()) {
      if (static_cast<int64_t>(u.rank()) != static_cast<int64_t>(i.rank() - 1 + d->size()) - depth)
        return c.error("the updates [{}] do not fit indices [{}] and shape [{}]", u.str(), i.str(), Shape(*d).str());
      for (size_t k = 0; k < u.rank(); ++k) {
        const Dim& want = k < i.rank() - 1 ? i[k] : (*d)[k - (i.rank() - 1) + at(depth)];
        if (differ(u[k], want)) return c.error("the updates [{}] do not fit indices [{}] and shape [{}]", u.str(), i.str(), Shape(*d).str());
      }
    }
  }
  c.out(c.dtype(1), Shape(*d));
  return ok();
}

Status eval(EvalContext& c) {
  const Tensor &indices = c.in(0), &updates = c.in(1);
  Tensor& y = c.out();
  if (updates.elements() == 0) return ok();
  TRY(const auto to, named_slices(c, y.dims, indices));
  const int64_t rows = static_cast<int64_t>(to.size()), inner = product(y.dims, at(indices.dims.back()), y.rank());
  const bool done = dispatch(y.dtype, [&]<class T>(T) {
    const T* from = updates.as<T>().data();
    T* p = y.as_mutable<T>().data();
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t k = 0; k < inner; ++k) {
        T& v = p[to[at(r)] + k];
        const T x = from[r * inner + k];
        if constexpr (std::is_same_v<T, bool>) v = v || x;
        else if constexpr (std::is_integral_v<T>) v = static_cast<T>(static_cast<uint64_t>(v) + static_cast<uint64_t>(x));
        else v += x;
      }
  });
  if (!done) return c.no_kernel(y.dtype);
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  const Value indices = n.in(0), updates = n.in(1), shape = n.in(2);
  if (n.string("bad_indices_policy", "") == "IGNORE") n.refuse("bad_indices_policy IGNORE is not supported");
  return std::vector<Value>{n.add<ScatterNd>({n.as_i32(indices), updates, n.as_i32(shape)})};
}
// y[x[i]] = i: every place is written once.
Expected<std::vector<Value>> from_permutation(TfNode& n) {
  const Value x = n.in(0);
  if (n.failed()) return std::vector<Value>{};
  const Shape s = n.type(x).shape;
  if (const DType t = n.type(x).dtype; t != DType::I32 && t != DType::I64) n.refuse("the permutation is {}", name(t));
  if (s.ranked() && s.rank() != 1) n.refuse("the permutation has the shape [{}]", s.str());
  if (n.failed()) return std::vector<Value>{};
  if (!s.is_static() || s[0].value() > (1 << 20)) {
    const Value all = n.add<Reshape>({x, n.ints_constant({-1})}), size = n.add<ShapeOf>({all});
    const Value one = n.constant(Tensor::scalar_i32(1)), zero = n.constant(Tensor::scalar_i32(0));
    const Value counted = n.add<Range>({zero, n.add<Reshape>({size, n.ints_constant({})}), one});
    const Value from = n.type(x).dtype == DType::I64 ? n.add<Cast>({counted}, {.in_data_type = DType::I32, .out_data_type = DType::I64}) : counted;
    return std::vector<Value>{n.add<ScatterNd>({n.add<Reshape>({n.as_i32(all), n.ints_constant({-1, 1})}), from, size})};
  }
  const int64_t length = s[0].value();
  Tensor places = Tensor::zeros(n.type(x).dtype, {length});
  for (int64_t i = 0; i < length; ++i) {
    if (places.dtype == DType::I64) places.as_mutable<int64_t>()[at(i)] = i;
    else places.as_mutable<int32_t>()[at(i)] = static_cast<int32_t>(i);
  }
  const Value rows = n.add<Reshape>({n.as_i32(x), n.ints_constant({length, 1})});
  return std::vector<Value>{n.add<ScatterNd>({rows, n.constant(std::move(places)), n.ints_constant({length})})};
}
constexpr TfImport imports[] = {{"ScatterNd", from_tf}, {"InvertPermutation", from_permutation}};
}  // namespace ops::scatter_nd

constinit const OpDef ScatterNd::def = {
    .name = "scatter_nd",
    .summary = "adds updates to zeros at rows of indices",
    .traits = Wide,
    .inputs = "indices, updates, shape",
    .import_tf = ops::scatter_nd::imports,
    .infer = ops::scatter_nd::infer,
    .eval = ops::scatter_nd::eval,
    .eval_quantized = ops::scatter_nd::eval,
    .tflite = {.builtin = "SCATTER_ND",
               .options = "ScatterNdOptions",
               .types = {DType::F32, DType::U8, DType::I8, DType::I32, DType::I64, DType::Bool},
               .quantized = {DType::I8, DType::U8, DType::I32},
               .typed_operand = 1},
};

}  // namespace toucanet
