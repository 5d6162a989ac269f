#pragma once
// Attributes of an operator are a plain struct with one field list; printing, parsing, comparing and
// the options tables of .tflite derive from it. Field names are those of the options table where there is one.
#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ir/dtype.h"

namespace toucanet {

/// Index of a graph in the module.
struct GraphRef {
  int32_t index = -1;
  bool operator==(const GraphRef&) const = default;
};
/// Opaque bytes (custom options).
struct Bytes {
  std::vector<uint8_t> data;
  bool operator==(const Bytes&) const = default;
};

/// Names of an enumeration that is an attribute; the values are those of the .tflite schema.
template <class E>
struct EnumNames;

enum class Padding : int8_t { Same, Valid };
template <>
struct EnumNames<Padding> {
  static constexpr std::string_view names[] = {"same", "valid"};
};
enum class Activation : int8_t { None, Relu, ReluN1To1, Relu6, Tanh, SignBit };
template <>
struct EnumNames<Activation> {
  static constexpr std::string_view names[] = {"none", "relu", "relu_n1_to_1", "relu6", "tanh", "sign_bit"};
};
enum class MirrorPadMode : int8_t { Reflect, Symmetric };
template <>
struct EnumNames<MirrorPadMode> {
  static constexpr std::string_view names[] = {"reflect", "symmetric"};
};

template <class T>
concept AttrEnum = requires {
  EnumNames<T>::names;
};

/// How one field is stored, for readers and writers of options tables.
enum class FieldKind : uint8_t { Bool, I8, I32, I64, F32, DType, Enum, Graph, String, Ints, Floats, Bytes };

struct FieldRef {
  std::string_view name;
  FieldKind kind;
  std::span<const std::string_view> enum_names;
  void* p;  ///< bool, int8 (Enum), int32, int64, float, DType, GraphRef, std::string, vector<int64/float>, Bytes
};

template <class T>
constexpr FieldKind kind_of() {
  if constexpr (std::is_same_v<T, bool>) return FieldKind::Bool;
  else if constexpr (std::is_same_v<T, int32_t>) return FieldKind::I32;
  else if constexpr (std::is_same_v<T, int64_t>) return FieldKind::I64;
  else if constexpr (std::is_same_v<T, float>) return FieldKind::F32;
  else if constexpr (std::is_same_v<T, DType>) return FieldKind::DType;
  else if constexpr (AttrEnum<T>) return FieldKind::Enum;
  else if constexpr (std::is_same_v<T, GraphRef>) return FieldKind::Graph;
  else if constexpr (std::is_same_v<T, std::string>) return FieldKind::String;
  else if constexpr (std::is_same_v<T, std::vector<int64_t>>) return FieldKind::Ints;
  else if constexpr (std::is_same_v<T, std::vector<float>>) return FieldKind::Floats;
  else if constexpr (std::is_same_v<T, Bytes>) return FieldKind::Bytes;
  else static_assert(sizeof(T) == 0, "not an attribute type");
}

template <class T>
FieldRef field_ref(std::string_view name, T& member) {
  FieldRef f{name, kind_of<T>(), {}, &member};
  if constexpr (AttrEnum<T>) f.enum_names = EnumNames<T>::names;
  return f;
}

#define TOUCANET_EACH_1(M, a) M(a)
#define TOUCANET_EACH_2(M, a, ...) M(a) TOUCANET_EACH_1(M, __VA_ARGS__)
#define TOUCANET_EACH_3(M, a, ...) M(a) TOUCANET_EACH_2(M, __VA_ARGS__)
#define TOUCANET_EACH_4(M, a, ...) M(a) TOUCANET_EACH_3(M, __VA_ARGS__)
#define TOUCANET_EACH_5(M, a, ...) M(a) TOUCANET_EACH_4(M, __VA_ARGS__)
#define TOUCANET_EACH_6(M, a, ...) M(a) TOUCANET_EACH_5(M, __VA_ARGS__)
#define TOUCANET_EACH_7(M, a, ...) M(a) TOUCANET_EACH_6(M, __VA_ARGS__)
#define TOUCANET_EACH_8(M, a, ...) M(a) TOUCANET_EACH_7(M, __VA_ARGS__)
#define TOUCANET_EACH_9(M, a, ...) M(a) TOUCANET_EACH_8(M, __VA_ARGS__)
#define TOUCANET_EACH_10(M, a, ...) M(a) TOUCANET_EACH_9(M, __VA_ARGS__)
#define TOUCANET_PICK(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, N, ...) N
#define TOUCANET_EACH(M, ...)                                                                                                                        \
  TOUCANET_PICK(__VA_ARGS__, TOUCANET_EACH_10, TOUCANET_EACH_9, TOUCANET_EACH_8, TOUCANET_EACH_7, TOUCANET_EACH_6, TOUCANET_EACH_5, TOUCANET_EACH_4, \
                TOUCANET_EACH_3, TOUCANET_EACH_2, TOUCANET_EACH_1)                                                                                   \
  (M, __VA_ARGS__)
#define TOUCANET_FIELD(a) fs.push_back(::toucanet::field_ref(#a, a));
/// The field list of a struct called Attrs: comparison and everything else follows from it.
#define TOUCANET_FIELDS(...)                              \
  bool operator==(const Attrs&) const = default;          \
  std::vector<::toucanet::FieldRef> fields() {            \
    std::vector<::toucanet::FieldRef> fs;                 \
    TOUCANET_EACH(TOUCANET_FIELD, __VA_ARGS__) return fs; \
  }
struct NoAttrs {
  bool operator==(const NoAttrs&) const = default;
  std::vector<FieldRef> fields() { return {}; }
};

/// Type-erased operations of one attribute struct.
struct AttrOps {
  std::shared_ptr<void> (*make)();
  std::shared_ptr<void> (*clone)(const void*);
  bool (*equal)(const void*, const void*);
  /// References into the struct; write only to one that is not shared yet.
  std::vector<FieldRef> (*fields)(void*);
};
template <class A>
inline constexpr AttrOps attr_ops = {
    [] { return std::shared_ptr<void>(std::make_shared<A>()); },
    [](const void* p) { return std::shared_ptr<void>(std::make_shared<A>(*static_cast<const A*>(p))); },
    [](const void* a, const void* b) { return *static_cast<const A*>(a) == *static_cast<const A*>(b); },
    [](void* p) { return static_cast<A*>(p)->fields(); },
};

/// Immutable, shared attribute values.
class Attrs {
  const AttrOps* ops_ = &attr_ops<NoAttrs>;
  std::shared_ptr<const void> p_;

 public:
  Attrs() = default;
  Attrs(const AttrOps& ops, std::shared_ptr<const void> p) : ops_(&ops), p_(std::move(p)) {}
  template <class A>
  static Attrs of(A a) {
    if constexpr (std::is_same_v<A, NoAttrs>) return Attrs();
    else return Attrs(attr_ops<A>, std::make_shared<const A>(std::move(a)));
  }
  template <class A>
  const A& as() const {
    static const A none{};
    return p_ ? *static_cast<const A*>(p_.get()) : none;
  }
  const AttrOps& ops() const { return *ops_; }
  const void* raw() const { return p_.get(); }
  bool empty() const { return !p_; }
  bool operator==(const Attrs& o) const { return p_ == o.p_ || (ops_ == o.ops_ && p_ && o.p_ && ops_->equal(p_.get(), o.p_.get())); }
  /// Read-only views of the fields.
  std::vector<FieldRef> fields() const { return p_ ? ops_->fields(const_cast<void*>(p_.get())) : std::vector<FieldRef>{}; }
  /// "padding=valid, stride_w=2": the fields that differ from the defaults.
  std::string str() const;
};

/// Prints one field's value; parses what was printed (false: malformed).
std::string print(const FieldRef&);
bool parse(const FieldRef&, std::string_view text);

}  // namespace toucanet
