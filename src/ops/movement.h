#pragma once
// What operators share that only move elements: strided views, partially known integers, axes.
#include "import/graphdef/tf_node.h"
#include "ops/shapes.h"

namespace toucanet {

/// More results than this are taken for damage.
inline constexpr int64_t max_results = 65536;
/// So is a longer axis; sums and products of two such lengths do not overflow where one belongs to a tensor.
inline constexpr int64_t max_length = int64_t{1} << 40;

inline bool movable(const Tensor& t) { return byte_size(t.dtype) > 0; }
inline size_t at(int64_t i) { return static_cast<size_t>(i); }

/// Steps through `dims` in rows with the element offsets of two views: f(a, b, n) for n elements along the last axis.
template <class F>
void walk_rows(const std::vector<int64_t>& dims, int64_t a, const std::vector<int64_t>& sa, int64_t b, const std::vector<int64_t>& sb, F&& f) {
  const size_t r = dims.size();
  for (int64_t d : dims)
    if (d == 0) return;
  if (r == 0) return f(a, b, int64_t{1});
  std::vector<int64_t> i(r, 0);
  for (;;) {
    f(a, b, dims[r - 1]);
    size_t k = r - 1;
    for (; k-- > 0;) {
      a += sa[k], b += sb[k];
      if (++i[k] < dims[k]) break;
      a -= sa[k] * dims[k], b -= sb[k] * dims[k];
      i[k] = 0;
    }
    if (k == SIZE_MAX) return;
  }
}

/// y[to + Σ i·ts] = x[from + Σ i·fs] for every index i of `dims`. Both are movable and of one type.
void copy_view(const Tensor& x, int64_t from, const std::vector<int64_t>& fs, Tensor& y, int64_t to, const std::vector<int64_t>& ts,
               const std::vector<int64_t>& dims);

/// The first operand's memory under another shape: nothing moves where they lie together.
extern const Kernel view_kernel;
inline constexpr const Kernel* view_kernels[] = {&view_kernel};

/// Copies n elements.
inline void copy_elements(const Tensor& x, int64_t from, Tensor& y, int64_t to, int64_t n) {
  const size_t s = byte_size(x.dtype);
  if (n > 0) std::memcpy(y.raw_mutable() + at(to) * s, x.raw() + at(from) * s, at(n) * s);
}

/// Where the slice of `dims` begins that each row of indices names, in elements. An index outside its axis is an error.
Expected<std::vector<int64_t>> named_slices(EvalContext&, const std::vector<int64_t>& dims, const Tensor& indices);

/// Operand i as a list of integers where it can be a shape: what is not known of it is unknown. nullopt: no such list.
std::optional<Dims> ints_of(const InferContext&, size_t i);
/// An error unless operand i is a short vector of i32 or i64: a shape, a list of positions.
Status check_list(const InferContext&, size_t i);
/// The same, handed on to a result.
inline std::shared_ptr<const Dims> share(std::optional<Dims> d) { return d ? std::make_shared<const Dims>(std::move(*d)) : nullptr; }

inline int64_t product(const std::vector<int64_t>& dims, size_t first, size_t last) {
  int64_t n = 1;
  for (size_t i = first; i < last; ++i) n *= dims[i];
  return n;
}

/// A negative axis counted from the front, where the rank is known.
inline int64_t front_axis(int64_t axis, const Shape& s, size_t more = 0) {
  return axis < 0 && s.ranked() ? axis + static_cast<int64_t>(s.rank() + more) : axis;
}

/// Of two dimensions that must agree, the more precise one.
inline Dim meet(const Dim& a, const Dim& b) { return a.known() ? a : b.known() || a.is_unknown() ? b : a; }

inline constexpr DTypes moved_types{DType::F32, DType::I8, DType::I16, DType::I32, DType::I64, DType::U8, DType::Bool};

}  // namespace toucanet
