#include "ops/mul/mul.h"

#include "ops/arithmetic.h"

namespace toucanet {
namespace ops::mul {
struct Fn {
  static constexpr DTypes types = number_types;
  auto operator()(auto x, auto y) const {
    if constexpr (std::is_integral_v<decltype(x)>) {  // wraps
      return static_cast<decltype(x)>(static_cast<uint64_t>(x) * static_cast<uint64_t>(y));
    } else {
      return x * y;
    }
  }
  static Dim dims(const Dim& a, const Dim& b) { return a * b; }
};

constexpr TfImport imports[] = {{"Mul", import_plain<Mul>}};
int version(const OpView& v) { return v.type(0) == DType::I64 ? 5 : v.type(0) == DType::I8 ? 2 : 1; }
}  // namespace ops::mul

constinit const OpDef Mul::def = arithmetic<Mul, ops::mul::Fn>(
    "mul", "x·y, element by element", Commutative, ops::mul::imports,
    {.builtin = "MUL", .options = "MulOptions", .types = {DType::F32, DType::I32, DType::I64}, .max_rank = 6, .version = ops::mul::version});

}  // namespace toucanet
