#include "ops/add/add.h"
#include "ops/cast/cast.h"
#include "ops/concatenation/concatenation.h"
#include "ops/cumsum/cumsum.h"
#include "ops/gather/gather.h"
#include "ops/gather_nd/gather_nd.h"
#include "ops/less_equal/less_equal.h"
#include "ops/maximum/maximum.h"
#include "ops/minimum/minimum.h"
#include "ops/mul/mul.h"
#include "ops/range/range.h"
#include "ops/reduce_prod/reduce_prod.h"
#include "ops/reshape/reshape.h"
#include "ops/scatter_nd/scatter_nd.h"
#include "ops/shape_of/shape_of.h"
#include "ops/slice/slice.h"
#include "ops/sub/sub.h"
#include "ops/sum/sum.h"
#include "ops/tensor_scatter/tensor_scatter.h"
#include "ops/unsorted_segment_max/unsorted_segment_max.h"
#include "ops/unsorted_segment_min/unsorted_segment_min.h"
#include "ops/zeros_like/zeros_like.h"
#include "rewrites/select.h"

namespace toucanet::rewrites {
namespace lower_tensor_scatter_ {
constexpr NodeVar<TensorScatter> root{"root"};
constexpr Var x{"x"}, indices{"indices"}, updates{"updates"};

Verdict when(const Match& m) {
  const auto why = scatter_refusal(m.type(x), m.shape(indices), m.attrs(root).reduction, m.constant(indices));
  return why.empty() ? accept() : m.reject("{}", why);
}

Value i32(Patch& p, int64_t v) { return p.constant(Tensor::scalar_i32(static_cast<int32_t>(v))); }
Value cast(Patch& p, Value v, DType to) { return p.type(v).dtype == to ? v : p.add<Cast>({v}, {.in_data_type = p.type(v).dtype, .out_data_type = to}); }

// x [d0,…] of which rows of indices name slices: x as a list of slices, and which of them the rows name.
struct Slices {
  Patch& p;
  Value x, indices;
  int64_t depth;       // leading axes that indices go through
  bool constant_rows;  // what follows from them is folded

  Value shape() const { return p.add<ShapeOf>({x}); }
  Value leading() const { return p.add<Slice>({shape(), p.ints({0}), p.ints({depth})}); }
  Value count() const { return depth == 1 ? p.add<Reshape>({leading(), p.ints({})}) : p.add<ReduceProd>({leading(), p.ints({0})}); }
  Value numbers() const { return p.add<Range>({i32(p, 0), count(), i32(p, 1)}); }
  // x or updates, as [slices, what a slice has…].
  Value list(Value v, size_t axes) const {
    if (axes == 1) return v;
    if (p.type(x).shape.rank() == static_cast<size_t>(depth)) return p.add<Reshape>({v, p.ints({-1})});
    const Value one = p.add<Slice>({shape(), p.ints({depth}), p.ints({-1})});
    return p.add<Reshape>({v, p.add<Concatenation>({p.ints({-1}), one})});
  }
  // The number of the slice that each row names.
  Value named() const {
    const Shape& s = p.type(x).shape;
    if (depth == 1) return p.add<Reshape>({indices, p.ints({-1})});
    const Value rows = p.add<Reshape>({indices, p.ints({-1, depth})});
    std::vector<int64_t> strides(static_cast<size_t>(depth), 1);
    for (auto k = static_cast<size_t>(depth) - 1; k-- > 0;) {
      if (!s[k + 1].known()) return p.add<GatherNd>({p.add<Reshape>({numbers(), leading()}), rows});
      strides[k] = strides[k + 1] * s[k + 1].value();
    }
    return p.add<Sum>({p.add<Mul>({rows, p.ints(strides)}), p.ints({-1})});
  }
};

// 0, 1, … for each element of v; counted as the model runs where a file would hold many of them.
Value places(const Slices& s, Value v) {
  Patch& p = s.p;
  const Shape& n = p.type(v).shape;
  if (s.constant_rows || !n.is_static() || n[0].value() <= 1024) return s.numbers();
  const Value ones = p.add<Add>({p.add<ZerosLike>({v}), i32(p, 1)});
  return p.add<Cumsum>({ones, i32(p, 0)}, {.exclusive = true});
}

// The slices of x, then the updates; each slice takes the last update that names it, or its own.
Value update(const Slices& s, Value updates, size_t row_axes) {
  Patch& p = s.p;
  const Value named = s.named(), count = s.count();
  const Value rows = p.add<Reshape>({p.add<ShapeOf>({named}), p.ints({})});
  const Value numbers = p.add<Range>({count, p.add<Add>({count, rows}), i32(p, 1)});
  const Value last = p.add<UnsortedSegmentMax>({numbers, named, count});
  const Value from = p.add<Maximum>({last, places(s, last)});
  const Value y = p.add<Gather>({p.add<Concatenation>({s.list(s.x, static_cast<size_t>(s.depth)), s.list(updates, row_axes)}), from});
  return s.depth == 1 ? y : p.add<Reshape>({y, s.shape()});
}

// The least or largest of the updates that name a slice, and of x. A segment without rows has the type's largest or least number,
// which is beyond x unless that is an infinity.
Value extreme(const Slices& s, Value updates, size_t row_axes, bool max) {
  Patch& p = s.p;
  const DType type = p.type(s.x).dtype, work = type == DType::F32 ? type : DType::I32;
  const OpDef &segments = max ? UnsortedSegmentMax::def : UnsortedSegmentMin::def, &join = max ? Maximum::def : Minimum::def;
  const Value own = cast(p, s.x, work);
  Value best = p.add(segments, {s.list(cast(p, updates, work), row_axes), s.named(), s.count()});
  if (s.depth > 1) best = p.add<Reshape>({best, s.shape()});
  const Value y = p.add(join, {own, best});
  if (work != DType::F32) return cast(p, y, type);
  const Value none = p.scalar(max ? std::numeric_limits<float>::lowest() : std::numeric_limits<float>::max());
  return select(p, max ? p.add<LessEqual>({best, none}) : p.add<LessEqual>({none, best}), own, y);
}

std::vector<Value> build(const Match& m, Patch& p) {
  const ScatterReduction r = m.attrs(root).reduction;
  if (m.shape(x).is_static() && m.shape(x).elements().is(0)) return {m[x]};
  const Shape& rows = m.shape(indices);
  const Slices s{p, m[x], cast(p, m[indices], DType::I32), rows.dims().back().value(), m.constant(indices) != nullptr};
  const size_t row_axes = rows.rank() - 1;
  if (r == ScatterReduction::Update) return {update(s, m[updates], row_axes)};
  if (r == ScatterReduction::Add) return {p.add<Add>({m[x], p.add<ScatterNd>({s.indices, m[updates], s.shape()})})};
  if (r == ScatterReduction::Sub) return {p.add<Sub>({m[x], p.add<ScatterNd>({s.indices, m[updates], s.shape()})})};
  const bool max = r == ScatterReduction::Max;
  if (const Tensor* known = m.constant(indices); !known || !all_distinct(*known)) return {extreme(s, m[updates], row_axes, max)};
  return {update(s, p.add(max ? Maximum::def : Minimum::def, {p.add<GatherNd>({m[x], s.indices}), m[updates]}), row_axes)};
}
}  // namespace lower_tensor_scatter_

extern const Rewrite lower_tensor_scatter;
constinit const Rewrite lower_tensor_scatter = {
    .name = "lower_tensor_scatter",
    .summary = "tensor_scatter becomes a gather of slices and updates, a scatter that is added, or an extreme of segments",
    .mathematics =
        "slice k of the result is row max{k, n + r : row r names k} of concat(x, updates), x having n slices; x ± scatter(updates); "
        "max(x, segment_max(updates))",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_tensor_scatter_;
          return root(x, indices, updates);
        },
    .when = lower_tensor_scatter_::when,
    .build = lower_tensor_scatter_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
