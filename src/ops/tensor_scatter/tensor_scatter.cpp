#include "ops/tensor_scatter/tensor_scatter.h"

#include <set>

#include "ops/limits.h"
#include "ops/movement.h"

namespace toucanet {
namespace ops::tensor_scatter {

Status infer(InferContext& c) {
  const Shape &x = c.shape(0), &i = c.shape(1), &u = c.shape(2);
  if (!is_int(c.dtype(1))) return c.error("the indices are {}", name(c.dtype(1)));
  if (c.dtype(0) != c.dtype(2)) return c.error("x is {}, the updates are {}", name(c.dtype(0)), name(c.dtype(2)));
  if ((x.ranked() && x.rank() < 1) || (i.ranked() && i.rank() < 1) || (u.ranked() && u.rank() < 1)) return c.error("an operand is a scalar");
  c.out(c.dtype(0), x);
  if (!x.ranked() || !i.ranked() || !i.dims().back().known()) return ok();
  const int64_t depth = i.dims().back().value();
  if (depth < 1 || depth > static_cast<int64_t>(x.rank())) return c.error("the indices have {} columns, x [{}] has rank {}", depth, x.str(), x.rank());
  Dims want(i.dims().begin(), i.dims().end() - 1);
  want.insert(want.end(), x.dims().begin() + depth, x.dims().end());
  bool fits = !u.ranked() || u.rank() == want.size();
  for (size_t k = 0; fits && u.ranked() && k < want.size(); ++k) fits = !differ(u[k], want[k]);
  if (!fits) return c.error("the updates [{}] do not fit indices [{}] and x [{}]", u.str(), i.str(), x.str());
  return ok();
}

template <class T>
T join(ScatterReduction r, T a, T b) {
  switch (r) {
    case ScatterReduction::Min: return b < a ? b : a;
    case ScatterReduction::Max: return a < b ? b : a;
    case ScatterReduction::Update: return b;
    default: break;
  }
  const bool minus = r == ScatterReduction::Sub;
  if constexpr (std::is_same_v<T, bool>) return minus ? a : a || b;
  else if constexpr (std::is_integral_v<T>)
    return static_cast<T>(minus ? static_cast<uint64_t>(a) - static_cast<uint64_t>(b) : static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  else return minus ? a - b : a + b;
}

Status eval(EvalContext& c) {
  const Tensor &x = c.in(0), &indices = c.in(1), &updates = c.in(2);
  const ScatterReduction reduction = c.attrs<TensorScatter>().reduction;
  Tensor& y = c.out();
  if (!movable(x)) return c.no_kernel(x.dtype);
  copy_elements(x, 0, y, 0, x.elements());
  TRY(const auto to, named_slices(c, x.dims, indices));
  const int64_t inner = product(x.dims, at(indices.dims.back()), x.rank());
  if (reduction == ScatterReduction::Update) {
    for (size_t r = 0; r < to.size(); ++r) copy_elements(updates, static_cast<int64_t>(r) * inner, y, to[r], inner);
    return ok();
  }
  const bool done = dispatch(y.dtype, [&]<class T>(T) {
    const T* from = updates.as<T>().data();
    for (int64_t place : to)
      for (T *p = y.as_mutable<T>().data() + place, *end = p + inner; p < end; ++p) *p = join(reduction, *p, *from++);
  });
  return done || to.empty() ? ok() : c.no_kernel(y.dtype);
}

template <ScatterReduction reduction>
Expected<std::vector<Value>> from_tf(TfNode& n) {
  const Value x = n.in(0), indices = n.in(1), updates = n.in(2);
  if (n.string("bad_indices_policy", "") == "IGNORE") n.refuse("bad_indices_policy IGNORE is not supported");
  if (n.failed()) return std::vector<Value>{};
  const auto known = n.constant(1);
  if (const auto why = scatter_refusal(n.type(x), n.type(indices).shape, reduction, known.get()); !why.empty()) n.refuse("{}", why);
  return std::vector<Value>{n.add<TensorScatter>({x, indices, updates}, {.reduction = reduction})};
}
constexpr TfImport imports[] = {{"TensorScatterUpdate", from_tf<ScatterReduction::Update>, {}, Narrow::Same},
                                {"TensorScatterAdd", from_tf<ScatterReduction::Add>},
                                {"TensorScatterSub", from_tf<ScatterReduction::Sub>},
                                {"TensorScatterMin", from_tf<ScatterReduction::Min>, {}, Narrow::Same},
                                {"TensorScatterMax", from_tf<ScatterReduction::Max>, {}, Narrow::Same}};
}  // namespace ops::tensor_scatter

bool all_distinct(const Tensor& indices) {
  const int64_t depth = indices.dims.empty() ? 0 : indices.dims.back(), rows = depth ? indices.elements() / depth : 0;
  std::set<std::vector<int64_t>> seen;
  for (int64_t r = 0; r < rows; ++r) {
    std::vector<int64_t> row;
    for (int64_t k = 0; k < depth; ++k) row.push_back(indices.integer(r * depth + k));
    if (!seen.insert(std::move(row)).second) return false;
  }
  return true;
}

std::string scatter_refusal(const TensorType& x, const Shape& rows, ScatterReduction reduction, const Tensor* indices) {
  if (!x.shape.ranked()) return "the rank of the tensor must be known";
  if (!rows.ranked() || rows.rank() == 0 || !rows.dims().back().known())
    return fmt::format("the number of columns of the indices [{}] must be known", rows.str());
  if (const Dim n = x.shape.elements(); n.known() && n.value() > std::numeric_limits<int32_t>::max()) return fmt::format("[{}] is too large", x.shape.str());
  const bool extreme = reduction == ScatterReduction::Min || reduction == ScatterReduction::Max;
  if (!extreme || (indices && all_distinct(*indices)) || is_float(x.dtype) || x.dtype == DType::I32) return {};
  if (byte_size(x.dtype) < 4 && is_int(x.dtype)) return {};
  return fmt::format("{} is not supported unless the indices are constant and all different: TensorFlow Lite's segments have {} of float32 and int32",
                     tf_name(x.dtype), reduction == ScatterReduction::Min ? "minima" : "maxima");
}

constinit const OpDef TensorScatter::def = as_composite({
    .name = "tensor_scatter",
    .summary = "a tensor whose slices at rows of indices are updated",
    .inputs = "x, indices, updates",
    .outputs = "y",
    .attrs = &attr_ops<TensorScatter::Attrs>,
    .import_tf = ops::tensor_scatter::imports,
    .infer = ops::tensor_scatter::infer,
    .eval = ops::tensor_scatter::eval,
});

}  // namespace toucanet
