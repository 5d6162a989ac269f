#pragma once
// Tensor types: element type, shape with symbolic dimensions, quantisation.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/dim.h"
#include "ir/dtype.h"

namespace toucanet {

/// Dimensions, or an unknown rank.
class Shape {
  bool ranked_ = true;
  Dims dims_;

 public:
  Shape() = default;
  Shape(Dims d) : dims_(std::move(d)) {}
  Shape(std::initializer_list<Dim> d) : dims_(d) {}
  static Shape unranked() {
    Shape s;
    s.ranked_ = false;
    return s;
  }
  static Shape of_rank(size_t r) { return Shape(Dims(r, Dim::unknown())); }
  static Shape of(const std::vector<int64_t>& d) { return Shape(Dims(d.begin(), d.end())); }

  bool ranked() const { return ranked_; }
  size_t rank() const { return dims_.size(); }
  const Dims& dims() const { return dims_; }
  const Dim& operator[](size_t i) const { return dims_[i]; }
  /// All dimensions are numbers.
  bool is_static() const;
  /// Product of the dimensions; unknown if unranked.
  Dim elements() const;
  std::vector<int64_t> to_vector() const;  ///< only if is_static()
  bool operator==(const Shape&) const = default;
  std::string str() const;  ///< "2,n,3", "" for a scalar, "*" for unknown rank
};

/// Provably the same shape.
bool same(const Shape&, const Shape&);
/// The more precise of two views of one tensor; nullopt if they contradict.
std::optional<Shape> refine(const Shape& a, const Shape& b);

struct TensorType {
  DType dtype = DType::F32;
  Shape shape;
  std::shared_ptr<const Quant> quant;

  bool operator==(const TensorType& o) const { return dtype == o.dtype && shape == o.shape && (quant == o.quant || (quant && o.quant && *quant == *o.quant)); }
  std::string str() const;  ///< "f32[1,n,3]"
  /// Reads what str() wrote.
  static std::optional<TensorType> parse(std::string_view);
};

}  // namespace toucanet
