#pragma once
// What TensorFlow's op registry says of the attributes of importable operators; types and numbers of operands are left out.
#include <span>

#include "import/graphdef/graph_def.h"

namespace toucanet {

struct TfAttr {
  std::string_view op, name;
  AttrView::Kind kind;
  std::string_view type;      ///< "int", "list(int)", …
  bool required;              ///< no default
  std::string_view fallback;  ///< the default as text: "NHWC", "1", "true", "[1,1]"
  std::string_view allowed;   ///< of strings: ",SAME,VALID,"; empty: anything
};

/// All of one operator's; empty if it has none.
std::span<const TfAttr> tf_attrs(std::string_view op);
/// Attributes that are missing, of the wrong kind, or not among the allowed values.
Diags check_attrs(const NodeDef&, const std::string& name);

}  // namespace toucanet
