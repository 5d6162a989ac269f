#include "export/options.h"

#include <bit>
#include <unordered_map>

#include "tflite_generated.h"

namespace toucanet {
namespace {
using flatbuffers::ElementaryType;
using flatbuffers::TypeTable;

// Names of a long table → index.
std::unordered_map<std::string_view, int> names_of(const TypeTable& t) {
  std::unordered_map<std::string_view, int> m;
  for (size_t i = 0; i < t.num_elems; ++i) m.emplace(t.names[i], static_cast<int>(i));
  return m;
}
int index_of(const TypeTable& t, std::string_view name) {
  for (size_t i = 0; i < t.num_elems; ++i)
    if (t.names[i] == name) return static_cast<int>(i);
  return -1;
}
int enum_value(const TypeTable& t, int index) { return t.values ? static_cast<int>(t.values[index]) : index; }

struct OptionsTable {
  int type = 0;
  bool second = false;
  const TypeTable* fields = nullptr;
};
OptionsTable table(std::string_view name) {
  static const auto all = [] {
    std::unordered_map<std::string_view, OptionsTable> m;
    bool second = false;
    for (const auto* u : {fb::BuiltinOptionsTypeTable(), fb::BuiltinOptions2TypeTable()}) {
      for (size_t i = 1; i < u->num_elems; ++i)
        m.try_emplace(u->names[i], OptionsTable{enum_value(*u, static_cast<int>(i)), second, u->type_refs[u->type_codes[i].sequence_ref]()});
      second = true;
    }
    return m;
  }();
  const auto it = all.find(name);
  return it == all.end() ? OptionsTable{} : it->second;
}
flatbuffers::voffset_t slot(int i) { return static_cast<flatbuffers::voffset_t>(4 + 2 * i); }

template <class T>
T& ref(const FieldRef& f) {
  return *static_cast<T*>(f.p);
}

int64_t integer_of(const FieldRef& f) {
  switch (f.kind) {
    case FieldKind::Bool: return ref<bool>(f);
    case FieldKind::I8:
    case FieldKind::Enum: return ref<int8_t>(f);
    case FieldKind::I32: return ref<int32_t>(f);
    case FieldKind::I64: return ref<int64_t>(f);
    case FieldKind::DType: return tensor_type(ref<DType>(f));
    case FieldKind::Graph: return ref<GraphRef>(f).index;
    default: return 0;
  }
}
bool set_integer(const FieldRef& f, int64_t v) {
  switch (f.kind) {
    case FieldKind::Bool: return ref<bool>(f) = v != 0, true;
    case FieldKind::I8: return ref<int8_t>(f) = static_cast<int8_t>(v), true;
    case FieldKind::Enum: return ref<int8_t>(f) = static_cast<int8_t>(v), v >= 0 && static_cast<size_t>(v) < f.enum_names.size();
    case FieldKind::I32: return ref<int32_t>(f) = static_cast<int32_t>(v), true;
    case FieldKind::I64: return ref<int64_t>(f) = v, true;
    case FieldKind::Graph: return ref<GraphRef>(f).index = static_cast<int32_t>(v), true;
    case FieldKind::DType: {
      const auto t = dtype_of_tensor_type(static_cast<int>(v));
      if (t) ref<DType>(f) = *t;
      return t.has_value();
    }
    default: return false;
  }
}

// What a reader takes for a number that a table lacks: 0 but for these.
bool default_is_one(std::string_view table, std::string_view field) {
  if (table == "Conv2DOptions" || table == "Conv3DOptions" || table == "DepthwiseConv2DOptions") return field.starts_with("dilation_");
  return ((table == "AddOptions" || table == "SubOptions") && field == "pot_scale_int16") ||
         (table == "BidirectionalSequenceLSTMOptions" && field == "time_major");
}
// Readers agree on what it is without being told, ours too: it takes the attributes' own defaults.
bool goes_without_saying(const FieldRef& f, const FieldRef& attribute_default, std::string_view table) {
  if (f.kind == FieldKind::F32) return std::bit_cast<uint32_t>(ref<float>(f)) == 0 && ref<float>(attribute_default) == 0;
  const int64_t v = integer_of(f);
  return v == integer_of(attribute_default) && v == (default_is_one(table, f.name) ? 1 : 0);
}
}  // namespace

static int schema_tensor_type(DType t) {
  const std::string_view tf = t == DType::F8E4M3FN ? "FLOAT8_E4M3FN" : t == DType::F8E5M2 ? "FLOAT8_E5M2" : tf_name(t);
  std::string upper;
  for (char c : tf) upper += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const auto& e = *fb::TensorTypeTypeTable();
  const int i = index_of(e, upper);
  return i < 0 ? -1 : enum_value(e, i);
}
int tensor_type(DType t) {
  static const std::vector<int> all = [] {
    std::vector<int> v;
    for (size_t i = 0; i < dtype_count; ++i) v.push_back(schema_tensor_type(static_cast<DType>(i)));
    return v;
  }();
  return all[static_cast<size_t>(t)];
}
std::optional<DType> dtype_of_tensor_type(int v) {
  for (size_t i = 0; i < dtype_count; ++i)
    if (tensor_type(static_cast<DType>(i)) == v) return static_cast<DType>(i);
  return std::nullopt;
}

int builtin_code(std::string_view name) {
  static const auto names = names_of(*fb::BuiltinOperatorTypeTable());
  const auto it = names.find(name);
  return it == names.end() ? -1 : enum_value(*fb::BuiltinOperatorTypeTable(), it->second);
}
std::string_view builtin_name(int code) {
  const auto& e = *fb::BuiltinOperatorTypeTable();
  for (size_t i = 0; i < e.num_elems; ++i)
    if (enum_value(e, static_cast<int>(i)) == code) return e.names[i];
  return {};
}

WrittenOptions options_type(std::string_view name) {
  const OptionsTable t = table(name);
  return {t.type, t.second, 0};
}

Expected<WrittenOptions> write_options(flatbuffers::FlatBufferBuilder& b, std::string_view name, const Attrs& attrs) {
  WrittenOptions w = options_type(name);
  const TypeTable* t = table(name).fields;
  if (!t) return diag("TN9001", "the schema has no options table '{}'", name);
  const auto fields = attrs.fields();
  const auto fresh = attrs.ops().make();
  const auto defaults = attrs.ops().fields(fresh.get());
  std::vector<flatbuffers::uoffset_t> children(fields.size());
  std::vector<int> slots(fields.size(), -1);
  for (size_t i = 0; i < fields.size(); ++i) {
    const FieldRef& f = fields[i];
    slots[i] = index_of(*t, f.name);
    if (slots[i] < 0) continue;
    const auto code = t->type_codes[slots[i]];
    if (f.kind == FieldKind::String) children[i] = b.CreateString(ref<std::string>(f)).o;
    if (f.kind == FieldKind::Floats) children[i] = b.CreateVector(ref<std::vector<float>>(f)).o;
    if (f.kind == FieldKind::Bytes) children[i] = b.CreateVector(ref<Bytes>(f).data).o;
    if (f.kind == FieldKind::Ints) {
      const auto& v = ref<std::vector<int64_t>>(f);
      children[i] = code.base_type == flatbuffers::ET_LONG ? b.CreateVector(v).o : b.CreateVector(std::vector<int32_t>(v.begin(), v.end())).o;
    }
  }
  const auto start = b.StartTable();
  for (size_t i = 0; i < fields.size(); ++i) {
    if (slots[i] < 0) continue;
    const FieldRef& f = fields[i];
    const auto at = slot(slots[i]);
    const auto code = t->type_codes[slots[i]];
    if (children[i]) {
      b.AddOffset(at, flatbuffers::Offset<void>(children[i]));
    } else if (goes_without_saying(f, defaults[i], name)) {
      continue;
    } else if (f.kind == FieldKind::F32) {
      b.AddElement<float>(at, ref<float>(f));
    } else {
      const int64_t v = integer_of(f);
      switch (code.base_type) {
        case flatbuffers::ET_BOOL:
        case flatbuffers::ET_UCHAR: b.AddElement<uint8_t>(at, static_cast<uint8_t>(v)); break;
        case flatbuffers::ET_CHAR: b.AddElement<int8_t>(at, static_cast<int8_t>(v)); break;
        case flatbuffers::ET_INT:
        case flatbuffers::ET_UINT: b.AddElement<int32_t>(at, static_cast<int32_t>(v)); break;
        case flatbuffers::ET_LONG:
        case flatbuffers::ET_ULONG: b.AddElement<int64_t>(at, v); break;
        default: return diag("TN9001", "the field '{}' of '{}' cannot be written", f.name, name);
      }
    }
  }
  w.offset = b.EndTable(start);
  return w;
}

Status read_options(const flatbuffers::Table& o, std::string_view name, const std::vector<FieldRef>& fields) {
  const TypeTable* t = table(name).fields;
  if (!t) return diag("TN9001", "the schema has no options table '{}'", name);
  for (const FieldRef& f : fields) {
    const int i = index_of(*t, f.name);
    if (i < 0 || !o.CheckField(slot(i))) continue;
    const auto at = slot(i);
    const auto code = t->type_codes[i];
    if (code.is_repeating) {
      if (f.kind == FieldKind::Floats) {
        const auto* v = o.GetPointer<const flatbuffers::Vector<float>*>(at);
        ref<std::vector<float>>(f).assign(v->begin(), v->end());
      } else if (f.kind == FieldKind::Bytes) {
        const auto* v = o.GetPointer<const flatbuffers::Vector<uint8_t>*>(at);
        ref<Bytes>(f).data.assign(v->begin(), v->end());
      } else if (code.base_type == flatbuffers::ET_LONG) {
        const auto* v = o.GetPointer<const flatbuffers::Vector<int64_t>*>(at);
        ref<std::vector<int64_t>>(f).assign(v->begin(), v->end());
      } else {
        const auto* v = o.GetPointer<const flatbuffers::Vector<int32_t>*>(at);
        ref<std::vector<int64_t>>(f).assign(v->begin(), v->end());
      }
      continue;
    }
    if (f.kind == FieldKind::String) {
      ref<std::string>(f) = o.GetPointer<const flatbuffers::String*>(at)->str();
      continue;
    }
    if (f.kind == FieldKind::F32) {
      ref<float>(f) = o.GetField<float>(at, 0);
      continue;
    }
    int64_t v = 0;
    switch (code.base_type) {
      case flatbuffers::ET_BOOL:
      case flatbuffers::ET_UCHAR: v = o.GetField<uint8_t>(at, 0); break;
      case flatbuffers::ET_CHAR: v = int{o.GetField<int8_t>(at, 0)}; break;
      case flatbuffers::ET_INT: v = o.GetField<int32_t>(at, 0); break;
      case flatbuffers::ET_UINT: v = o.GetField<uint32_t>(at, 0); break;
      case flatbuffers::ET_LONG:
      case flatbuffers::ET_ULONG: v = o.GetField<int64_t>(at, 0); break;
      default: return diag("TN1104", "the field '{}' of '{}' cannot be read", f.name, name);
    }
    if (!set_integer(f, v)) return diag("TN1104", "the field '{}' of '{}' has the unknown value {}", f.name, name, v);
  }
  return ok();
}

}  // namespace toucanet
