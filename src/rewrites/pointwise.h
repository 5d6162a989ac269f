#pragma once
// Layers that map each position's channels on their own, and products of their filters.
#include "rewrites/affine.h"

namespace toucanet::rewrites {

/// Empty where the layer computes w·x + b at each position of x, with one matrix w [O,I] of constants; else why not.
inline std::string not_pointwise(const Graph& g, const Node& layer) {
  const Tensor* w = g.constant(layer.inputs[1]);
  if (!w || w->dtype != DType::F32) return fmt::format("the filter of {} is not a float32 constant", layer.op->name);
  if (layer.inputs.size() > 2 && layer.inputs[2] && !g.constant(layer.inputs[2])) return fmt::format("the bias of {} is not constant", layer.op->name);
  const Shape& x = g.type(layer.inputs[0]).shape;
  if (layer.is<FullyConnected>())
    return layer.as<FullyConnected>().keep_num_dims && layer.as<FullyConnected>().weights_format == WeightsFormat::Default ? ""
                                                                                                                           : "the matrix product drops axes";
  const auto& a = layer.as<Conv2D>();
  if (w->dims[1] != 1 || w->dims[2] != 1) return fmt::format("the filter is {}x{}, not 1x1", w->dims[1], w->dims[2]);
  if (a.stride_h != 1 || a.stride_w != 1) return "the convolution has strides";
  if (!x.ranked() || !x[3].is(w->dims[3])) return "the convolution has groups";
  return {};
}

/// A filter [O,…,I] as a matrix in double precision, so that products of filters round once.
struct FilterMatrix {
  int64_t rows = 0, columns = 0;
  std::vector<double> v;

  FilterMatrix(int64_t r, int64_t c) : rows(r), columns(c), v(static_cast<size_t>(r * c)) {}
  /// `columns` of t from `first` on. A vector is a column.
  static FilterMatrix of(const Tensor& t, int64_t first, int64_t columns) {
    const int64_t width = t.rank() > 1 ? t.dims.back() : 1;
    FilterMatrix m(t.dims[0], columns);
    for (int64_t r = 0; r < m.rows; ++r)
      for (int64_t c = 0; c < columns; ++c) m.at(r, c) = t.number(r * width + first + c);
    return m;
  }
  static FilterMatrix of(const Tensor& t) { return of(t, 0, t.rank() > 1 ? t.dims.back() : 1); }

  double& at(int64_t r, int64_t c) { return v[static_cast<size_t>(r * columns + c)]; }
  double at(int64_t r, int64_t c) const { return v[static_cast<size_t>(r * columns + c)]; }

  FilterMatrix times(const FilterMatrix& b) const {
    FilterMatrix m(rows, b.columns);
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t k = 0; k < columns; ++k)
        for (int64_t c = 0; c < b.columns; ++c) m.at(r, c) += at(r, k) * b.at(k, c);
    return m;
  }
  FilterMatrix times(double factor) const {
    FilterMatrix m = *this;
    for (double& d : m.v) d *= factor;
    return m;
  }
  FilterMatrix plus(const FilterMatrix& b) const {
    FilterMatrix m = *this;
    for (size_t i = 0; i < v.size(); ++i) m.v[i] += b.v[i];
    return m;
  }
  /// [this, b].
  FilterMatrix beside(const FilterMatrix& b) const {
    FilterMatrix m(rows, columns + b.columns);
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t c = 0; c < m.columns; ++c) m.at(r, c) = c < columns ? at(r, c) : b.at(r, c - columns);
    return m;
  }
  /// As many rows of zeros in front of or behind the matrix.
  FilterMatrix with_zero_rows(int64_t n, bool behind) const {
    FilterMatrix m(rows + n, columns);
    std::copy(v.begin(), v.end(), m.v.begin() + (behind ? 0 : n * columns));
    return m;
  }
  Tensor as_tensor(std::vector<int64_t> dims) const {
    Tensor t = Tensor::zeros(DType::F32, std::move(dims));
    std::transform(v.begin(), v.end(), t.as_mutable<float>().begin(), [](double d) { return static_cast<float>(d); });
    return t;
  }
};

}  // namespace toucanet::rewrites
