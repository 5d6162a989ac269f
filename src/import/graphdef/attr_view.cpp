#include "import/graphdef/graph_def.h"
#include "import/graphdef/wire.h"

namespace toucanet {

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

}  // namespace toucanet
