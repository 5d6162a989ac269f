#include "import/npy.h"

#include <algorithm>
#include <charconv>

#include "export/output_file.h"
#include "import/file.h"
#include "ir/limits.h"

namespace toucanet {
namespace {

constexpr std::string_view magic = "\x93NUMPY";

struct Header {
  std::string descr;
  bool fortran = false;
  std::vector<int64_t> shape;
  bool has_descr = false, has_fortran = false, has_shape = false;
};

// The dictionary of the header: a Python literal with three known keys.
class HeaderParser {
  std::string_view s_;

  void spaces() {
    while (!s_.empty() && (s_[0] == ' ' || s_[0] == '\n' || s_[0] == '\t')) s_.remove_prefix(1);
  }
  bool take(std::string_view word) {
    spaces();
    if (!s_.starts_with(word)) return false;
    s_.remove_prefix(word.size());
    return true;
  }
  bool quoted(std::string& to) {
    spaces();
    if (s_.empty() || (s_[0] != '\'' && s_[0] != '"')) return false;
    const size_t end = s_.find(s_[0], 1);
    if (end == std::string_view::npos) return false;
    to = s_.substr(1, end - 1);
    s_.remove_prefix(end + 1);
    return true;
  }
  bool boolean(bool& to) {
    to = take("True");
    return to || take("False");
  }
  bool tuple(std::vector<int64_t>& to) {
    if (!take("(")) return false;
    while (!take(")")) {
      int64_t d = 0;
      spaces();
      const auto [end, error] = std::from_chars(s_.data(), s_.data() + s_.size(), d);
      if (error != std::errc()) return false;
      s_.remove_prefix(static_cast<size_t>(end - s_.data()));
      to.push_back(d);
      take("L");
      if (!take(",")) return take(")");
    }
    return true;
  }
  // A list of fields, as structured types have it, is kept as the text that it is.
  bool descr(std::string& to) {
    spaces();
    if (!s_.starts_with('[')) return quoted(to);
    const size_t end = s_.rfind(']');
    if (end == std::string_view::npos) return false;
    to = s_.substr(0, end + 1);
    s_.remove_prefix(end + 1);
    return true;
  }

 public:
  explicit HeaderParser(std::string_view s) : s_(s) {}
  bool parse(Header& h) {
    if (!take("{")) return false;
    while (!take("}")) {
      std::string key;
      if (!quoted(key) || !take(":")) return false;
      if (key == "descr" && !h.has_descr) h.has_descr = descr(h.descr);
      else if (key == "fortran_order" && !h.has_fortran) h.has_fortran = boolean(h.fortran);
      else if (key == "shape" && !h.has_shape) h.has_shape = tuple(h.shape);
      else return false;
      if (take(",")) continue;
      if (!take("}")) return false;
      break;
    }
    spaces();
    return h.has_descr && h.has_fortran && h.has_shape && s_.empty();
  }
};

// Of an element: its type, bytes, and the bytes of the parts whose order an endianness gives.
struct Element {
  DType dtype;
  size_t bytes, part;
  bool swapped;
  char kind;
};

struct TypeName {
  std::string_view name;
  DType dtype;
};
// Reading takes the first of a name.
constexpr TypeName type_names[] = {{"f4", DType::F32}, {"f8", DType::F64},  {"f2", DType::F16},  {"i1", DType::I8},    {"i2", DType::I16},
                                   {"i4", DType::I32}, {"i8", DType::I64},  {"u1", DType::U8},   {"u2", DType::U16},   {"u4", DType::U32},
                                   {"u8", DType::U64}, {"b1", DType::Bool}, {"c8", DType::C64},  {"c16", DType::C128}, {"i1", DType::QI8},
                                   {"u1", DType::QU8}, {"i2", DType::QI16}, {"u2", DType::QU16}, {"i4", DType::QI32}};

std::optional<Element> element_of(std::string_view descr) {
  if (descr.size() < 2) return std::nullopt;
  const char order = descr[0], kind = descr[1];
  if (order != '<' && order != '>' && order != '|' && order != '=') return std::nullopt;
  const auto rest = descr.substr(1);
  for (const TypeName& n : type_names) {
    if (n.name != rest) continue;
    const size_t bytes = byte_size(n.dtype), part = kind == 'c' ? bytes / 2 : bytes;
    if (order == '|' && part > 1) return std::nullopt;
    return Element{n.dtype, bytes, part, order == '>' && part > 1, kind};
  }
  if (kind != 'S' && kind != 'U') return std::nullopt;
  uint32_t width = 0;
  const auto [end, error] = std::from_chars(descr.data() + 2, descr.data() + descr.size(), width);
  if (error != std::errc() || end != descr.data() + descr.size()) return std::nullopt;
  const size_t part = kind == 'U' ? 4 : 1;
  return Element{DType::String, width * part, part, order == '>' && part > 1, kind};
}

void swap_parts(std::byte* p, size_t bytes, size_t part) {
  for (size_t i = 0; i + part <= bytes; i += part) std::reverse(p + i, p + i + part);
}

// The elements of a Fortran-ordered array in C order.
std::string in_c_order(std::string_view from, const std::vector<int64_t>& dims, size_t bytes) {
  std::string to(from.size(), '\0');
  std::vector<size_t> stride(dims.size(), 1);
  for (size_t i = 1; i < dims.size(); ++i) stride[i] = stride[i - 1] * static_cast<size_t>(dims[i - 1]);
  std::vector<int64_t> at(dims.size(), 0);
  size_t source = 0;
  for (size_t i = 0; i < to.size(); i += bytes) {
    std::copy_n(from.data() + source * bytes, bytes, to.data() + i);
    for (size_t a = dims.size(); a-- > 0;) {
      source += stride[a];
      if (++at[a] < dims[a]) break;
      source -= stride[a] * static_cast<size_t>(dims[a]);
      at[a] = 0;
    }
  }
  return to;
}

bool append_utf8(std::string& s, uint32_t c) {
  const auto put = [&](uint32_t b) { s.push_back(static_cast<char>(b)); };
  if (c > 0x10ffff) return false;
  if (c < 0x80) return put(c), true;
  if (c < 0x800) put(0xc0 | c >> 6);
  else {
    if (c < 0x10000) put(0xe0 | c >> 12);
    else put(0xf0 | c >> 18), put(0x80 | (c >> 12 & 63));
    put(0x80 | (c >> 6 & 63));
  }
  return put(0x80 | (c & 63)), true;
}

Expected<Tensor> read_strings(std::string_view data, const Element& e, std::vector<int64_t> dims, int64_t count, const std::string& what) {
  if (count > limits::text_elements || data.size() >= size_t{1} << 31) return diag("TN1302", "{}: more strings than a tensor can hold", what);
  std::vector<std::string> values(static_cast<size_t>(count));
  for (size_t i = 0; i < values.size(); ++i) {
    std::string raw(data.substr(i * e.bytes, e.bytes));
    if (e.kind == 'S') {
      values[i] = raw.substr(0, raw.find_last_not_of('\0') + 1);
      continue;
    }
    if (e.swapped) swap_parts(reinterpret_cast<std::byte*>(raw.data()), raw.size(), 4);
    while (raw.ends_with(std::string_view("\0\0\0\0", 4))) raw.resize(raw.size() - 4);
    for (size_t k = 0; k < raw.size(); k += 4) {
      uint32_t c = 0;
      std::memcpy(&c, raw.data() + k, 4);
      if (!append_utf8(values[i], c)) return diag("TN1301", "{}: element {} is no Unicode text", what, i);
    }
  }
  return Tensor::strings(std::move(dims), values);
}

// The header of the array, and what follows it.
Expected<Header> read_header(std::string_view& bytes, const std::string& what) {
  const auto damaged = [&](std::string_view how) { return diag("TN1301", "{}: not a .npy array: {}", what, how); };
  if (!bytes.starts_with(magic)) return damaged("it does not begin as one");
  if (bytes.size() < 12) return damaged("it is cut short");
  const auto byte = [&](size_t i) { return size_t{static_cast<uint8_t>(bytes[i])}; };
  const size_t major = byte(6);
  if (major < 1 || major > 3) return damaged(fmt::format("format {}.{} is not known", major, byte(7)));
  const size_t length = major == 1 ? byte(8) | byte(9) << 8 : byte(8) | byte(9) << 8 | byte(10) << 16 | byte(11) << 24;
  const size_t begin = major == 1 ? 10 : 12;
  if (length > bytes.size() - begin) return damaged("it is cut short");
  Header h;
  if (!HeaderParser(bytes.substr(begin, length)).parse(h)) return damaged("its header cannot be read");
  bytes.remove_prefix(begin + length);
  return h;
}

}  // namespace

Expected<Tensor> read_npy(std::string_view bytes, std::shared_ptr<const void> owner, const std::string& what) {
  TRY(Header h, read_header(bytes, what));
  const auto element = element_of(h.descr);
  if (!element)
    return diag("TN1302", "{}: elements of type {} are not supported", what, h.descr)
        .note("save the array as numbers, booleans, or strings of fixed width (array.astype(...))");
  const auto count = limits::product(h.shape);
  if (!count) return diag("TN1301", "{}: no array has the shape ({})", what, fmt::join(h.shape, ", "));
  const size_t n = static_cast<size_t>(*count), each = element->bytes;
  if ((each && n > bytes.size() / each) || bytes.size() != n * each)
    return diag("TN1301", "{}: {} elements of {} bytes are announced, {} bytes are there", what, n, each, bytes.size());

  std::string moved;
  if (h.fortran && h.shape.size() > 1 && element->bytes) {
    moved = in_c_order(bytes, h.shape, element->bytes);
    bytes = moved;
  }
  if (element->dtype == DType::String) return read_strings(bytes, *element, std::move(h.shape), *count, what);
  if (moved.empty() && !element->swapped && element->dtype != DType::Bool)
    return Tensor::view(element->dtype, std::move(h.shape), std::move(owner), bytes.data(), bytes.size());
  Tensor t = Tensor::zeros(element->dtype, std::move(h.shape));
  if (!bytes.empty()) std::memcpy(t.raw_mutable(), bytes.data(), bytes.size());
  if (element->swapped) swap_parts(t.raw_mutable(), t.bytes(), element->part);
  if (element->dtype == DType::Bool)
    for (size_t i = 0; i < t.bytes(); ++i) t.raw_mutable()[i] = std::byte{t.raw()[i] != std::byte{0}};
  return t;
}

Expected<NpyLayout> read_npy_layout(std::string_view beginning, const std::string& what) {
  std::string_view rest = beginning;
  TRY(Header h, read_header(rest, what));
  const auto element = element_of(h.descr);
  if (!element)
    return diag("TN1302", "{}: elements of type {} are not supported", what, h.descr)
        .note("save the array as numbers, booleans, or strings of fixed width (array.astype(...))");
  if (!limits::product(h.shape)) return diag("TN1301", "{}: no array has the shape ({})", what, fmt::join(h.shape, ", "));
  const bool plain = !element->swapped && (!h.fortran || h.shape.size() < 2) && element->dtype != DType::String && element->dtype != DType::Bool;
  return NpyLayout{element->dtype, std::move(h.shape), beginning.size() - rest.size(), plain};
}

Expected<Tensor> read_npy_file(const std::string& path) {
  TRY(auto file, map_file(path));
  return read_npy(file->bytes(), file, "'" + path + "'");
}

Expected<std::string> write_npy(const Tensor& t) {
  std::string descr, data;
  if (t.dtype == DType::String) {
    const auto values = t.string_values();
    size_t width = 1;
    for (const auto& v : values) width = std::max(width, v.size());
    if (values.size() > (size_t{1} << 36) / width) return diag("TN1302", "strings of up to {} bytes are too long for a .npy array", width);
    descr = fmt::format("|S{}", width);
    for (const auto& v : values) data += v, data.append(width - v.size(), '\0');
  } else {
    for (const TypeName& n : type_names)
      if (n.dtype == t.dtype) descr = fmt::format("{}{}", byte_size(t.dtype) == 1 ? '|' : '<', n.name);
    if (descr.empty()) return diag("TN1302", "NumPy has no elements of type {}", name(t.dtype));
    data.assign(reinterpret_cast<const char*>(t.raw()), t.bytes());
  }
  std::string shape;
  for (int64_t d : t.dims) shape += fmt::format("{}{}", d, t.dims.size() == 1 ? "," : &d == &t.dims.back() ? "" : ", ");
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", descr, shape);
  const size_t before = magic.size() + 4;
  header.append(63 - (before + header.size()) % 64, ' ');
  header += '\n';
  std::string file(magic);
  file += {'\1', '\0', static_cast<char>(header.size() & 255), static_cast<char>(header.size() >> 8)};
  return file + header + data;
}

Status write_npy_file(const std::string& path, const Tensor& t) {
  TRY(const std::string bytes, write_npy(t));
  return write_file(path, bytes);
}

}  // namespace toucanet
