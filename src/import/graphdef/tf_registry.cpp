#include "import/graphdef/tf_registry.h"

#include <algorithm>

namespace toucanet {

static constexpr TfAttr registry[] = {
#include "import/graphdef/tf_registry.inc"
};

std::span<const TfAttr> tf_attrs(std::string_view op) {
  const auto first = std::lower_bound(std::begin(registry), std::end(registry), op, [](const TfAttr& a, std::string_view o) { return a.op < o; });
  const auto last = std::find_if(first, std::end(registry), [&](const TfAttr& a) { return a.op != op; });
  return {first, last};
}

Diags check_attrs(const NodeDef& n, const std::string& name) {
  Diags problems;
  for (const TfAttr& a : tf_attrs(n.op)) {
    const AttrView* v = n.attr(a.name);
    if (!v) {
      if (a.required) problems.push_back(diag("TN2003", "{} '{}': the attribute '{}' is missing", n.op, name, a.name).at(name));
      continue;
    }
    const auto kind = v->kind();
    if (kind != a.kind && kind != AttrView::Kind::None) {
      problems.push_back(diag("TN2003", "{} '{}': the attribute '{}' is of the wrong kind, it must be {}", n.op, name, a.name, a.type).at(name));
    } else if (!a.allowed.empty() && a.allowed.find("," + std::string(v->s()) + ",") == a.allowed.npos) {
      problems.push_back(
          diag("TN2003", "{} '{}': the attribute '{}' is '{}', it must be one of {}", n.op, name, a.name, v->s(), a.allowed.substr(1, a.allowed.size() - 2))
              .at(name));
    }
  }
  return problems;
}

}  // namespace toucanet
