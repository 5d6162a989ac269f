#include "ops/xdivy/xdivy.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::xdivy {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x, auto y) const { return x == 0 ? decltype(x)(0) : x / y; }
};
constexpr TfImport imports[] = {{"Xdivy", import_plain<Xdivy>}};
}  // namespace ops::xdivy

constinit const OpDef Xdivy::def =
    as_composite(binary("xdivy", "x / y, 0 where x is 0", None, ops::xdivy::imports, infer_binary<ops::xdivy::Fn>, eval_binary<ops::xdivy::Fn>, {}));

}  // namespace toucanet
