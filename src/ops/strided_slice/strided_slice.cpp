#include "ops/strided_slice/strided_slice.h"

#include "ir/quant_rule.h"
#include "ops/movement.h"
#include "ops/strided_slice/from_strided_slice.h"

namespace toucanet {
namespace ops::strided_slice {

struct Range {
  Dim size = Dim::unknown();
  bool known = false;  // start and stride are
  int64_t start = 0, stride = 1;
};
struct Plan {
  std::vector<Range> axes;      // one for each axis of x
  std::vector<int64_t> result;  // axis of x, or −1 for a new one
};

// Where a bound that may be negative lies in an axis of n elements; forward ranges only.
Dim bound(const Dim& v, const Dim& n) {
  if (same(v, n)) return n;
  if (!v.known()) return Dim::unknown();
  if (v.value() == 0) return 0;
  return v.value() > 0 ? min(v, n) : max(n + v, 0);
}

template <class C>
Expected<Range> range(const C& c, const StridedSlice::Attrs& a, size_t i, const Dim& n, const Dim& b, Dim e, const Dim& s) {
  Range r;
  if (s.is(0)) return c.error("a stride is 0");
  if (bit(a.shrink_axis_mask, i)) {
    r.size = 1;
    if (s.known() && s.value() < 0) return c.error("an index has a negative stride");
    if (!b.known()) return r;
    if (b.value() >= 0 ? n.known() && b.value() >= n.value() : n.known() && b.value() < -n.value())
      return c.error("the index {} is outside an axis of {}", b.value(), n.str());
    r.known = b.value() >= 0 || n.known();
    r.start = b.value() >= 0 || !n.known() ? b.value() : b.value() + n.value();
    return r;
  }
  if (a.offset) e = b + e;
  if (!s.known()) return r;
  const bool from_end = bit(a.begin_mask, i), to_end = bit(a.end_mask, i);
  const int64_t step = s.value();
  r.stride = step;
  if (n.known() && (from_end || b.known()) && (to_end || e.known())) {
    const int64_t len = n.value(), low = step > 0 ? 0 : -1, high = step > 0 ? len : len - 1;
    const auto place = [&](int64_t v) { return std::clamp(v < 0 ? v + len : v, low, std::max(low, high)); };
    const int64_t from = from_end ? (step > 0 ? low : high) : place(b.value()), to = to_end ? (step > 0 ? high : low) : place(e.value());
    const int64_t length = to - from;
    r.known = true;
    r.start = from;
    r.size = length == 0 || (length < 0) != (step < 0) ? 0 : length / step + (length % step != 0);
    return r;
  }
  if (from_end || (b.is(0) && step > 0)) {
    r.known = step > 0;
    if (to_end) r.size = step > 0 ? ceil_div(n, step) : step > -(int64_t{1} << 32) ? ceil_div(n, -step) : Dim::unknown();
    else if (step > 0) r.size = ceil_div(bound(e, n), step);
    return r;
  }
  if (step < 0) return r;
  const Dim to = to_end ? n : bound(e, n);
  if (b.known() && b.value() > 0) {
    r.known = true;  // if it is beyond the end, the size is 0
    r.start = b.value();
    r.size = ceil_div(max(to - b, 0), step);
  } else if (b.known() && to_end && b.value() > -max_length) {
    r.size = ceil_div(min(n, -b.value()), step);  // the last −b
  } else {
    r.size = same(b, to) ? Dim(0) : ceil_div(max(to - bound(b, n), 0), step);
  }
  return r;
}

// The lists are of one length. nullopt: the rank is unknown.
template <class C>
Expected<std::optional<Plan>> plan(const C& c, const StridedSlice::Attrs& a, const Shape& x, const Dims& begin, const Dims& end, const Dims& strides) {
  const size_t m = begin.size();
  size_t used = 0, ellipses = 0;
  for (size_t i = 0; i < m; ++i) {
    if (bit(a.ellipsis_mask, i)) ++ellipses;
    else if (!bit(a.new_axis_mask, i)) ++used;
  }
  if (ellipses > 1) return c.error("there is more than one ellipsis");
  if (!x.ranked()) return std::optional<Plan>{};
  if (used > x.rank()) return c.error("{} axes are indexed, x [{}] has {}", used, x.str(), x.rank());
  Plan p;
  const auto whole = [&] {
    p.result.push_back(static_cast<int64_t>(p.axes.size()));
    p.axes.push_back({x[p.axes.size()], true, 0, 1});
  };
  for (size_t i = 0; i < m; ++i) {
    if (bit(a.ellipsis_mask, i)) {
      for (size_t k = x.rank() - used; k > 0; --k) whole();
    } else if (bit(a.new_axis_mask, i)) {
      p.result.push_back(-1);
    } else {
      TRY(Range r, range(c, a, i, x[p.axes.size()], begin[i], end[i], strides[i]));
      if (!bit(a.shrink_axis_mask, i)) p.result.push_back(static_cast<int64_t>(p.axes.size()));
      p.axes.push_back(std::move(r));
    }
  }
  while (p.axes.size() < x.rank()) whole();
  return std::optional<Plan>{std::move(p)};
}

Status infer(InferContext& c) {
  const auto& a = c.attrs<StridedSlice>();
  const Shape& x = c.shape(0);
  std::optional<size_t> m;
  for (size_t i = 1; i <= 3; ++i) {
    CHECK_OK(check_list(c, i));
    const Shape& s = c.shape(i);
    if (!s.ranked()) continue;
    if (!s[0].known()) continue;
    if (s[0].value() > 32) return c.error("operand {} has {} entries", i, s[0].value());
    if (m && *m != at(s[0].value())) return c.error("begin, end and strides have different lengths");
    m = at(s[0].value());
  }
  const bool plain = !a.ellipsis_mask && !a.new_axis_mask && !a.shrink_axis_mask;
  if (!m) return c.out(c.dtype(0), plain && x.ranked() ? Shape::of_rank(x.rank()) : Shape::unranked()), ok();
  const auto list = [&](size_t i) {
    auto d = ints_of(c, i);
    return d && d->size() == *m ? *d : Dims(*m, Dim::unknown());
  };
  TRY(const auto p, plan(c, a, x, list(1), list(2), list(3)));
  if (!p) return c.out(c.dtype(0), Shape::unranked()), ok();
  Dims d;
  for (int64_t k : p->result) d.push_back(k < 0 ? Dim(1) : p->axes[at(k)].size);
  std::optional<Dims> ints;
  if (x.rank() == 1 && d.size() <= 1 && c.ints(0) && p->axes[0].known && p->axes[0].size.known()) {
    ints.emplace();
    const Range& r = p->axes[0];
    for (int64_t i = 0; i < r.size.value() && ints; ++i) {
      const int64_t k = r.start + i * r.stride;
      if (k < 0 || k >= static_cast<int64_t>(c.ints(0)->size())) ints.reset();
      else ints->push_back((*c.ints(0))[at(k)]);
    }
  }
  c.out(TensorType{c.dtype(0), Shape(std::move(d)), nullptr}, share(std::move(ints)));
  return ok();
}

Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  if (!movable(x)) return c.no_kernel(x.dtype);
  const auto list = [&](size_t i) {
    Dims d;
    for (int64_t k = 0; k < c.in(i).elements(); ++k) d.push_back(c.in(i).integer(k));
    return d;
  };
  TRY(const auto p, plan(c, c.attrs<StridedSlice>(), Shape::of(x.dims), list(1), list(2), list(3)));
  const auto sx = strides_of(x.dims);
  std::vector<int64_t> dims, step;
  int64_t from = 0;
  for (size_t i = 0; i < x.rank(); ++i) {
    const Range& r = p->axes[i];
    from += r.start * sx[i];
    dims.push_back(r.size.value());
    step.push_back(r.size.value() > 1 ? r.stride * sx[i] : 1);
  }
  copy_view(x, from, step, c.out(), 0, strides_of(dims), dims);
  return ok();
}

constexpr TfImport imports[] = {{"StridedSlice", from_strided_slice, {}, Narrow::Same}};
int version(const OpView& v) {
  const auto& a = v.attrs.as<StridedSlice::Attrs>();
  const DType t = v.type(0);
  return a.offset                             ? 8
         : t == DType::U32                    ? 7
         : a.ellipsis_mask || a.new_axis_mask ? 6
         : t == DType::String                 ? 5
         : v.rank(0) > 4                      ? 4
         : t == DType::Bool                   ? 3
         : t == DType::I8                     ? 2
                                              : 1;
}
}  // namespace ops::strided_slice

constinit const OpDef StridedSlice::def = {
    .name = "strided_slice",
    .summary = "x[begin:end:strides]",
    .traits = Movement,
    .inputs = "x, begin, end, strides",
    .outputs = "y",
    .attrs = &attr_ops<StridedSlice::Attrs>,
    .import_tf = ops::strided_slice::imports,
    .infer = ops::strided_slice::infer,
    .eval = ops::strided_slice::eval,
    .tflite = {.builtin = "STRIDED_SLICE",
               .options = "StridedSliceOptions",
               .types = moved_types | DTypes{DType::U32, DType::String},
               .max_rank = 5,
               .version = ops::strided_slice::version},
    .quant = &quant_rules::same,
};

}  // namespace toucanet
