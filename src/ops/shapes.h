#pragma once
// Shape arithmetic shared by operators.
#include <algorithm>
#include <array>

#include "ir/graph.h"
#include "ir/limits.h"
#include "runtime/eval_context.h"

namespace toucanet {

/// NumPy broadcasting of two shapes; a Diag if they provably do not fit.
Expected<Shape> broadcast(const InferContext&, const Shape& a, const Shape& b);
std::vector<int64_t> broadcast(const std::vector<int64_t>& a, const std::vector<int64_t>& b);

/// A possibly negative axis as 0 … rank−1; nullopt if out of range.
inline std::optional<size_t> normal_axis(int64_t axis, size_t rank) {
  const auto r = static_cast<int64_t>(rank);
  if (axis < -r || axis >= r) return std::nullopt;
  return static_cast<size_t>(axis < 0 ? axis + r : axis);
}

/// Result of a window operator along one axis: ⌈n/s⌉ for SAME, ⌈(n−k_eff+1)/s⌉ for VALID.
Dim window_output(const Dim& n, int64_t kernel, int64_t stride, int64_t dilation, Padding);
/// Padding before the first element for a given output size (the odd one goes behind).
int64_t window_padding(int64_t n, int64_t out, int64_t kernel, int64_t stride, int64_t dilation, Padding);

/// Integer operand i with every element known, at execution always.
std::optional<std::vector<int64_t>> known_ints(const InferContext&, size_t i);

/// Fused activations on floats and integers.
template <class T>
T activate(Activation a, T x) {
  const auto clamp = [&](T lo, T hi) { return x < lo ? lo : hi < x ? hi : x; };
  switch (a) {
    case Activation::None: return x;
    case Activation::Relu: return x < T(0) ? T(0) : x;
    case Activation::Relu6: return clamp(T(0), T(6));
    case Activation::ReluN1To1:
      if constexpr (std::is_signed_v<T>) return clamp(T(-1), T(1));
      else return clamp(T(0), T(1));
    default: return x;
  }
}

/// Steps through a broadcast result with the element offsets of its operands: f(out, a, b), innermost axis last.
template <class F>
void for_each_broadcast(const std::vector<int64_t>& out, const std::vector<int64_t>& a, const std::vector<int64_t>& b, F&& f) {
  const size_t r = out.size();
  int64_t total = 1;
  for (int64_t d : out) total *= d;
  if (total == 0) return;
  if (r == 0) return f(int64_t{0}, int64_t{0}, int64_t{0});
  if (a == out && b == out) {
    for (int64_t k = 0; k < total; ++k) f(k, k, k);
    return;
  }
  using Steps = std::array<int64_t, limits::rank>;
  const auto steps = [&](const std::vector<int64_t>& dims) {
    Steps s{};
    int64_t stride = 1;
    for (size_t i = dims.size(); i-- > 0;) {
      s[i + r - dims.size()] = dims[i] == 1 ? 0 : stride;
      stride *= dims[i];
    }
    return s;
  };
  const Steps sa = steps(a), sb = steps(b);
  Steps at{};
  int64_t ia = 0, ib = 0;
  const int64_t inner = out[r - 1], da = sa[r - 1], db = sb[r - 1];
  for (int64_t o = 0; o < total; o += inner) {
    for (int64_t k = 0; k < inner; ++k) f(o + k, ia + k * da, ib + k * db);
    for (size_t i = r - 1; i-- > 0;) {
      ia += sa[i], ib += sb[i];
      if (++at[i] < out[i]) break;
      ia -= sa[i] * out[i], ib -= sb[i] * out[i];
      at[i] = 0;
    }
  }
}

}  // namespace toucanet
