#pragma once
// The wire format of protocol buffers, for the readers of this folder alone. Damage throws protozero::exception.
#include <protozero/exception.hpp>

#include "ir/type.h"

// A field of another wire type than the schema's is damage, not a mistake of ours.
#define protozero_assert(x)                                    \
  if (!(x)) throw protozero::unknown_pbf_wire_type_exception { \
    }
#include <protozero/pbf_reader.hpp>

namespace toucanet {

using protozero::pbf_reader;
inline std::string_view sv(protozero::data_view d) { return {d.data(), d.size()}; }
inline pbf_reader reader(std::string_view s) { return pbf_reader(s.data(), s.size()); }

// AttrValue is a oneof: the last one set counts.
template <class F>
void each_field(std::string_view bytes, F f) {
  auto r = reader(bytes);
  while (r.next())
    if (!f(r)) r.skip();
}

inline Shape read_shape(std::string_view bytes) {
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

// A repeated scalar, packed or not, of AttrValue.ListValue or TensorProto.
template <class T, class Packed, class One>
void repeated(pbf_reader& r, std::vector<T>& out, Packed packed, One one) {
  if (r.wire_type() == protozero::pbf_wire_type::length_delimited)
    for (auto v : packed(r)) out.push_back(static_cast<T>(v));
  else out.push_back(static_cast<T>(one(r)));
}

}  // namespace toucanet
