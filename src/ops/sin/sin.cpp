#include "ops/sin/sin.h"

#include "ops/cos/cos.h"
#include "ops/div/div.h"
#include "ops/elementwise.h"

namespace toucanet {
namespace ops::sin {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return std::sin(x); }
};
Expected<std::vector<Value>> from_tan(TfNode& n) {
  const Value x = n.in(0);
  return std::vector<Value>{n.add<Div>({n.add<Sin>({x}), n.add<Cos>({x})})};
}
constexpr TfImport imports[] = {{"Sin", import_plain<Sin>, {}, Narrow::Rounded}, {"Tan", from_tan}};
}  // namespace ops::sin

constinit const OpDef Sin::def = unary("sin", "sine", ops::sin::imports, eval_unary<ops::sin::Fn>, {.builtin = "SIN", .types = {DType::F32}});

}  // namespace toucanet
