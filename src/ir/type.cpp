#include "ir/type.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>

namespace toucanet {

bool Shape::is_static() const {
  if (!ranked_) return false;
  for (const auto& d : dims_)
    if (!d.known()) return false;
  return true;
}
Dim Shape::elements() const {
  if (!ranked_) return Dim::unknown();
  Dim n = 1;
  for (const auto& d : dims_) n = n * d;
  return n;
}
std::vector<int64_t> Shape::to_vector() const {
  std::vector<int64_t> v;
  for (const auto& d : dims_) v.push_back(d.value());
  return v;
}
std::string Shape::str() const {
  if (!ranked_) return "*";
  std::string s;
  for (size_t i = 0; i < dims_.size(); ++i) s += (i ? "," : "") + dims_[i].str();
  return s;
}

bool same(const Shape& a, const Shape& b) {
  if (!a.ranked() || !b.ranked() || a.rank() != b.rank()) return false;
  for (size_t i = 0; i < a.rank(); ++i)
    if (!same(a[i], b[i])) return false;
  return true;
}

std::optional<Shape> refine(const Shape& a, const Shape& b) {
  if (!a.ranked()) return b;
  if (!b.ranked()) return a;
  if (a.rank() != b.rank()) return std::nullopt;
  Dims d;
  d.reserve(a.rank());
  for (size_t i = 0; i < a.rank(); ++i) {
    if (differ(a[i], b[i])) return std::nullopt;
    d.push_back(b[i].known() || a[i].is_unknown() ? b[i] : a[i]);
  }
  return Shape(std::move(d));
}

std::string TensorType::str() const {
  std::string s = fmt::format("{}[{}]", name(dtype), shape.str());
  if (!quant) return s;
  s += "{";
  if (!quant->scale.empty()) s += fmt::format("scale={};zero={}", fmt::join(quant->scale, ":"), fmt::join(quant->zero_point, ":"));
  if (quant->scale.size() > 1 || quant->axis) s += fmt::format(";axis={}", quant->axis);
  if (!quant->min.empty()) s += fmt::format(";min={};max={}", fmt::join(quant->min, ":"), fmt::join(quant->max, ":"));
  return s + "}";
}

static std::vector<std::string_view> split(std::string_view s, char by) {
  std::vector<std::string_view> out;
  int depth = 0;
  size_t from = 0;
  for (size_t i = 0; i <= s.size(); ++i) {
    if (i < s.size() && s[i] == '(') ++depth;
    if (i < s.size() && s[i] == ')') --depth;
    if (i == s.size() || (s[i] == by && depth == 0)) {
      out.push_back(s.substr(from, i - from));
      from = i + 1;
    }
  }
  return out;
}

std::optional<TensorType> TensorType::parse(std::string_view s) {
  if (const auto scalar = dtype_from_name(s)) return TensorType{*scalar, {}, nullptr};
  const size_t open = s.find('['), close = s.find(']');
  if (open == s.npos || close == s.npos || close < open) return std::nullopt;
  const auto dt = dtype_from_name(s.substr(0, open));
  if (!dt) return std::nullopt;
  TensorType t{*dt, {}, nullptr};
  const auto inner = s.substr(open + 1, close - open - 1);
  if (inner == "*") {
    t.shape = Shape::unranked();
  } else if (!inner.empty()) {
    Dims dims;
    for (auto part : split(inner, ',')) {
      auto d = Dim::parse(part);
      if (!d) return std::nullopt;
      dims.push_back(*d);
    }
    t.shape = Shape(std::move(dims));
  }
  auto rest = s.substr(close + 1);
  if (rest.empty()) return t;
  if (rest.front() != '{' || rest.back() != '}') return std::nullopt;
  auto q = std::make_shared<Quant>();
  for (auto part : split(rest.substr(1, rest.size() - 2), ';')) {
    const size_t eq = part.find('=');
    if (eq == part.npos) return std::nullopt;
    const auto key = part.substr(0, eq);
    for (auto v : split(part.substr(eq + 1), ':')) {
      const std::string text(v);
      if (key == "scale") q->scale.push_back(std::strtof(text.c_str(), nullptr));
      else if (key == "min") q->min.push_back(std::strtof(text.c_str(), nullptr));
      else if (key == "max") q->max.push_back(std::strtof(text.c_str(), nullptr));
      else if (key == "zero") q->zero_point.push_back(std::strtoll(text.c_str(), nullptr, 10));
      else if (key == "axis") q->axis = static_cast<int32_t>(std::strtol(text.c_str(), nullptr, 10));
      else return std::nullopt;
    }
  }
  // As many of the one as of the other.
  if (q->zero_point.size() > q->scale.size() || q->min.size() != q->max.size()) return std::nullopt;
  q->zero_point.resize(q->scale.size());
  if (q->scale.empty() && q->min.empty()) return t;
  t.quant = q;
  return t;
}

}  // namespace toucanet
