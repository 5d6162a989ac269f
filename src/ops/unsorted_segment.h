#pragma once
// Maker of UNSORTED_SEGMENT_SUM, _PROD, _MAX, _MIN: Fn::none<T>() for an id without rows, Fn::join(a, x).
#include <limits>
#include <set>

#include "import/graphdef/tf_node.h"
#include "ops/shapes.h"

namespace toucanet {

inline Status infer_unsorted_segment(InferContext& c) {
  const Shape &x = c.shape(0), &s = c.shape(1);
  if (c.dtype(1) != DType::I32 && c.dtype(1) != DType::I64) return c.error("the ids are {}", name(c.dtype(1)));
  if (!is_int(c.dtype(2))) return c.error("the number of segments is {}", name(c.dtype(2)));
  if (c.shape(2).ranked() && c.shape(2).rank() != 0) return c.error("the number of segments has the shape [{}]", c.shape(2).str());
  Dim n = Dim::unknown();
  if (const auto known = known_ints(c, 2); known && known->size() == 1) n = known->at(0);
  else if (c.ints(2) && c.ints(2)->size() == 1) n = (*c.ints(2))[0];
  if (n.known() && n.value() < 0) return c.error("the number of segments is {}", n.value());
  if (!x.ranked() || !s.ranked()) return c.out(c.dtype(0), Shape::unranked()), ok();
  bool fits = s.rank() <= x.rank();
  for (size_t i = 0; fits && i < s.rank(); ++i) fits = !differ(s[i], x[i]);
  if (!fits) return c.error("the ids [{}] are no prefix of data [{}]", s.str(), x.str());
  Dims d{n};
  d.insert(d.end(), x.dims().begin() + static_cast<std::ptrdiff_t>(s.rank()), x.dims().end());
  c.out(c.dtype(0), Shape(std::move(d)));
  return ok();
}

template <class Fn>
Status eval_unsorted_segment(EvalContext& c) {
  const Tensor &x = c.in(0), &ids = c.in(1);
  if (!byte_size(x.dtype)) return c.no_kernel(x.dtype);
  const int64_t rows = ids.elements(), segments = c.out().dims[0];
  const int64_t n = segments ? c.out().elements() / segments : 0;
  for (int64_t r = 0; r < rows; ++r)
    if (ids.integer(r) >= segments) return c.error("id {} is not below {}", ids.integer(r), segments);
  const bool done = dispatch(x.dtype, [&]<class T>(T) {
    if constexpr (!std::is_same_v<T, bool>) {
      const T* from = x.as<T>().data();
      T* to = c.out<T>().data();
      std::fill_n(to, segments * n, Fn::template none<T>());
      for (int64_t r = 0; r < rows; ++r)
        if (const int64_t s = ids.integer(r); s >= 0)
          for (int64_t i = 0; i < n; ++i) to[s * n + i] = Fn::join(to[s * n + i], from[r * n + i]);
    }
  });
  if (!done || x.dtype == DType::Bool) return c.no_kernel(x.dtype);
  return ok();
}

/// The same for maxima and minima: what a segment without rows has is its type's, so such a segment is refused where that is not float32's.
template <class Op>
Expected<std::vector<Value>> import_unsorted_extremum(TfNode& n) {
  const Value x = n.in(0), ids = n.in(1), segments = n.in(2);
  if (const DType t = n.dtype("T", DType::F32); is_float(t) && t != DType::F32) {
    std::set<int64_t> seen;
    if (const auto known = n.constant(1); known && is_int(known->dtype))
      for (int64_t i = 0; i < known->elements(); ++i) seen.insert(known->integer(i));
    const auto count = n.constant(2);
    bool rows = count && is_int(count->dtype) && count->elements() == 1;
    for (int64_t i = 0; rows && i < count->integer(0); ++i) rows = seen.count(i) > 0;
    if (!rows) n.refuse("a segment may be without rows, and its result in {} is not float32's", tf_name(t));
  }
  return std::vector<Value>{n.add<Op>({x, n.as_i32(ids), n.as_i32(segments)})};
}

template <class Op>
Expected<std::vector<Value>> import_unsorted_segment(TfNode& n) {
  const Value x = n.in(0), ids = n.in(1), segments = n.in(2);
  return std::vector<Value>{n.add<Op>({x, n.as_i32(ids), n.as_i32(segments)})};
}

template <class Fn>
constexpr OpDef unsorted_segment(std::string_view name, std::string_view summary, uint32_t traits, std::span<const TfImport> imports, TfliteForm tflite) {
  return OpDef{.name = name,
               .summary = summary,
               .traits = traits,
               .inputs = "data, segment_ids, num_segments",
               .outputs = "y",
               .import_tf = imports,
               .infer = infer_unsorted_segment,
               .eval = eval_unsorted_segment<Fn>,
               .tflite = tflite};
}

}  // namespace toucanet
