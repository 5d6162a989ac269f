#include "ops/xlogy/xlogy.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::xlogy {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x, auto y) const { return x == 0 ? decltype(x)(0) : x * std::log(y); }
};
constexpr TfImport imports[] = {{"Xlogy", import_plain<Xlogy>}};
}  // namespace ops::xlogy

constinit const OpDef Xlogy::def =
    as_composite(binary("xlogy", "x·log(y), 0 where x is 0", None, ops::xlogy::imports, infer_binary<ops::xlogy::Fn>, eval_binary<ops::xlogy::Fn>, {}));

}  // namespace toucanet
