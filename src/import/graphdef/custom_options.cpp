#include "import/graphdef/custom_options.h"

#include <flatbuffers/flexbuffers.h>

namespace toucanet {

Bytes custom_options(const NodeDef& n) {
  flexbuffers::Builder b;
  b.Map([&] {
    for (const auto& attr : n.attrs) {
      const std::string k(attr.first);
      const AttrView& a = attr.second;
      if (k.starts_with("_")) continue;
      switch (a.kind()) {
        case AttrView::Kind::S: b.String(k.c_str(), std::string(a.s())); break;
        case AttrView::Kind::I: b.Int(k.c_str(), a.i()); break;
        case AttrView::Kind::F: b.Float(k.c_str(), a.f()); break;
        case AttrView::Kind::B: b.Bool(k.c_str(), a.b()); break;
        case AttrView::Kind::Type: b.Int(k.c_str(), a.type()); break;
        case AttrView::Kind::List:
          b.Vector(k.c_str(), [&] {
            for (int64_t v : a.list_i()) b.Int(v);
            for (float v : a.list_f()) b.Float(v);
            for (auto v : a.list_s()) b.String(std::string(v));
            for (int v : a.list_type()) b.Int(v);
          });
          break;
        default: break;
      }
    }
  });
  b.Finish();
  return {b.GetBuffer()};
}

}  // namespace toucanet
