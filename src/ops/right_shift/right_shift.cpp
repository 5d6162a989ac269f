#include "ops/right_shift/right_shift.h"

#include "ops/limits.h"

namespace toucanet {
namespace ops::right_shift {
struct Fn {
  static constexpr DTypes types{DType::I8, DType::I16, DType::I32, DType::I64, DType::U8, DType::U16, DType::U32, DType::U64};
  auto operator()(auto x, auto y) const {
    using T = decltype(x);
    constexpr auto most = static_cast<T>(sizeof(T) * 8 - 1);
    return static_cast<T>(x >> (y < T(0) ? T(0) : y > most ? most : y));
  }
};
constexpr TfImport imports[] = {{"RightShift", import_plain<RightShift>}};
}  // namespace ops::right_shift

constinit const OpDef RightShift::def =
    binary("right_shift", "x shifted right by y bits", None, ops::right_shift::imports, infer_binary<ops::right_shift::Fn>, eval_binary<ops::right_shift::Fn>,
           {.builtin = "RIGHT_SHIFT",
            .options = "RightShiftOptions",
            .types = {DType::I8, DType::I16, DType::I32, DType::U8, DType::U16, DType::U32},
            .refuses = broadcasts_at_most<4>});

}  // namespace toucanet
