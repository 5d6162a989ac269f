#include "import/graphdef/graph_def.h"

#include <algorithm>

#include "import/file.h"
#include "import/graphdef/wire.h"
#include "ir/limits.h"

namespace toucanet {
namespace {
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

}  // namespace toucanet
