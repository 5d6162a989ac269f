#include "ops/segment_sum/segment_sum.h"

#include "ops/segment_ids.h"
#include "ops/shapes.h"
#include "ops/truth.h"

namespace toucanet {
namespace ops::segment_sum {
Status infer(InferContext& c) {
  const Shape &x = c.shape(0), &s = c.shape(1);
  if (c.dtype(1) != DType::I32 && c.dtype(1) != DType::I64) return c.error("the ids are {}", name(c.dtype(1)));
  if (s.ranked() && s.rank() != 1) return c.error("the ids have the shape [{}]", s.str());
  if (!x.ranked()) return c.out(c.dtype(0), x), ok();
  if (x.rank() == 0) return c.error("data is a scalar");
  if (s.ranked() && differ(s[0], x[0])) return c.error("there are {} ids for {} rows", s[0].str(), x[0].str());
  Dims d = x.dims();
  d[0] = Dim::unknown();
  if (const auto ids = known_ints(c, 1)) {
    if (!ids->empty() && ids->back() > (int64_t{1} << 40)) return c.error("id {} is too large", ids->back());
    if (!ids->empty() && ids->front() < 0) return c.error("id {} is negative", ids->front());
    for (size_t i = 1; i < ids->size(); ++i)
      if ((*ids)[i] < (*ids)[i - 1]) return c.error("the ids do not ascend");
    d[0] = ids->empty() ? 0 : ids->back() + 1;
  }
  c.out(c.dtype(0), Shape(std::move(d)));
  return ok();
}
Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  if (!byte_size(x.dtype)) return c.no_kernel(x.dtype);
  const int64_t rows = x.dims[0];
  if (rows == 0) return ok();
  const int64_t n = x.elements() / rows;
  for (int64_t r = 1; c.tflite() && r < rows; ++r)
    if (c.in(1).integer(r) - c.in(1).integer(r - 1) > 1) return c.error("ids leave out {}", c.in(1).integer(r) - 1);
  const bool done = dispatch(x.dtype, [&]<class T>(T) {
    if constexpr (!std::is_same_v<T, bool>) {
      const T* from = x.as<T>().data();
      T* to = c.out<T>().data();
      for (int64_t r = 0; r < rows; ++r)
        for (int64_t i = 0; i < n; ++i) {
          T& y = to[c.in(1).integer(r) * n + i];
          if constexpr (std::is_integral_v<T>) y = static_cast<T>(static_cast<uint64_t>(y) + static_cast<uint64_t>(from[r * n + i]));
          else y += from[r * n + i];
        }
    }
  });
  if (!done || x.dtype == DType::Bool) return c.no_kernel(x.dtype);
  return ok();
}
// SEGMENT_SUM's ids may leave no gap: it takes constant ones that have none.
Expected<std::vector<Value>> from_tf(TfNode& n) {
  const Value x = n.in(0), ids = n.in(1);
  if (n.failed()) return std::vector<Value>{};
  bool unsorted = !n.constant(1) && n.type(x).shape.ranked();
  if (const auto known = n.constant(1); known && is_int(known->dtype))
    for (int64_t i = 0; i < known->elements(); ++i) unsorted = unsorted || known->integer(i) > (i ? known->integer(i - 1) + 1 : 0);
  if (!unsorted) return std::vector<Value>{n.add<SegmentSum>({x, n.as_i32(ids)})};
  const auto s = SegmentIds::of(n);
  return s ? std::vector<Value>{n.add<UnsortedSegmentSum>({s->rows, s->ids, s->count})} : std::vector<Value>{};
}
constexpr TfImport imports[] = {{"SegmentSum", from_tf}};
constexpr Truth truth[] = {{{DType::F32, DType::I32}, "optimized", not_in_reference}};
}  // namespace ops::segment_sum

constinit const OpDef SegmentSum::def = {
    .name = "segment_sum",
    .summary = "sums of the rows that share an id",
    .traits = Wide,
    .inputs = "data, segment_ids",
    .outputs = "y",
    .import_tf = ops::segment_sum::imports,
    .infer = ops::segment_sum::infer,
    .eval = ops::segment_sum::eval,
    .tflite = {.builtin = "SEGMENT_SUM", .options = "SegmentSumOptions", .types = {DType::F32, DType::I32}},
    .truth = ops::segment_sum::truth,
};

}  // namespace toucanet
