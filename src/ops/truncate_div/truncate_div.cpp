#include "ops/truncate_div/truncate_div.h"

#include "ops/div/div.h"
#include "ops/limits.h"

namespace toucanet {
namespace ops::truncate_div {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x, auto y) const { return std::trunc(x / y); }
};
Expected<std::vector<Value>> from_tf(TfNode& n) {
  const Value x = n.in(0), y = n.in(1);
  if (n.failed()) return std::vector<Value>{};
  return std::vector<Value>{is_float(n.type(x).dtype) ? n.add<TruncateDiv>({x, y}) : n.add<Div>({x, y})};
}
constexpr TfImport imports[] = {{"TruncateDiv", from_tf}};
}  // namespace ops::truncate_div

constinit const OpDef TruncateDiv::def = as_composite(binary("truncate_div", "x / y rounded towards zero, on floats", None, ops::truncate_div::imports,
                                                             infer_binary<ops::truncate_div::Fn>, eval_binary<ops::truncate_div::Fn>, {}));

}  // namespace toucanet
