#include "ops/movement.h"

#include "runtime/kernel.h"

namespace toucanet {

template <size_t Size>
static void copy_sized(const Tensor& x, int64_t from, const std::vector<int64_t>& fs, Tensor& y, int64_t to, const std::vector<int64_t>& ts,
                       const std::vector<int64_t>& dims) {
  struct Element {
    std::byte b[Size];
  };
  const auto* p = reinterpret_cast<const Element*>(x.raw());
  auto* q = reinterpret_cast<Element*>(y.raw_mutable());
  const int64_t f = fs.empty() ? 1 : fs.back(), t = ts.empty() ? 1 : ts.back();
  walk_rows(dims, to, ts, from, fs, [&](int64_t a, int64_t b, int64_t n) {
    if (f == 1 && t == 1) std::memcpy(static_cast<void*>(q + a), p + b, at(n) * Size);
    else
      for (int64_t k = 0; k < n; ++k) q[a + k * t] = p[b + k * f];
  });
}

void copy_view(const Tensor& x, int64_t from, const std::vector<int64_t>& fs, Tensor& y, int64_t to, const std::vector<int64_t>& ts,
               const std::vector<int64_t>& dims) {
  switch (byte_size(x.dtype)) {
    case 1: return copy_sized<1>(x, from, fs, y, to, ts, dims);
    case 2: return copy_sized<2>(x, from, fs, y, to, ts, dims);
    case 4: return copy_sized<4>(x, from, fs, y, to, ts, dims);
    case 8: return copy_sized<8>(x, from, fs, y, to, ts, dims);
    case 16: return copy_sized<16>(x, from, fs, y, to, ts, dims);
    default: return;
  }
}

Expected<std::vector<int64_t>> named_slices(EvalContext& c, const std::vector<int64_t>& dims, const Tensor& indices) {
  const auto depth = at(indices.dims.back());
  const int64_t rows = product(indices.dims, 0, indices.rank() - 1), inner = product(dims, depth, dims.size());
  std::vector<int64_t> places(at(rows));
  for (size_t r = 0; r < places.size(); ++r) {
    for (size_t k = 0; k < depth; ++k) {
      const int64_t i = indices.integer(static_cast<int64_t>(r * depth + k));
      if (i < 0 || i >= dims[k]) return c.error("the index {} is outside an axis of {}", i, dims[k]);
      places[r] = places[r] * dims[k] + i;
    }
    places[r] *= inner;
  }
  return places;
}

std::optional<Dims> ints_of(const InferContext& c, size_t i) {
  if (!c.has(i) || (c.dtype(i) != DType::I32 && c.dtype(i) != DType::I64)) return std::nullopt;
  const Shape& s = c.shape(i);
  if (!s.ranked() || s.rank() > 1) return std::nullopt;
  const Dim n = s.elements();
  if (!n.known() || n.value() > 64 || n.value() < 0) return std::nullopt;
  if (const Dims* d = c.ints(i); d && static_cast<int64_t>(d->size()) == n.value()) return *d;
  return Dims(at(n.value()), Dim::unknown());
}

Status check_list(const InferContext& c, size_t i) {
  if (!c.has(i)) return c.error("operand {} is missing", i);
  const Shape& s = c.shape(i);
  if (c.dtype(i) != DType::I32 && c.dtype(i) != DType::I64) return c.error("operand {} is {}, not i32 or i64", i, name(c.dtype(i)));
  if (s.ranked() && (s.rank() != 1 || (s[0].known() && s[0].value() > 64)))
    return c.error("operand {} [{}] must be a vector with an entry for each axis", i, s.str());
  return ok();
}

const Kernel view_kernel{
    .name = "view",
    .refuses = [](const KernelUse& u) { return std::string(u.in[0]->bytes() == u.out[0]->bytes() ? "" : "needs as many bytes in as out"); },
    .run =
        [](const KernelState*, KernelRun& r) noexcept {
          if (r.out[0]->raw() != r.in[0]->raw() && r.out[0]->bytes()) std::memcpy(r.out[0]->raw_mutable(), r.in[0]->raw(), r.out[0]->bytes());
        },
    .in_place = 1,
};

}  // namespace toucanet
