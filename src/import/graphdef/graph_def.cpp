#include "import/graphdef/graph_def.h"

#include <algorithm>
#include <protozero/exception.hpp>

// A field of another wire type than the schema's is damage, not a mistake of ours.
#define protozero_assert(x)                                    \
  if (!(x)) throw protozero::unknown_pbf_wire_type_exception { \
    }
#include <protozero/pbf_reader.hpp>

#include "import/file.h"
#include "ir/limits.h"

namespace toucanet {
namespace {
using protozero::pbf_reader;
std::string_view sv(protozero::data_view d) { return {d.data(), d.size()}; }
pbf_reader reader(std::string_view s) { return pbf_reader(s.data(), s.size()); }

// AttrValue is a oneof: the last one set counts.
template <class F>
void each_field(std::string_view bytes, F f) {
  auto r = reader(bytes);
  while (r.next())
    if (!f(r)) r.skip();
}

Shape read_shape(std::string_view bytes) {
  Dims dims;
  bool unknown_rank = false;
  auto r = reader(bytes);
  while (r.next()) {
    if (r.tag() == 2) {
      int64_t size = 0;
      auto d = r.get_message();
      while (d.next()) {
        if (d.tag() == 1) size = d.get_int64();
        else d.skip();
      }
      dims.push_back(size < 0 ? Dim::unknown() : Dim(size));
    } else if (r.tag() == 3) {
      unknown_rank = (r.get_uint64() != 0);
    } else {
      r.skip();
    }
  }
  return unknown_rank ? Shape::unranked() : Shape(std::move(dims));
}

// Decodes an attribute once, for the exception: later its accessors cannot fail.
void check_attr(AttrView a) {
  a.s(), a.i(), a.f(), a.b(), a.type(), a.shape(), a.tensor(), a.func();
  a.list_i(), a.list_f(), a.list_type(), a.list_s(), a.list_shape();
}

NodeDef read_node(pbf_reader r) {
  NodeDef n;
  while (r.next()) {
    switch (r.tag()) {
      case 1: n.name = sv(r.get_view()); break;
      case 2: n.op = sv(r.get_view()); break;
      case 3: n.inputs.push_back(sv(r.get_view())); break;
      case 5: {
        std::string_view key;
        AttrView value;
        auto e = r.get_message();
        while (e.next()) {
          if (e.tag() == 1) key = sv(e.get_view());
          else if (e.tag() == 2) value.bytes = sv(e.get_view());
          else e.skip();
        }
        check_attr(value);
        n.attrs.push_back({key, value});
        break;
      }
      default: r.skip();
    }
  }
  return n;
}

FunctionDef::Arg read_arg(pbf_reader r) {
  FunctionDef::Arg a;
  while (r.next()) {
    if (r.tag() == 1) a.name = sv(r.get_view());
    else if (r.tag() == 5) a.number_attr = sv(r.get_view());
    else if (r.tag() == 6) a.type_list_attr = sv(r.get_view());
    else r.skip();
  }
  return a;
}

FunctionDef read_function(pbf_reader r) {
  FunctionDef f;
  while (r.next()) {
    if (r.tag() == 1) {
      auto s = r.get_message();
      while (s.next()) {
        if (s.tag() == 1) f.name = sv(s.get_view());
        else if (s.tag() == 2) f.inputs.push_back(read_arg(s.get_message()));
        else if (s.tag() == 3) f.outputs.push_back(read_arg(s.get_message()));
        else s.skip();
      }
    } else if (r.tag() == 3) {
      f.nodes.push_back(read_node(r.get_message()));
    } else if (r.tag() == 4) {
      std::string_view key, value;
      auto e = r.get_message();
      while (e.next()) {
        if (e.tag() == 1) key = sv(e.get_view());
        else if (e.tag() == 2) value = sv(e.get_view());
        else e.skip();
      }
      f.rets.push_back({key, value});
    } else {
      r.skip();
    }
  }
  return f;
}

GraphDef parse_binary(std::string_view bytes) {
  GraphDef g;
  auto r = reader(bytes);
  while (r.next()) {
    switch (r.tag()) {
      case 1: g.nodes.push_back(read_node(r.get_message())); break;
      case 2: {
        auto l = r.get_message();
        while (l.next()) {
          if (l.tag() == 1) g.functions.push_back(read_function(l.get_message()));
          else l.skip();
        }
        break;
      }
      case 4: {
        auto v = r.get_message();
        while (v.next()) {
          if (v.tag() == 1) g.producer = v.get_int32();
          else v.skip();
        }
        break;
      }
      default: r.skip();
    }
  }
  return g;
}

// A binary GraphDef starts with a field tag of GraphDef and length-delimited or varint wire type.
bool looks_like_text(std::string_view s) {
  for (unsigned char c : s.substr(0, 4096)) {
    if (c >= 32 || c == '\n' || c == '\r' || c == '\t') continue;
    return false;
  }
  const auto first = s.find_first_not_of(" \t\r\n");
  return first != s.npos && (std::isalpha(static_cast<unsigned char>(s[first])) || s[first] == '#');
}
}  // namespace

std::optional<DType> dtype_from_tf(int t) {
  if (t > 100) t -= 100;
  switch (t) {
    case 1: return DType::F32;
    case 2: return DType::F64;
    case 3: return DType::I32;
    case 4: return DType::U8;
    case 5: return DType::I16;
    case 6: return DType::I8;
    case 7: return DType::String;
    case 8: return DType::C64;
    case 9: return DType::I64;
    case 10: return DType::Bool;
    case 11: return DType::QI8;
    case 12: return DType::QU8;
    case 13: return DType::QI32;
    case 14: return DType::BF16;
    case 15: return DType::QI16;
    case 16: return DType::QU16;
    case 17: return DType::U16;
    case 18: return DType::C128;
    case 19: return DType::F16;
    case 20: return DType::Resource;
    case 21: return DType::Variant;
    case 22: return DType::U32;
    case 23: return DType::U64;
    case 24: return DType::F8E5M2;
    case 25: return DType::F8E4M3FN;
    case 29: return DType::I4;
    case 30: return DType::U4;
    default: return std::nullopt;
  }
}

AttrView::Kind AttrView::kind() const {
  Kind k = Kind::None;
  each_field(bytes, [&](pbf_reader& r) {
    if (r.tag() >= 1 && r.tag() <= 10) k = static_cast<Kind>(r.tag());
    return false;
  });
  return k;
}

template <class T, class Get>
static T field(std::string_view bytes, uint32_t tag, Get get) {
  T v{};
  each_field(bytes, [&](pbf_reader& r) {
    if (r.tag() != tag) return false;
    v = get(r);
    return true;
  });
  return v;
}
std::string_view AttrView::s() const {
  return field<std::string_view>(bytes, 2, [](auto& r) { return sv(r.get_view()); });
}
int64_t AttrView::i() const {
  return field<int64_t>(bytes, 3, [](auto& r) { return r.get_int64(); });
}
float AttrView::f() const {
  return field<float>(bytes, 4, [](auto& r) { return r.get_float(); });
}
bool AttrView::b() const {
  return field<bool>(bytes, 5, [](auto& r) { return (r.get_uint64() != 0); });
}
int AttrView::type() const {
  return field<int>(bytes, 6, [](auto& r) { return r.get_enum(); });
}
Shape AttrView::shape() const {
  return read_shape(field<std::string_view>(bytes, 7, [](auto& r) { return sv(r.get_view()); }));
}
std::string_view AttrView::tensor() const {
  return field<std::string_view>(bytes, 8, [](auto& r) { return sv(r.get_view()); });
}
std::string_view AttrView::func() const {
  const auto f = field<std::string_view>(bytes, 10, [](auto& r) { return sv(r.get_view()); });
  return field<std::string_view>(f, 1, [](auto& r) { return sv(r.get_view()); });
}

// A repeated scalar, packed or not, of AttrValue.ListValue or TensorProto.
template <class T, class Packed, class One>
static void repeated(pbf_reader& r, std::vector<T>& out, Packed packed, One one) {
  if (r.wire_type() == protozero::pbf_wire_type::length_delimited)
    for (auto v : packed(r)) out.push_back(static_cast<T>(v));
  else out.push_back(static_cast<T>(one(r)));
}
static std::string_view list_of(std::string_view bytes) {
  return field<std::string_view>(bytes, 1, [](auto& r) { return sv(r.get_view()); });
}
std::vector<int64_t> AttrView::list_i() const {
  std::vector<int64_t> out;
  each_field(list_of(bytes), [&](pbf_reader& r) {
    if (r.tag() != 3) return false;
    repeated(
        r, out, [](auto& x) { return x.get_packed_int64(); }, [](auto& x) { return x.get_int64(); });
    return true;
  });
  return out;
}
std::vector<float> AttrView::list_f() const {
  std::vector<float> out;
  each_field(list_of(bytes), [&](pbf_reader& r) {
    if (r.tag() != 4) return false;
    repeated(
        r, out, [](auto& x) { return x.get_packed_float(); }, [](auto& x) { return x.get_float(); });
    return true;
  });
  return out;
}
std::vector<int> AttrView::list_type() const {
  std::vector<int> out;
  each_field(list_of(bytes), [&](pbf_reader& r) {
    if (r.tag() != 6) return false;
    repeated(
        r, out, [](auto& x) { return x.get_packed_enum(); }, [](auto& x) { return x.get_enum(); });
    return true;
  });
  return out;
}
std::vector<std::string_view> AttrView::list_s() const {
  std::vector<std::string_view> out;
  each_field(list_of(bytes), [&](pbf_reader& r) {
    if (r.tag() != 2) return false;
    out.push_back(sv(r.get_view()));
    return true;
  });
  return out;
}
std::vector<Shape> AttrView::list_shape() const {
  std::vector<Shape> out;
  each_field(list_of(bytes), [&](pbf_reader& r) {
    if (r.tag() != 7) return false;
    out.push_back(read_shape(sv(r.get_view())));
    return true;
  });
  return out;
}

const AttrView* NodeDef::attr(std::string_view key) const {
  for (const auto& [k, v] : attrs)
    if (k == key) return &v;
  return nullptr;
}

Expected<GraphDef> read_graph_def(std::shared_ptr<const void> owner, std::string_view bytes) {
  if (bytes.size() >= 8 && bytes.substr(4, 4) == "TFL3")
    return diag("TN1002", "the file is a .tflite model, not a GraphDef").note("toucanet inspect reads it; convert and explain take frozen graphs");
  try {
    if (looks_like_text(bytes)) {
      TRY(std::string binary, text_to_binary(bytes));
      auto kept = std::make_shared<const std::string>(std::move(binary));
      GraphDef g = parse_binary(*kept);
      g.owner = kept;
      return g;
    }
    GraphDef g = parse_binary(bytes);
    g.owner = std::move(owner);
    if (g.nodes.empty()) return diag("TN1002", "the file holds no GraphDef nodes").note("give a frozen graph (a GraphDef, binary or text)");
    return g;
  } catch (const protozero::exception& e) {
    return diag("TN1002", "not a GraphDef: the protocol buffer is damaged or of another kind ({})", e.what())
        .note("give a frozen graph: a GraphDef, binary or text");
  }
}

Expected<GraphDef> read_graph_def_file(const std::string& path) {
  TRY(auto file, map_file(path));
  return read_graph_def(file, file->bytes());
}

Expected<Tensor> read_tensor(std::string_view proto, std::shared_ptr<const void> owner) {
  int type = 0;
  Shape shape;
  std::string_view content;
  bool has_content = false;
  std::vector<float> floats;
  std::vector<double> doubles;
  std::vector<int64_t> ints;
  std::vector<std::string> strings;
  std::vector<uint8_t> bytes8;
  try {
    auto r = reader(proto);
    while (r.next()) {
      switch (r.tag()) {
        case 1: type = r.get_enum(); break;
        case 2: shape = read_shape(sv(r.get_view())); break;
        case 4: content = sv(r.get_view()), has_content = !content.empty(); break;
        case 5:
        case 9:
          repeated(
              r, floats, [](auto& x) { return x.get_packed_float(); }, [](auto& x) { return x.get_float(); });
          break;
        case 6:
        case 12:
          repeated(
              r, doubles, [](auto& x) { return x.get_packed_double(); }, [](auto& x) { return x.get_double(); });
          break;
        case 7:
        case 13:
          repeated(
              r, ints, [](auto& x) { return x.get_packed_int32(); }, [](auto& x) { return x.get_int32(); });
          break;
        case 8: strings.emplace_back(sv(r.get_view())); break;
        case 10:
          repeated(
              r, ints, [](auto& x) { return x.get_packed_int64(); }, [](auto& x) { return x.get_int64(); });
          break;
        case 11:
          repeated(
              r, ints, [](auto& x) { return x.get_packed_bool(); }, [](auto& x) { return (x.get_uint64() != 0); });
          break;
        case 16:
          repeated(
              r, ints, [](auto& x) { return x.get_packed_uint32(); }, [](auto& x) { return x.get_uint32(); });
          break;
        case 17:
          repeated(
              r, ints, [](auto& x) { return x.get_packed_uint64(); }, [](auto& x) { return x.get_uint64(); });
          break;
        case 18: {
          const auto v = sv(r.get_view());
          bytes8.assign(v.begin(), v.end());
          break;
        }
        default: r.skip();
      }
    }
  } catch (const protozero::exception& e) {
    return diag("TN1002", "a TensorProto is damaged ({})", e.what());
  }
  const auto dtype = dtype_from_tf(type);
  if (!dtype) return diag("TN1006", "a constant has the unknown data type {}", type);
  if (!shape.is_static()) return diag("TN1006", "a constant has the shape [{}]", shape.str());
  const auto dims = shape.to_vector();
  const size_t size = byte_size(*dtype);
  const auto elements = limits::product(dims);
  if (!elements) return diag("TN1006", "a constant has the shape [{}], which is too large", shape.str());
  const auto n = static_cast<size_t>(*elements);

  if (*dtype == DType::String) {
    if (strings.empty() && n) strings.resize(1);
    if (strings.size() < n && n > static_cast<size_t>(limits::spelled_out) >> 4) return diag("TN1006", "a constant claims {} elements without holding them", n);
    const std::string last = strings.empty() ? std::string{} : strings.back();
    strings.resize(n, last);
    return Tensor::strings(dims, strings);
  }
  if (!size) return diag("TN1006", "a constant of type {} cannot be read", tf_name(*dtype));
  if (has_content) {
    if (content.size() != n * size)
      return diag("TN1006", "a constant of {} {} elements holds {} bytes, {} were expected", n, tf_name(*dtype), content.size(), n * size);
    return Tensor::view(*dtype, dims, std::move(owner), content.data(), content.size());
  }
  if (n > static_cast<size_t>(limits::spelled_out)) return diag("TN1006", "a constant claims {} elements without holding them", n);
  const size_t given = std::max({floats.size(), doubles.size(), ints.size(), bytes8.size()});
  const size_t per = *dtype == DType::C64 || *dtype == DType::C128 ? 2 : 1;
  if (given > n * per) return diag("TN1006", "a constant of {} elements lists {}", n, given);
  Tensor t = Tensor::zeros(*dtype, dims);
  if (!given) return t;
  const auto fill = [&]<class T>(const auto& from, T) {
    auto to = t.as_mutable<T>();
    for (size_t i = 0; i < to.size(); ++i) to[i] = static_cast<T>(from[std::min(i, from.size() - 1)]);
  };
  const auto fill_pairs = [&]<class T>(const std::vector<T>& from) {
    auto to = t.as_mutable<T>();
    for (size_t i = 0; i < to.size() && !from.empty(); ++i) to[i] = from[std::min(i, from.size() - 2 + i % 2)];
  };
  if (per == 2 && (floats.size() % 2 || doubles.size() % 2)) return diag("TN1006", "a complex constant lists {} numbers", given);
  if (*dtype == DType::C64) {
    fill_pairs(floats);
  } else if (*dtype == DType::C128) {
    fill_pairs(doubles);
  } else if (*dtype == DType::F16 || *dtype == DType::BF16) {
    if (!ints.empty()) fill(ints, uint16_t{});
  } else if (!bytes8.empty()) {
    fill(bytes8, uint8_t{});
  } else {
    dispatch(*dtype, [&]<class T>(T v) {
      if constexpr (std::is_floating_point_v<T>) {
        if (!floats.empty()) fill(floats, v);
        else if (!doubles.empty()) fill(doubles, v);
      } else {
        if (!ints.empty()) fill(ints, v);
      }
    });
  }
  return t;
}

}  // namespace toucanet
