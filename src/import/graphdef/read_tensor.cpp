#include <algorithm>

#include "import/graphdef/graph_def.h"
#include "import/graphdef/wire.h"
#include "ir/booleans.h"
#include "ir/limits.h"

namespace toucanet {
namespace {

// A TensorProto's fields: the bytes as they lie in memory, or a list by the element's kind.
struct TensorFields {
  int type = 0;
  Shape shape;
  std::string_view content;
  std::vector<float> floats;
  std::vector<double> doubles;
  std::vector<int64_t> ints;
  std::vector<std::string> strings;
  std::vector<uint8_t> bytes;  // float8

  // protozero's exceptions pass.
  explicit TensorFields(std::string_view proto) {
    auto r = reader(proto);
    while (r.next()) read(r);
  }
  size_t given() const { return std::max({floats.size(), doubles.size(), ints.size(), bytes.size()}); }

 private:
  void read(protozero::pbf_reader& r) {
    switch (r.tag()) {
      case 1: type = r.get_enum(); break;
      case 2: shape = read_shape(sv(r.get_view())); break;
      case 4: content = sv(r.get_view()); break;
      case 5:
      case 9:
        return repeated(
            r, floats, [](auto& x) { return x.get_packed_float(); }, [](auto& x) { return x.get_float(); });
      case 6:
      case 12:
        return repeated(
            r, doubles, [](auto& x) { return x.get_packed_double(); }, [](auto& x) { return x.get_double(); });
      case 7:
      case 13:
        return repeated(
            r, ints, [](auto& x) { return x.get_packed_int32(); }, [](auto& x) { return x.get_int32(); });
      case 8: strings.emplace_back(sv(r.get_view())); break;
      case 10:
        return repeated(
            r, ints, [](auto& x) { return x.get_packed_int64(); }, [](auto& x) { return x.get_int64(); });
      case 11:
        return repeated(
            r, ints, [](auto& x) { return x.get_packed_bool(); }, [](auto& x) { return (x.get_uint64() != 0); });
      case 16:
        return repeated(
            r, ints, [](auto& x) { return x.get_packed_uint32(); }, [](auto& x) { return x.get_uint32(); });
      case 17:
        return repeated(
            r, ints, [](auto& x) { return x.get_packed_uint64(); }, [](auto& x) { return x.get_uint64(); });
      case 18: {
        const auto v = sv(r.get_view());
        bytes.assign(v.begin(), v.end());
        break;
      }
      default: r.skip();
    }
  }
};

Diag claims_too_much(size_t n) { return diag("TN1006", "a constant claims {} elements without holding them", n); }

Expected<Tensor> string_tensor(std::vector<std::string> strings, std::vector<int64_t> dims, size_t n) {
  if (strings.empty() && n) strings.resize(1);
  if (strings.size() < n && n > static_cast<size_t>(limits::spelled_out) >> 4) return claims_too_much(n);
  const std::string last = strings.empty() ? std::string{} : strings.back();
  strings.resize(n, last);
  return Tensor::strings(std::move(dims), strings);
}

// The last value of a list repeats.
template <class T, class From>
void fill(Tensor& t, const From& from, T) {
  auto to = t.as_mutable<T>();
  for (size_t i = 0; i < to.size() && !from.empty(); ++i) to[i] = static_cast<T>(from[std::min(i, from.size() - 1)]);
}
template <class T>
void fill_pairs(Tensor& t, const std::vector<T>& from) {
  auto to = t.as_mutable<T>();
  for (size_t i = 0; i < to.size() && !from.empty(); ++i) to[i] = from[std::min(i, from.size() - 2 + i % 2)];
}

// From the list that stands for the type.
void fill(Tensor& t, const TensorFields& f) {
  if (t.dtype == DType::C64) return fill_pairs(t, f.floats);
  if (t.dtype == DType::C128) return fill_pairs(t, f.doubles);
  if (t.dtype == DType::F16 || t.dtype == DType::BF16) return fill(t, f.ints, uint16_t{});
  if (!f.bytes.empty()) return fill(t, f.bytes, uint8_t{});
  dispatch(t.dtype, [&]<class T>(T v) {
    if constexpr (!std::is_floating_point_v<T>) fill(t, f.ints, v);
    else if (!f.floats.empty()) fill(t, f.floats, v);
    else fill(t, f.doubles, v);
  });
}

Expected<Tensor> tensor_of(const TensorFields& f, std::shared_ptr<const void> owner) {
  const auto dtype = dtype_from_tf(f.type);
  if (!dtype) return diag("TN1006", "a constant has the unknown data type {}", f.type);
  if (!f.shape.is_static()) return diag("TN1006", "a constant has the shape [{}]", f.shape.str());
  const auto dims = f.shape.to_vector();
  const auto elements = limits::product(dims);
  if (!elements) return diag("TN1006", "a constant has the shape [{}], which is too large", f.shape.str());
  const auto n = static_cast<size_t>(*elements);
  if (*dtype == DType::String) return string_tensor(f.strings, dims, n);

  const size_t size = byte_size(*dtype);
  if (!size) return diag("TN1006", "a constant of type {} cannot be read", tf_name(*dtype));
  if (!f.content.empty()) {
    if (f.content.size() != n * size)
      return diag("TN1006", "a constant of {} {} elements holds {} bytes, {} were expected", n, tf_name(*dtype), f.content.size(), n * size);
    return with_valid_booleans(Tensor::view(*dtype, dims, std::move(owner), f.content.data(), f.content.size()));
  }
  if (n > static_cast<size_t>(limits::spelled_out)) return claims_too_much(n);
  const size_t per = *dtype == DType::C64 || *dtype == DType::C128 ? 2 : 1;
  if (f.given() > n * per) return diag("TN1006", "a constant of {} elements lists {}", n, f.given());
  if (per == 2 && (f.floats.size() % 2 || f.doubles.size() % 2)) return diag("TN1006", "a complex constant lists {} numbers", f.given());
  Tensor t = Tensor::zeros(*dtype, dims);
  fill(t, f);
  return t;
}

}  // namespace

Expected<Tensor> read_tensor(std::string_view proto, std::shared_ptr<const void> owner) {
  try {
    return tensor_of(TensorFields(proto), std::move(owner));
  } catch (const protozero::exception& e) {
    return diag("TN1002", "a TensorProto is damaged ({})", e.what());
  }
}

}  // namespace toucanet
