#pragma once
// A dense array with a static shape. Constants are immutable and shared, and may point into a mapped file.
#include <cassert>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ir/dtype.h"
#include "ir/type.h"

namespace toucanet {

/// f16 <-> f32, round to nearest even.
float half_to_float(uint16_t);
uint16_t float_to_half(float);
inline float bfloat16_to_float(uint16_t b) {
  const uint32_t u = uint32_t{b} << 16;
  float f;
  std::memcpy(&f, &u, 4);
  return f;
}

/// Elements that are computed when somebody reads them, row by row.
struct LaterRows {
  int64_t count = 0;
  size_t row_bytes = 0;
  /// `n` rows from `first` on; may be called from several threads.
  std::function<void(int64_t first, int64_t n, std::byte* to)> compute;
  uint64_t hash = 0;  ///< of what they are computed from

  /// All of them; they stay.
  const std::byte* all();

 private:
  std::once_flag once_;
  std::shared_ptr<std::byte> memory_;
};

class Tensor {
  std::shared_ptr<const void> owner_;
  std::shared_ptr<LaterRows> later_;
  const std::byte* data_ = nullptr;
  size_t bytes_ = 0;
  bool own_ = false;  // allocated by us: writable until shared as a constant

 public:
  DType dtype = DType::F32;
  std::vector<int64_t> dims;
  std::shared_ptr<const Quant> quant;  ///< nullptr: the numbers are what is stored

  Tensor() = default;
  /// Zero-initialised, 64-byte aligned.
  static Tensor zeros(DType, std::vector<int64_t> dims);
  /// A view of memory that `owner` keeps alive.
  static Tensor view(DType, std::vector<int64_t> dims, std::shared_ptr<const void> owner, const void* data, size_t bytes);
  /// Computed on the first access, or piece by piece by stream().
  static Tensor later(DType, std::vector<int64_t> dims, std::shared_ptr<LaterRows>);
  /// Writable memory of somebody else; nullptr: none yet, but the size is known.
  static Tensor borrow(DType, std::vector<int64_t> dims, void* data);
  /// Puts a borrowed tensor at an address.
  void bind(void* data) { data_ = static_cast<const std::byte*>(data); }
  /// A string tensor in TensorFlow Lite's packed form: count, offsets (uint32), characters.
  static Tensor strings(std::vector<int64_t> dims, const std::vector<std::string>& values);
  template <class T>
  static Tensor of(DType t, std::vector<int64_t> dims, const std::vector<T>& values) {
    Tensor r = zeros(t, std::move(dims));
    assert(r.bytes() == values.size() * sizeof(T));
    if (!values.empty()) std::memcpy(r.raw_mutable(), values.data(), r.bytes());
    return r;
  }
  static Tensor scalar(float v) { return of<float>(DType::F32, {}, {v}); }
  static Tensor scalar_i32(int32_t v) { return of<int32_t>(DType::I32, {}, {v}); }
  static Tensor vector_i32(const std::vector<int32_t>& v) { return of<int32_t>(DType::I32, {static_cast<int64_t>(v.size())}, v); }

  bool defined() const { return data_ != nullptr || later_ || bytes_ == 0; }
  size_t bytes() const { return bytes_; }
  size_t rank() const { return dims.size(); }
  int64_t elements() const { return std::accumulate(dims.begin(), dims.end(), int64_t{1}, std::multiplies<>()); }
  const std::byte* raw() const { return later_ ? later_->all() : data_; }
  /// All bytes in order, in pieces; false as soon as `sink` gives it. What is computed later is not kept.
  bool stream(const std::function<bool(const void*, size_t)>& sink) const;
  std::byte* raw_mutable() {
    assert(own_ || bytes_ == 0);
    return const_cast<std::byte*>(data_);
  }
  /// Elements of type T; the memory must be aligned for it (see aligned()).
  template <class T>
  std::span<const T> as() const {
    return {reinterpret_cast<const T*>(raw()), bytes_ / sizeof(T)};
  }
  template <class T>
  std::span<T> as_mutable() {
    return {reinterpret_cast<T*>(raw_mutable()), bytes_ / sizeof(T)};
  }
  bool is_aligned() const { return reinterpret_cast<uintptr_t>(raw()) % 16 == 0; }
  /// Itself, or a copy at an aligned address.
  Tensor aligned() const;
  Tensor copy() const;
  /// The same elements under another shape of as many elements.
  Tensor reshaped(std::vector<int64_t> new_dims) const {
    Tensor t = *this;
    t.dims = std::move(new_dims);
    return t;
  }
  TensorType type() const { return {dtype, Shape::of(dims), quant}; }
  std::vector<std::string> string_values() const;

  /// Any numeric element as double or int64 (converting).
  double number(int64_t i) const;
  int64_t integer(int64_t i) const;
  /// Same type, quantisation, shape and bytes.
  bool identical(const Tensor&) const;
  uint64_t content_hash() const;
};

/// Calls f with a value of the C++ type that stores t: dispatch(t, [&]<class T>(T) {…}). False if there is none.
template <class F>
bool dispatch(DType t, F&& f) {
  switch (t) {
    case DType::F32: return f(float{}), true;
    case DType::F64: return f(double{}), true;
    case DType::I8:
    case DType::QI8: return f(int8_t{}), true;
    case DType::I16:
    case DType::QI16: return f(int16_t{}), true;
    case DType::I32:
    case DType::QI32: return f(int32_t{}), true;
    case DType::I64: return f(int64_t{}), true;
    case DType::U8:
    case DType::QU8: return f(uint8_t{}), true;
    case DType::U16:
    case DType::QU16: return f(uint16_t{}), true;
    case DType::U32: return f(uint32_t{}), true;
    case DType::U64: return f(uint64_t{}), true;
    case DType::Bool: return f(bool{}), true;
    default: return false;
  }
}

/// The element type that a C++ type stores.
template <class T>
constexpr DType dtype_of() {
  if constexpr (std::is_same_v<T, float>) return DType::F32;
  else if constexpr (std::is_same_v<T, double>) return DType::F64;
  else if constexpr (std::is_same_v<T, int8_t>) return DType::I8;
  else if constexpr (std::is_same_v<T, int16_t>) return DType::I16;
  else if constexpr (std::is_same_v<T, int32_t>) return DType::I32;
  else if constexpr (std::is_same_v<T, int64_t>) return DType::I64;
  else if constexpr (std::is_same_v<T, uint8_t>) return DType::U8;
  else if constexpr (std::is_same_v<T, uint16_t>) return DType::U16;
  else if constexpr (std::is_same_v<T, uint32_t>) return DType::U32;
  else if constexpr (std::is_same_v<T, uint64_t>) return DType::U64;
  else return DType::Bool;
}

/// Row-major strides in elements.
inline std::vector<int64_t> strides_of(const std::vector<int64_t>& dims) {
  std::vector<int64_t> s(dims.size(), 1);
  for (size_t i = dims.size(); i-- > 1;) s[i - 1] = s[i] * dims[i];
  return s;
}

}  // namespace toucanet
