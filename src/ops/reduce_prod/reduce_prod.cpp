#include "ops/reduce_prod/reduce_prod.h"

#include <cmath>

#include "ir/quant_rule.h"
#include "ops/quantized_reduce.h"
#include "ops/shape_of/shape_of.h"

namespace toucanet {
namespace ops::reduce_prod {
struct Fn {
  static constexpr DTypes types = number_types;
  template <class T>
  using Acc = std::conditional_t<std::is_floating_point_v<T>, T, uint64_t>;
  template <class T>
  static Acc<T> start() {
    return 1;
  }
  static void add(auto& a, auto x) { a *= static_cast<std::remove_reference_t<decltype(a)>>(x); }
  static auto finish(auto a, int64_t) { return a; }
  static std::optional<Dim> none() { return Dim(1); }
  static Dim dims(const Dim& a, const Dim& b) { return a * b; }
};
// Every factor is rescaled, so that the product stays within 32 bits.
struct Stored {
  struct Acc {
    int32_t product = 0;
    bool any = false;
  };
  FixedMultiplier multiplier;
  int32_t zero;
  Stored(const Affine& x, const Affine& y, int64_t count)
      : multiplier(quantize_multiplier(static_cast<double>(x.scale) / std::pow(static_cast<double>(y.scale), 1.0 / static_cast<double>(count)))),
        zero(x.zero_point) {}
  void add(Acc& a, int32_t x) const {
    a.product = a.any ? multiply_by_quantized_multiplier_64(int64_t{a.product} * (x - zero), multiplier) : x - zero;
    a.any = true;
  }
  int32_t finish(const Acc& a) const { return multiply_by_quantized_multiplier_64(a.product, multiplier); }
};
int version(const OpView& v) { return v.type(0) == DType::I8 || v.type(0) == DType::I16 ? 2 : 1; }
// The number of elements.
Expected<std::vector<Value>> from_size(TfNode& n) {
  const Value x = n.in(0);
  const Value shape = n.add<ShapeOf>({x}, {.out_type = n.dtype("out_type", DType::I32)});
  return std::vector<Value>{n.add<ReduceProd>({shape, n.ints_constant({0})})};
}
constexpr TfImport imports[] = {{"Prod", import_reduce<ReduceProd>}, {"Size", from_size, {}, Narrow::Same}};
}  // namespace ops::reduce_prod

constinit const OpDef ReduceProd::def = with_quant(
    with_quantized(
        reduction<ReduceProd, ops::reduce_prod::Fn>(
            "reduce_prod", "product along axes", Wide, ops::reduce_prod::imports,
            {.builtin = "REDUCE_PROD", .options = "ReducerOptions", .types = {DType::F32, DType::I32, DType::I64}, .version = ops::reduce_prod::version}),
        eval_reduce_quantized<ops::reduce_prod::Stored>, {DType::I8, DType::I16}),
    quant_rules::free);

}  // namespace toucanet
