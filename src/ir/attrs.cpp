#include "ir/attrs.h"

#include <fmt/ranges.h>

#include <cstdlib>

namespace toucanet {
namespace {
template <class T>
T& ref(const FieldRef& f) {
  return *static_cast<T*>(f.p);
}
std::string quoted(std::string_view s) {
  std::string r = "\"";
  for (char c : s) {
    if (c == '"' || c == '\\' || c == '\n') r += '\\';
    r += c == '\n' ? 'n' : c;
  }
  return r + "\"";
}
template <class T>
bool number(std::string_view s, T& v) {
  const auto r = std::from_chars(s.data(), s.data() + s.size(), v);
  return r.ec == std::errc{} && r.ptr == s.data() + s.size();
}
std::vector<std::string_view> list(std::string_view s) {
  std::vector<std::string_view> out;
  if (s.size() < 2 || s.front() != '[' || s.back() != ']') return out;
  s = s.substr(1, s.size() - 2);
  while (!s.empty()) {
    const size_t c = s.find(',');
    auto part = s.substr(0, c);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    out.push_back(part);
    s = c == s.npos ? std::string_view{} : s.substr(c + 1);
  }
  return out;
}
}  // namespace

std::string print(const FieldRef& f) {
  switch (f.kind) {
    case FieldKind::Bool: return ref<bool>(f) ? "true" : "false";
    case FieldKind::I8: return std::to_string(ref<int8_t>(f));
    case FieldKind::I32: return std::to_string(ref<int32_t>(f));
    case FieldKind::I64: return std::to_string(ref<int64_t>(f));
    case FieldKind::F32: return fmt::format("{}", ref<float>(f));
    case FieldKind::DType: return std::string(name(ref<DType>(f)));
    case FieldKind::Graph: return fmt::format("graph{}", ref<GraphRef>(f).index);
    case FieldKind::String: return quoted(ref<std::string>(f));
    case FieldKind::Ints: return fmt::format("[{}]", fmt::join(ref<std::vector<int64_t>>(f), ","));
    case FieldKind::Floats: return fmt::format("[{}]", fmt::join(ref<std::vector<float>>(f), ","));
    case FieldKind::Bytes: return fmt::format("0x{:02x}", fmt::join(ref<Bytes>(f).data, ""));
    case FieldKind::Enum: {
      const auto i = static_cast<size_t>(static_cast<uint8_t>(ref<int8_t>(f)));
      return i < f.enum_names.size() ? std::string(f.enum_names[i]) : std::to_string(i);
    }
  }
  return {};
}

bool parse(const FieldRef& f, std::string_view s) {
  switch (f.kind) {
    case FieldKind::Bool: return (ref<bool>(f) = s == "true"), s == "true" || s == "false";
    case FieldKind::I8: return number(s, ref<int8_t>(f));
    case FieldKind::I32: return number(s, ref<int32_t>(f));
    case FieldKind::I64: return number(s, ref<int64_t>(f));
    case FieldKind::F32: {
      const std::string t(s);
      char* end = nullptr;
      ref<float>(f) = std::strtof(t.c_str(), &end);
      return !t.empty() && end == t.c_str() + t.size();
    }
    case FieldKind::DType: {
      const auto t = dtype_from_name(s);
      if (t) ref<DType>(f) = *t;
      return t.has_value();
    }
    case FieldKind::Graph: return s.starts_with("graph") && number(s.substr(5), ref<GraphRef>(f).index);
    case FieldKind::String: {
      if (s.size() < 2 || s.front() != '"' || s.back() != '"') return false;
      auto& out = ref<std::string>(f);
      out.clear();
      for (size_t i = 1; i + 1 < s.size(); ++i) {
        const bool escaped = s[i] == '\\' && i + 2 < s.size();
        if (escaped) ++i;
        out += escaped && s[i] == 'n' ? '\n' : s[i];
      }
      return true;
    }
    case FieldKind::Ints:
    case FieldKind::Floats: {
      if (s.size() < 2 || s.front() != '[' || s.back() != ']') return false;
      if (f.kind == FieldKind::Ints) ref<std::vector<int64_t>>(f).clear();
      else ref<std::vector<float>>(f).clear();
      for (auto part : list(s)) {
        if (f.kind == FieldKind::Ints) {
          if (!number(part, ref<std::vector<int64_t>>(f).emplace_back())) return false;
        } else {
          ref<std::vector<float>>(f).push_back(std::strtof(std::string(part).c_str(), nullptr));
        }
      }
      return true;
    }
    case FieldKind::Bytes: {
      if (!s.starts_with("0x") || s.size() % 2) return false;
      auto& out = ref<Bytes>(f).data;
      out.clear();
      for (size_t i = 2; i < s.size(); i += 2) {
        uint8_t v = 0;
        const auto r = std::from_chars(s.data() + i, s.data() + i + 2, v, 16);
        if (r.ptr != s.data() + i + 2) return false;
        out.push_back(v);
      }
      return true;
    }
    case FieldKind::Enum:
      for (size_t i = 0; i < f.enum_names.size(); ++i)
        if (f.enum_names[i] == s) return (ref<int8_t>(f) = static_cast<int8_t>(i)), true;
      return false;
  }
  return false;
}

std::string Attrs::str() const {
  if (!p_) return {};
  std::string s;
  const auto fresh = ops_->make();
  const auto defaults = ops_->fields(fresh.get());
  const auto mine = fields();
  for (size_t i = 0; i < mine.size(); ++i) {
    const std::string v = print(mine[i]);
    if (v != print(defaults[i])) s += fmt::format("{}{}={}", s.empty() ? "" : ", ", mine[i].name, v);
  }
  return s;
}

}  // namespace toucanet
