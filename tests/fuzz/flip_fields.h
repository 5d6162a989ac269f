#pragma once
// Changes of a valid .tflite file that leave it readable: one field of a table, or one aligned word.
#include <cmath>
#include <cstring>
#include <random>

#include "tflite_generated.h"

namespace toucanet {

/// Offsets and lengths are aligned 32-bit words: changes one, keeps the identifier.
inline void flip_word(uint8_t* data, size_t size, unsigned seed) {
  const size_t at = seed / 4 % (size / 4) * 4;
  if (at == 4) return;
  uint32_t word = 0;
  std::memcpy(&word, data + at, 4);
  switch (seed / 64 % 5) {
    case 0: word ^= 1u << (seed / 512 % 32); break;
    case 1: word += 1; break;
    case 2: word -= 1; break;
    case 3: word = static_cast<uint32_t>(-1); break;
    default: std::memcpy(&word, data + seed / 512 % (size / 4) * 4, 4);
  }
  std::memcpy(data + at, &word, 4);
}

class FieldFlips {
  std::mt19937 random_;

  uint32_t pick(uint32_t n) { return static_cast<uint32_t>(random_() % n); }
  template <class T>
  void set(const flatbuffers::Vector<T>* v, T value) {
    if (v && v->size()) std::memcpy(const_cast<uint8_t*>(v->Data()) + pick(v->size()) * sizeof(T), &value, sizeof(T));
  }
  template <class V>
  auto any(const V* v) -> decltype(v->Get(0)) {
    return v && v->size() ? v->Get(pick(v->size())) : nullptr;
  }
  template <class T>
  T one_of(std::initializer_list<T> values) {
    return values.begin()[pick(static_cast<uint32_t>(values.size()))];
  }

  /// Fields that the file leaves out stay so.
  template <class T, class Table>
  void put(const Table& t, flatbuffers::voffset_t field, T value) {
    auto* table = reinterpret_cast<flatbuffers::Table*>(const_cast<Table*>(&t));
    if (table->CheckField(field)) table->SetField<T>(field, value, T{});
  }
  uint32_t near(const auto* list) { return pick((list ? list->size() : 0) + 2); }

  void tensor(const fb::Tensor& t, uint32_t buffers) {
    const auto* q = t.quantization();
    switch (pick(q ? 8 : 4)) {
      case 0: return set(t.shape(), one_of<int32_t>({0, 1, 2, 3, 4, 5, 7, 8, 16, 64, 1000, 1 << 20, -1}));
      case 1: return set(t.shape_signature(), one_of<int32_t>({-1, 0, 1, 5}));
      case 2: return put(t, fb::Tensor::VT_TYPE, static_cast<int8_t>(pick(24)));
      case 3: return put(t, fb::Tensor::VT_BUFFER, pick(buffers + 2));
      case 4: return set(q->scale(), one_of<float>({0.0f, 1.0f, 1e-30f, 1e30f, 0.00390625f, 0.5f, -1.0f, NAN, INFINITY}));
      case 5: return set(q->zero_point(), one_of<int64_t>({0, 1, -128, 127, 255, 32767, -32768, INT32_MAX, INT32_MIN, INT64_MIN}));
      case 6: return put(*q, fb::QuantizationParameters::VT_QUANTIZED_DIMENSION, static_cast<int32_t>(pick(6)) - 1);
      default: return set(q->scale(), static_cast<float>(pick(1000)) * 0.001f);
    }
  }

 public:
  explicit FieldFlips(unsigned seed) : random_(seed) {}

  /// False if the file is not one that can be read.
  bool operator()(uint8_t* data, size_t size) {
    flatbuffers::Verifier verifier(data, size, 64, 100'000);
    if (!fb::VerifyModelBuffer(verifier)) return false;
    const fb::Model& m = *fb::GetModel(data);
    const auto* s = any(m.subgraphs());
    if (!s) return false;
    const int32_t tensors = s->tensors() ? static_cast<int32_t>(s->tensors()->size()) : 0;
    const auto index = [&] { return static_cast<int32_t>(pick(static_cast<uint32_t>(tensors) + 2)) - 1; };
    switch (pick(12)) {
      case 0:
      case 1:
      case 2:
        if (const auto* t = any(s->tensors())) tensor(*t, m.buffers() ? m.buffers()->size() : 0);
        break;
      case 3:
        if (const auto* o = any(s->operators())) set(o->inputs(), index());
        break;
      case 4:
        if (const auto* o = any(s->operators())) set(o->outputs(), index());
        break;
      case 5: pick(2) ? set(s->inputs(), index()) : set(s->outputs(), index()); break;
      case 6:
        if (const auto* b = any(m.buffers()); b && b->data() && b->data()->size() >= 4) {
          const int32_t word = one_of<int32_t>({0, 1, -1, 2, 3, 5, 100, INT32_MAX, INT32_MIN, 0x3f800000, 0x7f800000, 0x7fc00000});
          std::memcpy(const_cast<uint8_t*>(b->data()->data()) + pick(b->data()->size() / 4) * 4, &word, 4);
        }
        break;
      case 7:
        if (const auto* o = any(s->operators())) put(*o, fb::Operator::VT_OPCODE_INDEX, near(m.operator_codes()));
        break;
      case 8:
        if (const auto* c = any(m.operator_codes())) switch (pick(3)) {
            case 0: put(*c, fb::OperatorCode::VT_VERSION, static_cast<int32_t>(pick(9))); break;
            case 1: put(*c, fb::OperatorCode::VT_BUILTIN_CODE, static_cast<int32_t>(pick(220))); break;
            default: put(*c, fb::OperatorCode::VT_DEPRECATED_BUILTIN_CODE, static_cast<int8_t>(pick(128)));
          }
        break;
      case 9:
        if (const auto* d = any(m.signature_defs())) {
          if (pick(3) == 0) put(*d, fb::SignatureDef::VT_SUBGRAPH_INDEX, near(m.subgraphs()));
          else if (const auto* t = any(pick(2) ? d->inputs() : d->outputs())) put(*t, fb::TensorMap::VT_TENSOR_INDEX, near(s->tensors()));
        } else if (const auto* note = any(m.metadata())) {
          put(*note, fb::Metadata::VT_BUFFER, near(m.buffers()));
        }
        break;
      case 10:
        if (const auto* b = any(m.buffers())) {
          const uint64_t value =
              pick(4) ? pick(static_cast<uint32_t>(size) + 64) : one_of<uint64_t>({0, 1, 1ull << 32, 1ull << 63, UINT64_MAX, UINT64_MAX - 64});
          put(*b, pick(2) ? fb::Buffer::VT_OFFSET : fb::Buffer::VT_SIZE, value);
        }
        break;
      default:  // an operator's options: the small fields lie around the table
        if (const auto* o = any(s->operators()); o && o->builtin_options()) {
          auto* at = const_cast<uint8_t*>(static_cast<const uint8_t*>(o->builtin_options())) + 4 + pick(24);
          if (at < data + size) *at = one_of<uint8_t>({0, 1, 2, 3, 4, 5, 255, 128});
        }
    }
    return true;
  }
};

}  // namespace toucanet
