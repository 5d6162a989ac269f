#include "ir/tensor.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <new>

namespace toucanet {

float half_to_float(uint16_t h) {
  const uint32_t sign = uint32_t{h} >> 15 << 31;
  uint32_t exponent = (h >> 10) & 31u, mantissa = h & 1023u;
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7f800000u | mantissa << 13);
  if (exponent == 0) {
    if (!mantissa) return std::bit_cast<float>(sign);
    exponent = 113;
    while (!(mantissa & 1024u)) mantissa <<= 1, --exponent;
    return std::bit_cast<float>(sign | exponent << 23 | (mantissa & 1023u) << 13);
  }
  return std::bit_cast<float>(sign | (exponent + 112) << 23 | mantissa << 13);
}

uint16_t float_to_half(float f) {
  const uint32_t u = std::bit_cast<uint32_t>(f);
  const uint32_t sign = (u >> 16) & 0x8000u, rest = u & 0x7fffffffu;
  if (rest > 0x7f800000u) return static_cast<uint16_t>(sign | 0x7e00u);
  if (rest >= 0x477ff000u) return static_cast<uint16_t>(sign | 0x7c00u);
  if (rest < 0x38800000u) {  // subnormal: add so that the float unit rounds at the right bit
    const float r = std::bit_cast<float>(rest) + 0.5f;
    return static_cast<uint16_t>(sign | (std::bit_cast<uint32_t>(r) - 0x3f000000u));
  }
  return static_cast<uint16_t>(sign | ((rest - 0x38000000u + 0xfffu + ((rest >> 13) & 1u)) >> 13));
}

// Zeros, 64-byte aligned. Large tensors get fresh pages, huge ones where the system has them.
static std::shared_ptr<std::byte> allocate(size_t bytes) {
  constexpr size_t alignment = 64, large = size_t{4} << 20;
  if (bytes >= large) {
    void* p = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
    madvise(p, bytes, MADV_HUGEPAGE);
#endif
    return {static_cast<std::byte*>(p), [bytes](std::byte* q) { munmap(q, bytes); }};
  }
  void* p = std::calloc(bytes + alignment, 1);
  if (!p) throw std::bad_alloc();
  const auto at = (reinterpret_cast<uintptr_t>(p) + alignment - 1) / alignment * alignment;
  return {reinterpret_cast<std::byte*>(at), [p](std::byte*) { std::free(p); }};
}

Tensor Tensor::zeros(DType t, std::vector<int64_t> dims) {
  Tensor r;
  r.dtype = t;
  r.dims = std::move(dims);
  r.bytes_ = static_cast<size_t>(r.elements()) * byte_size(t);
  auto p = allocate(r.bytes_);
  r.data_ = p.get();
  r.owner_ = std::move(p);
  r.own_ = true;
  return r;
}

Tensor Tensor::view(DType t, std::vector<int64_t> dims, std::shared_ptr<const void> owner, const void* data, size_t bytes) {
  Tensor r;
  r.dtype = t;
  r.dims = std::move(dims);
  r.owner_ = std::move(owner);
  r.data_ = static_cast<const std::byte*>(data);
  r.bytes_ = bytes;
  return r;
}

const std::byte* LaterRows::all() {
  std::call_once(once_, [&] {
    memory_ = allocate(static_cast<size_t>(count) * row_bytes);
    compute(0, count, memory_.get());
  });
  return memory_.get();
}

Tensor Tensor::later(DType t, std::vector<int64_t> dims, std::shared_ptr<LaterRows> rows) {
  Tensor r;
  r.dtype = t;
  r.dims = std::move(dims);
  r.bytes_ = static_cast<size_t>(rows->count) * rows->row_bytes;
  r.later_ = std::move(rows);
  return r;
}

bool Tensor::stream(const std::function<bool(const void*, size_t)>& sink) const {
  if (!later_) return sink(data_, bytes_);
  constexpr size_t piece = size_t{1} << 20;  // stays in the cache until it is written
  const auto rows = std::max<int64_t>(1, static_cast<int64_t>(piece / later_->row_bytes));
  const auto memory = allocate(static_cast<size_t>(std::min(rows, later_->count)) * later_->row_bytes);
  for (int64_t first = 0; first < later_->count; first += rows) {
    const int64_t n = std::min(rows, later_->count - first);
    later_->compute(first, n, memory.get());
    if (!sink(memory.get(), static_cast<size_t>(n) * later_->row_bytes)) return false;
  }
  return true;
}

Tensor Tensor::borrow(DType t, std::vector<int64_t> dims, void* data) {
  Tensor r;
  r.dtype = t;
  r.dims = std::move(dims);
  r.bytes_ = static_cast<size_t>(r.elements()) * byte_size(t);
  r.data_ = static_cast<const std::byte*>(data);
  r.own_ = true;
  return r;
}

Tensor Tensor::strings(std::vector<int64_t> dims, const std::vector<std::string>& values) {
  std::vector<uint32_t> head{static_cast<uint32_t>(values.size())};
  uint32_t at = static_cast<uint32_t>(4 * (values.size() + 2));
  for (const auto& v : values) head.push_back(at), at += static_cast<uint32_t>(v.size());
  head.push_back(at);
  Tensor r;
  r.dtype = DType::String;
  r.dims = std::move(dims);
  r.bytes_ = at;
  auto p = allocate(at);
  std::memcpy(p.get(), head.data(), head.size() * 4);
  std::byte* to = p.get() + head.size() * 4;
  for (const auto& v : values) to = std::copy_n(reinterpret_cast<const std::byte*>(v.data()), v.size(), to);
  r.data_ = p.get();
  r.owner_ = std::move(p);
  return r;
}

std::vector<std::string> Tensor::string_values() const {
  std::vector<std::string> out;
  const auto word = [&](size_t i) {
    uint32_t v = 0;
    if ((i + 1) * 4 <= bytes_) std::memcpy(&v, raw() + i * 4, 4);
    return v;
  };
  if ((uint64_t{word(0)} + 2) * 4 > bytes_) return out;  // the offsets do not fit
  for (uint32_t i = 0, n = word(0); i < n; ++i) {
    const uint32_t from = word(i + 1), to = word(i + 2);
    if (from > to || to > bytes_) break;
    out.emplace_back(reinterpret_cast<const char*>(raw()) + from, to - from);
  }
  return out;
}

Tensor Tensor::copy() const {
  Tensor r = *this;
  auto p = allocate(bytes_);
  if (bytes_) std::memcpy(p.get(), raw(), bytes_);
  r.later_ = nullptr;
  r.data_ = p.get();
  r.owner_ = std::move(p);
  r.own_ = true;
  return r;
}
Tensor Tensor::aligned() const { return is_aligned() ? *this : copy(); }

double Tensor::number(int64_t i) const {
  double v = 0;
  const std::byte* p = raw() + static_cast<size_t>(i) * byte_size(dtype);
  if (dtype == DType::F16 || dtype == DType::BF16) {
    uint16_t h;
    std::memcpy(&h, p, 2);
    return static_cast<double>(dtype == DType::F16 ? half_to_float(h) : bfloat16_to_float(h));
  }
  dispatch(dtype, [&]<class T>(T) {
    // A file may hold any byte where a boolean should be.
    std::conditional_t<std::is_same_v<T, bool>, uint8_t, T> x;
    std::memcpy(&x, p, sizeof x);
    v = std::is_same_v<T, bool> ? (x != 0 ? 1.0 : 0.0) : static_cast<double>(x);
  });
  return v;
}
int64_t Tensor::integer(int64_t i) const {
  int64_t v = 0;
  dispatch(dtype, [&]<class T>(T) {
    std::conditional_t<std::is_same_v<T, bool>, uint8_t, T> x;  // see number()
    std::memcpy(&x, raw() + static_cast<size_t>(i) * sizeof x, sizeof x);
    if constexpr (std::is_same_v<T, bool>) v = x != 0;
    else if constexpr (std::is_integral_v<T>) v = static_cast<int64_t>(x);
  });
  return v;
}

bool Tensor::identical(const Tensor& o) const {
  const bool same_quant = quant == o.quant || (quant && o.quant && *quant == *o.quant);
  return dtype == o.dtype && same_quant && dims == o.dims && bytes_ == o.bytes_ &&
         (bytes_ == 0 || raw() == o.raw() || std::memcmp(raw(), o.raw(), bytes_) == 0);
}

uint64_t Tensor::content_hash() const {
  uint64_t h = 0x9e3779b97f4a7c15u ^ (bytes_ * 31 + static_cast<uint64_t>(dtype));
  const auto mix = [&](uint64_t v) { h = (h ^ v) * 0xff51afd7ed558ccdu, h ^= h >> 32; };
  for (int64_t d : dims) mix(static_cast<uint64_t>(d));
  if (later_) return mix(later_->hash), h;
  // Large tensors are sampled: equality is always checked on the bytes themselves.
  const auto word = [&](size_t i) {
    uint64_t v = 0;
    std::memcpy(&v, data_ + i, std::min<size_t>(8, bytes_ - i));
    mix(v);
  };
  const size_t step = bytes_ <= 4096 ? 8 : bytes_ / 512 / 8 * 8;
  for (size_t i = 0; i < bytes_; i += step) word(i);
  return h;
}

}  // namespace toucanet
