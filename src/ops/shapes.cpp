#include "ops/shapes.h"

namespace toucanet {

Expected<Shape> broadcast(const InferContext& c, const Shape& a, const Shape& b) {
  if (!a.ranked() || !b.ranked()) return Shape::unranked();
  const size_t r = std::max(a.rank(), b.rank());
  Dims out;
  for (size_t i = 0; i < r; ++i) {
    const Dim x = i + a.rank() < r ? Dim(1) : a[i + a.rank() - r];
    const Dim y = i + b.rank() < r ? Dim(1) : b[i + b.rank() - r];
    if (x.is(1)) out.push_back(y);
    else if (y.is(1) || same(x, y)) out.push_back(x);
    else if (x.known() && y.known()) return c.error("the shapes [{}] and [{}] do not broadcast", a.str(), b.str());
    else if (x.known()) out.push_back(x);
    else if (y.known()) out.push_back(y);
    else out.push_back(Dim::unknown());
  }
  return Shape(std::move(out));
}

std::vector<int64_t> broadcast(const std::vector<int64_t>& a, const std::vector<int64_t>& b) {
  const size_t r = std::max(a.size(), b.size());
  std::vector<int64_t> out(r);
  for (size_t i = 0; i < r; ++i) {
    const int64_t x = i + a.size() < r ? 1 : a[i + a.size() - r], y = i + b.size() < r ? 1 : b[i + b.size() - r];
    out[i] = x == 1 ? y : x;
  }
  return out;
}

Dim window_output(const Dim& n, int64_t kernel, int64_t stride, int64_t dilation, Padding p) {
  if (p == Padding::Same) return ceil_div(n, stride);
  return max(ceil_div(n - Dim(kernel - 1) * Dim(dilation), stride), 0);
}
int64_t window_padding(int64_t n, int64_t out, int64_t kernel, int64_t stride, int64_t dilation, Padding p) {
  if (p == Padding::Valid) return 0;
  return std::max<int64_t>(0, (out - 1) * stride + (kernel - 1) * dilation + 1 - n) / 2;
}

std::optional<std::vector<int64_t>> known_ints(const InferContext& c, size_t i) {
  std::vector<int64_t> v;
  if (const Tensor* t = c.constant(i)) {
    // Of a type without numbers: zeros, which operators refuse, and no more of them than a list of axes has.
    if (static_cast<int64_t>(t->bytes()) < t->elements()) return std::vector<int64_t>(static_cast<size_t>(std::min<int64_t>(t->elements(), 64)));
    for (int64_t k = 0, n = t->elements(); k < n; ++k) v.push_back(t->integer(k));
    return v;
  }
  const Dims* d = c.ints(i);
  if (!d) return std::nullopt;
  for (const auto& x : *d) {
    if (!x.known()) return std::nullopt;
    v.push_back(x.value());
  }
  return v;
}

}  // namespace toucanet
