#pragma once
// Maker of the reductions. An operator gives a function object: Acc<T> with its start, `add` and `finish`.
#include "ops/limits.h"

namespace toucanet {

/// Which axes of rank `rank` the operand names; duplicates count once. Nothing if one is out of range.
inline std::optional<std::vector<bool>> reduced_axes(const std::vector<int64_t>& axes, size_t rank) {
  std::vector<bool> r(rank);
  for (int64_t a : axes) {
    const auto axis = normal_axis(a, rank);
    if (!axis) return std::nullopt;
    r[*axis] = true;
  }
  return r;
}

template <class Op, class Fn>
Status infer_reduce(InferContext& c) {
  const bool keep = c.attrs<Op>().keep_dims;
  const Shape &x = c.shape(0), &a = c.shape(1);
  if (!is_int(c.dtype(1))) return c.error("the axes are {}", name(c.dtype(1)));
  if (a.ranked() && a.rank() > 1) return c.error("the axes have the shape [{}]", a.str());
  if (!x.ranked()) return c.out(c.dtype(0), x), ok();
  const auto axes = known_ints(c, 1);
  if (!axes) {
    const bool one = a.ranked() && (a.rank() == 0 || a[0].is(1));
    if (keep) return c.out(c.dtype(0), Shape::of_rank(x.rank())), ok();
    return c.out(c.dtype(0), one && x.rank() ? Shape::of_rank(x.rank() - 1) : Shape::unranked()), ok();
  }
  const auto reduced = reduced_axes(*axes, x.rank());
  if (!reduced) return c.error("an axis of [{}] is out of range", x.str());
  Dims d;
  for (size_t i = 0; i < x.rank(); ++i) {
    if (!(*reduced)[i]) d.push_back(x[i]);
    else if (keep) d.push_back(1);
  }
  std::shared_ptr<const Dims> ints;
  if (const Dims* v = c.ints(0); v && x.rank() <= 1) {
    if (x.rank() == 0 || !(*reduced)[0]) {
      ints = std::make_shared<const Dims>(*v);
    } else if constexpr (requires(Dim k) { Fn::dims(k, k); }) {
      std::optional<Dim> all = Fn::none();
      for (const Dim& k : *v) all = all ? Fn::dims(*all, k) : k;
      if (all) ints = std::make_shared<const Dims>(Dims{*all});
    }
  }
  c.out(TensorType{c.dtype(0), Shape(std::move(d)), nullptr}, std::move(ints));
  return ok();
}

/// Which result each element of x adds to.
struct Reduction {
  std::vector<int64_t> dims, step;  ///< step in the results along each axis of x: 0 along reduced ones
  int64_t results = 1;
  int64_t count = 1;  ///< elements of one result

  static Expected<Reduction> of(const EvalContext& c) {
    std::vector<int64_t> axes;
    for (int64_t i = 0; i < c.in(1).elements(); ++i) axes.push_back(c.in(1).integer(i));
    Reduction r{c.in(0).dims, std::vector<int64_t>(c.in(0).rank(), 0)};
    const auto reduced = reduced_axes(axes, r.dims.size());
    if (!reduced) return c.error("an axis is out of range");
    for (size_t i = r.dims.size(); i-- > 0;) {
      if ((*reduced)[i]) {
        r.count *= r.dims[i];
      } else {
        r.step[i] = r.results;
        r.results *= r.dims[i];
      }
    }
    return r;
  }
  /// f(result, element) in the order of the elements.
  template <class F>
  void walk(F&& f) const {
    const size_t r = dims.size();
    if (r == 0) return f(size_t{0}, size_t{0});
    const int64_t total = results * count, inner = dims[r - 1], di = step[r - 1];
    if (total == 0) return;
    std::vector<int64_t> at(r, 0);
    int64_t base = 0;
    for (int64_t o = 0; o < total; o += inner) {
      for (int64_t k = 0; k < inner; ++k) f(static_cast<size_t>(base + k * di), static_cast<size_t>(o + k));
      for (size_t i = r - 1; i-- > 0;) {
        base += step[i];
        if (++at[i] < dims[i]) break;
        base -= step[i] * dims[i];
        at[i] = 0;
      }
    }
  }
};

/// Sums and the like accumulate in Fn::Acc<T>; Fn::add(acc, x), T Fn::finish(acc, count).
template <class Fn>
Status eval_reduce(EvalContext& c) {
  const Tensor& x = c.in(0);
  TRY(const Reduction r, Reduction::of(c));
  bool done = false;
  dispatch(x.dtype, [&]<class T>(T) {
    if constexpr (Fn::types.has(dtype_of<T>())) {
      done = true;
      using Acc = typename Fn::template Acc<T>;
      std::vector<Acc> acc(static_cast<size_t>(r.results), Acc{Fn::template start<T>()});
      const T* from = x.as<T>().data();
      r.walk([&](size_t to, size_t i) { Fn::add(acc[to], from[i]); });
      auto y = c.out<T>();
      for (size_t i = 0; i < y.size(); ++i) y[i] = static_cast<T>(Fn::finish(acc[i], r.count));
    }
  });
  if (!done) return c.no_kernel(x.dtype);
  return ok();
}

/// (x, axes) of TensorFlow's reductions; axes may be i64.
template <class Op>
Expected<std::vector<Value>> import_reduce(TfNode& n) {
  const Value x = n.in(0), axes = n.in(1);
  return std::vector<Value>{n.add<Op>({x, n.as_i32(axes)}, {.keep_dims = n.flag("keep_dims", false)})};
}

template <class Op, class Fn>
constexpr OpDef reduction(std::string_view name, std::string_view summary, uint32_t traits, std::span<const TfImport> imports, TfliteForm tflite) {
  return OpDef{.name = name,
               .summary = summary,
               .traits = traits,
               .inputs = "x, axes",
               .outputs = "y",
               .attrs = &attr_ops<typename Op::Attrs>,
               .import_tf = imports,
               .infer = infer_reduce<Op, Fn>,
               .eval = eval_reduce<Fn>,
               .tflite = tflite};
}

/// Accumulators: double for floats, wrapping 64 bits for integers, whole for booleans.
template <class T>
using WideAcc = std::conditional_t<std::is_floating_point_v<T>, double, uint64_t>;

}  // namespace toucanet
