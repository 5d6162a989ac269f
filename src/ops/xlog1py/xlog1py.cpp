#include "ops/xlog1py/xlog1py.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::xlog1py {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x, auto y) const { return x == 0 ? decltype(x)(0) : x * std::log1p(y); }
};
constexpr TfImport imports[] = {{"Xlog1py", import_plain<Xlog1py>}};
}  // namespace ops::xlog1py

constinit const OpDef Xlog1py::def = as_composite(
    binary("xlog1py", "x·log(1 + y), 0 where x is 0", None, ops::xlog1py::imports, infer_binary<ops::xlog1py::Fn>, eval_binary<ops::xlog1py::Fn>, {}));

}  // namespace toucanet
