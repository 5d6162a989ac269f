#include "ops/log/log.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::log {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x) const { return std::log(x); }
};
constexpr TfImport imports[] = {{"Log", import_plain<Log>}};
}  // namespace ops::log

constinit const OpDef Log::def = unary("log", "natural logarithm", ops::log::imports, eval_unary<ops::log::Fn>, {.builtin = "LOG", .types = {DType::F32}});

}  // namespace toucanet
