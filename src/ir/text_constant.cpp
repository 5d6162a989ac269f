#include <charconv>
#include <cstdlib>
#include <random>

#include "ir/limits.h"
#include "ir/text_scanner.h"

namespace toucanet {

Expected<Tensor> read_constant(Scanner& s, const TensorType& t, const std::string& name, int64_t& filled) {
  if (!t.shape.is_static()) return s.fail("a constant needs a static shape");
  if (!byte_size(t.dtype) && t.dtype != DType::String) return s.fail("constants of type {} have no text form", toucanet::name(t.dtype));
  const auto dims = t.shape.to_vector();
  const auto elements = limits::product(dims, limits::spelled_out);
  if (!elements) return s.fail("the constant is too large");
  const int64_t n = *elements;
  if ((filled += n) > limits::text_elements) return s.fail("the constants are too large for the text form");
  if (!s.eat("=")) {  // pseudo-random
    if (t.dtype == DType::String) return Tensor::strings(dims, std::vector<std::string>(static_cast<size_t>(n)));
    Tensor r = Tensor::zeros(t.dtype, dims);
    std::mt19937 random(static_cast<uint32_t>(std::hash<std::string>{}(name)));
    dispatch(t.dtype, [&]<class T>(T) {
      for (T& v : r.as_mutable<T>()) {
        const uint32_t u = random();
        if constexpr (std::is_floating_point_v<T>) v = static_cast<T>(static_cast<double>(u) / 4294967296.0 * 2 - 1);
        else v = static_cast<T>(u % 4);
      }
    });
    return r;
  }
  if (t.dtype != DType::String && s.eat("0x")) {
    Tensor r = Tensor::zeros(t.dtype, dims);
    const auto hex = s.token(" ");
    if (hex.size() != 2 * r.bytes()) return s.fail("{} bytes were expected", r.bytes());
    for (size_t i = 0; i < r.bytes(); ++i) {
      uint8_t b = 0;
      std::from_chars(hex.data() + 2 * i, hex.data() + 2 * i + 2, b, 16);
      r.raw_mutable()[i] = static_cast<std::byte>(b);
    }
    return r;
  }
  s.skip();
  if (t.dtype == DType::String && (s.rest_.empty() || s.rest_.front() != '[')) return s.fail("expected the constant's values");
  const bool bare = !s.rest_.empty() && s.rest_.front() != '[';  // one value for all
  if (!bare && !s.eat("[")) return s.fail("expected the constant's values");
  if (t.dtype == DType::String) {
    std::vector<std::string> v;
    while (!s.eat("]")) {
      if (s.rest_.empty() || s.rest_.front() != '"') return s.fail("expected a string");
      v.push_back(s.string());
      s.eat(",");
      if (s.rest_.empty()) return s.fail("unterminated list");
    }
    if (static_cast<int64_t>(v.size()) != n) return s.fail("{} values were expected", n);
    return Tensor::strings(dims, v);
  }
  Tensor r = Tensor::zeros(t.dtype, dims);
  int64_t i = 0;
  while (bare ? i == 0 : !s.eat("]")) {
    const std::string v(s.token(" ,]"));
    if (v.empty() || i >= n) return s.fail("{} values were expected", n);
    const bool done = dispatch(t.dtype, [&]<class T>(T) {
      T& to = r.as_mutable<T>()[static_cast<size_t>(i)];
      if constexpr (std::is_same_v<T, bool>) to = v == "true" || v == "1";
      else if constexpr (std::is_same_v<T, float>) to = std::strtof(v.c_str(), nullptr);
      else if constexpr (std::is_floating_point_v<T>) to = std::strtod(v.c_str(), nullptr);
      else if constexpr (std::is_same_v<T, uint64_t>) to = std::strtoull(v.c_str(), nullptr, 10);
      else to = static_cast<T>(std::strtoll(v.c_str(), nullptr, 10));
    });
    if (!done) return s.fail("constants of type {} are written as bytes", toucanet::name(t.dtype));
    ++i;
    s.eat(",");
  }
  if (i != n) {
    if (i != 1) return s.fail("{} values were expected, {} given", n, i);
    const size_t size = byte_size(t.dtype);  // one value for all
    for (int64_t k = 1; k < n; ++k) std::memcpy(r.raw_mutable() + static_cast<size_t>(k) * size, r.raw(), size);
  }
  return r;
}

}  // namespace toucanet
