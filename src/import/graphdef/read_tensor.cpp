#include <algorithm>

#include "import/graphdef/graph_def.h"
#include "import/graphdef/wire.h"
#include "ir/limits.h"

namespace toucanet {

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
