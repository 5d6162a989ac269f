#pragma once
// An element-wise operator with two operands as runs of elements, in each of which an operand advances or stands still.
#include "runtime/kernel.h"

namespace toucanet {

struct BroadcastRows {
  size_t inner = 1, x_step = 1, y_step = 1;          ///< of a run
  size_t rows = 1;                                   ///< number of runs
  std::vector<size_t> counts, x_strides, y_strides;  ///< of the axes that the runs lie along, the last one fastest
  size_t x_repeat = 1, y_repeat = 1;                 ///< how often the elements of a constant stand in its longer copy

  static BroadcastRows of(const std::vector<int64_t>& x, const std::vector<int64_t>& y, const std::vector<int64_t>& z);

  /// Longer runs, where short ones meet the same elements of a constant again and again.
  void lengthen(bool x_constant, bool y_constant);

  /// f(n, offset of x, of y, of the result) for pieces of runs.
  template <class F>
  void run(Threads& threads, F&& f) const {
    constexpr size_t piece = 16384;
    if (!inner || !rows) return;
    const size_t pieces = (inner + piece - 1) / piece, rows_each = std::max<size_t>(1, piece / inner);
    threads.parallel(pieces * ((rows + rows_each - 1) / rows_each), [&](size_t task, size_t) {
      const size_t from = task % pieces * piece, n = std::min(piece, inner - from);
      const size_t first = task / pieces * rows_each, last = std::min(rows, first + rows_each);
      for (size_t row = first; row < last; ++row) {
        size_t x = 0, y = 0, left = row;
        for (size_t i = counts.size(); i-- > 0; left /= counts[i]) {
          x += left % counts[i] * x_strides[i];
          y += left % counts[i] * y_strides[i];
        }
        f(n, x + from * x_step, y + from * y_step, row * inner + from);
      }
    });
  }
};

/// The elements, `repeat` times.
template <class T>
std::vector<T> repeated(const Tensor& t, size_t repeat) {
  std::vector<T> all;
  if (repeat > 1)
    for (size_t i = 0; i < repeat; ++i) all.insert(all.end(), t.as<T>().begin(), t.as<T>().end());
  return all;
}

}  // namespace toucanet
