#include "ops/sub/sub.h"

#include "ops/arithmetic.h"

namespace toucanet {
namespace ops::sub {
struct Fn {
  static constexpr DTypes types = number_types;
  auto operator()(auto x, auto y) const {
    if constexpr (std::is_integral_v<decltype(x)>) {  // wraps
      return static_cast<decltype(x)>(static_cast<uint64_t>(x) - static_cast<uint64_t>(y));
    } else {
      return x - y;
    }
  }
  static Dim dims(const Dim& a, const Dim& b) { return a - b; }
};

constexpr TfImport imports[] = {{"Sub", import_plain<Sub>}};
int version(const OpView& v) { return v.type(0) == DType::I64 ? 4 : broadcasts_beyond(v, 4) ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
}  // namespace ops::sub

constinit const OpDef Sub::def = arithmetic<Sub, ops::sub::Fn>(
    "sub", "x − y, element by element", None, ops::sub::imports,
    {.builtin = "SUB", .options = "SubOptions", .types = {DType::F32, DType::I32, DType::I64}, .max_rank = 6, .version = ops::sub::version});

}  // namespace toucanet
