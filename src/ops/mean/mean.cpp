#include "ops/mean/mean.h"

#include <bit>

#include "ir/quant_rule.h"
#include "ops/quantized_reduce.h"

namespace toucanet {
namespace ops::mean {
struct Fn {
  static constexpr DTypes types = number_types;
  template <class T>
  using Acc = std::conditional_t<std::is_floating_point_v<T>, double, std::conditional_t<std::is_signed_v<T>, int64_t, uint64_t>>;
  template <class T>
  static Acc<T> start() {
    return 0;
  }
  static void add(auto& a, auto x) {
    using A = std::remove_reference_t<decltype(a)>;
    if constexpr (std::is_floating_point_v<A>) a += static_cast<A>(x);
    else a = static_cast<A>(static_cast<uint64_t>(a) + static_cast<uint64_t>(x));
  }
  static auto finish(auto a, int64_t n) {
    if constexpr (std::is_floating_point_v<decltype(a)>) return a / static_cast<double>(n);
    else return n ? static_cast<decltype(a)>(a / static_cast<decltype(a)>(n)) : a;
  }
};
// The division goes into the multiplier, as far as its 31 bits allow.
struct Stored : StoredSum {
  Stored(const Affine& x, const Affine& y, int64_t count) : StoredSum(x, y, count) {
    if (count == 0) return;
    const int32_t bits = std::min({static_cast<int32_t>(std::bit_width(static_cast<uint64_t>(count))) - 1, 32, 31 + multiplier.exponent});
    multiplier = {static_cast<int32_t>((int64_t{multiplier.mantissa} << bits) / count), multiplier.exponent - bits};
  }
};
int version(const OpView& v) { return v.type(0) == DType::I16 ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
constexpr TfImport imports[] = {{"Mean", import_reduce<Mean>}};
}  // namespace ops::mean

constinit const OpDef Mean::def = with_quant(
    with_quantized(reduction<Mean, ops::mean::Fn>(
                       "mean", "mean along axes", Wide, ops::mean::imports,
                       {.builtin = "MEAN", .options = "ReducerOptions", .types = {DType::F32, DType::I32, DType::I64}, .version = ops::mean::version}),
                   eval_reduce_quantized<ops::mean::Stored>, {DType::I8, DType::U8, DType::I16}),
    quant_rules::free);

}  // namespace toucanet
