#include "ops/strided_slice/strided_slice.h"

#include "ir/quant_rule.h"
#include "ops/expand_dims/expand_dims.h"
#include "ops/gather/gather.h"
#include "ops/movement.h"
#include "ops/reshape/reshape.h"

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

bool bit(int32_t mask, size_t i) { return i < 31 && (mask >> i & 1); }

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

// The entries of a bound that stay, by their places in the list; −1: an axis of the ellipsis, whatever it says.
Value bounds_at(TfNode& n, size_t operand, Value bound, const std::vector<int64_t>& places, int64_t fill) {
  std::vector<int64_t> list;
  if (const auto t = n.constant(operand)) {
    for (int64_t k : places) list.push_back(k < 0 ? fill : std::clamp<int64_t>(t->integer(k), INT32_MIN, INT32_MAX));
    return n.ints_constant(list);
  }
  for (int64_t k : places) list.push_back(std::max<int64_t>(k, 0));
  return n.add<Gather>({bound, n.ints_constant(list)});
}

// TensorFlow Lite has no ellipsis and no new axes before version 6 of the operator, and takes an ellipsis of no axes for
// one of one: it is expanded, new axes are inserted afterwards. An index ignores the masks in TensorFlow, not in TensorFlow Lite.
Expected<std::vector<Value>> from_tf(TfNode& n) {
  StridedSlice::Attrs a{.begin_mask = static_cast<int32_t>(n.integer("begin_mask", 0)),
                        .end_mask = static_cast<int32_t>(n.integer("end_mask", 0)),
                        .ellipsis_mask = static_cast<int32_t>(n.integer("ellipsis_mask", 0)),
                        .new_axis_mask = static_cast<int32_t>(n.integer("new_axis_mask", 0)),
                        .shrink_axis_mask = static_cast<int32_t>(n.integer("shrink_axis_mask", 0))};
  const Value x = n.in(0);
  std::vector<Value> bounds{n.in(1), n.in(2), n.in(3)};
  if (n.failed()) return std::vector<Value>{};
  const Shape shape = n.type(x).shape;
  std::optional<int64_t> m;
  bool whole_lists = true;
  for (size_t i = 0; i < 3; ++i) {
    const auto t = n.constant(i + 1);
    const Shape s = n.type(bounds[i]).shape;
    whole_lists = whole_lists && s.ranked() && s.rank() == 1 && (!s[0].known() || !m || *m == s[0].value());
    if (whole_lists && s[0].known()) m = s[0].value();
    if (t && t->dtype == DType::I64 && t->rank() == 1) {
      std::vector<int64_t> list;
      for (int64_t k = 0; k < t->elements(); ++k) list.push_back(std::clamp<int64_t>(t->integer(k), INT32_MIN, INT32_MAX));
      bounds[i] = n.ints_constant(list);
    } else {
      bounds[i] = n.as_i32(bounds[i]);
    }
  }
  a.new_axis_mask &= ~a.ellipsis_mask;
  a.shrink_axis_mask &= ~(a.ellipsis_mask | a.new_axis_mask);
  a.begin_mask &= ~a.shrink_axis_mask;
  a.end_mask &= ~a.shrink_axis_mask;
  if (m && *m < 31) {  // masks may reach beyond the lists
    const auto here = static_cast<int32_t>((int64_t{1} << *m) - 1);
    for (int32_t* mask : {&a.begin_mask, &a.end_mask, &a.ellipsis_mask, &a.new_axis_mask, &a.shrink_axis_mask}) *mask &= here;
  }
  if (!whole_lists || (!a.ellipsis_mask && !a.new_axis_mask)) return std::vector<Value>{n.add<StridedSlice>({x, bounds[0], bounds[1], bounds[2]}, a)};
  if (!m) n.refuse("with an ellipsis or a new axis the number of begin, end and strides must be known");
  else if (*m > 30) n.refuse("too many axes");
  if (n.failed()) return std::vector<Value>{};
  size_t used = 0;
  for (size_t i = 0; i < at(*m); ++i) used += !bit(a.ellipsis_mask | a.new_axis_mask, i);
  const bool at_the_end = (a.ellipsis_mask >> (*m - 1)) == 1;
  if (shape.ranked() && used > shape.rank()) n.refuse("{} axes are indexed, the operand has {}", used, shape.rank());
  if ((a.ellipsis_mask & (a.ellipsis_mask - 1)) != 0) n.refuse("there is more than one ellipsis");
  if (!shape.ranked() && a.ellipsis_mask && !at_the_end) n.refuse("the rank of the operand must be known where an index follows an ellipsis");
  if (!n.constant(3) && a.ellipsis_mask) n.refuse("strides must be constant where there is an ellipsis");
  if (n.failed()) return std::vector<Value>{};
  StridedSlice::Attrs plain;
  std::vector<int64_t> places, inserted;
  int64_t axis = 0;  // of the result
  bool all = true;
  for (size_t i = 0; i < at(*m); ++i) {
    if (bit(a.ellipsis_mask, i)) {
      for (size_t k = shape.ranked() ? shape.rank() - used : 0; k > 0; --k, ++axis) {
        plain.begin_mask |= 1 << places.size();
        plain.end_mask |= 1 << places.size();
        places.push_back(-1);
      }
    } else if (bit(a.new_axis_mask, i)) {
      inserted.push_back(axis++);
    } else {
      const int32_t here = 1 << places.size();
      const bool from_end = bit(a.begin_mask, i), to_end = bit(a.end_mask, i), shrunk = bit(a.shrink_axis_mask, i);
      const auto step = n.constant(3);
      if (from_end) plain.begin_mask |= here;
      if (to_end) plain.end_mask |= here;
      if (shrunk) plain.shrink_axis_mask |= here;
      else ++axis;
      all = all && from_end && to_end && !shrunk && step && step->integer(static_cast<int64_t>(i)) == 1;
      places.push_back(static_cast<int64_t>(i));
    }
    if (places.size() > 30) n.refuse("too many axes");
    if (n.failed()) return std::vector<Value>{};
  }
  Value y = x;
  if (!all || inserted.empty())
    y = n.add<StridedSlice>({x, bounds_at(n, 1, bounds[0], places, 0), bounds_at(n, 2, bounds[1], places, 0), bounds_at(n, 3, bounds[2], places, 1)}, plain);
  if (n.failed() || inserted.empty()) return std::vector<Value>{y};
  if (const Shape& now = n.type(y).shape; now.is_static()) {
    auto d = now.to_vector();
    for (int64_t k : inserted) d.insert(d.begin() + k, 1);
    return std::vector<Value>{n.add<Reshape>({y, n.ints_constant(d)})};
  }
  for (int64_t k : inserted) y = n.add<ExpandDims>({y, n.constant(Tensor::scalar_i32(static_cast<int32_t>(k)))});
  return std::vector<Value>{y};
}
constexpr TfImport imports[] = {{"StridedSlice", from_tf, {}, Narrow::Same}};
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
