#include "ops/sum/sum.h"

#include <numeric>

#include "ir/quant_rule.h"
#include "ops/mul/mul.h"
#include "ops/quantized_reduce.h"
#include "ops/square/square.h"

namespace toucanet {
namespace ops::sum {
struct Fn {
  static constexpr DTypes types = number_types;
  template <class T>
  using Acc = WideAcc<T>;
  template <class T>
  static Acc<T> start() {
    return 0;
  }
  static void add(auto& a, auto x) { a += static_cast<std::remove_reference_t<decltype(a)>>(x); }
  static auto finish(auto a, int64_t) { return a; }
  static std::optional<Dim> none() { return Dim(0); }
  static Dim dims(const Dim& a, const Dim& b) { return a + b; }
};
int version(const OpView& v) { return v.type(0) == DType::I8 ? 2 : 1; }
// The optimized kernel rescales in float32.
struct StoredFloat : StoredSum {
  float scale, bias;
  StoredFloat(const Affine& x, const Affine& y, int64_t count)
      : StoredSum(x, y, count), scale(x.scale / y.scale), bias(static_cast<float>(-x.zero_point) * scale * static_cast<float>(count)) {}
  int32_t finish(Acc a) const { return static_cast<int32_t>(std::clamp(std::round(static_cast<float>(static_cast<int32_t>(a)) * scale + bias), -1e9f, 1e9f)); }
};
Status eval_quantized(EvalContext& c) { return c.in(0).dtype == DType::U8 ? eval_reduce_quantized<StoredSum>(c) : eval_reduce_quantized<StoredFloat>(c); }
constexpr Truth truth[] = {{{DType::I8}, "optimized", "the reference kernel reads the data as uint8"},
                           {{DType::I16}, "optimized", "the reference kernel reads the data as bytes, and memory nobody wrote: two runs differ"}};
// Σ x²/2
Expected<std::vector<Value>> from_l2_loss(TfNode& n) {
  const Value x = n.in(0);
  if (!n.failed() && !n.type(x).shape.ranked()) n.refuse("the rank of the operand must be known");
  if (n.failed()) return std::vector<Value>{};
  std::vector<int64_t> axes(n.type(x).shape.rank());
  std::iota(axes.begin(), axes.end(), 0);
  return std::vector<Value>{n.add<Mul>({n.add<Sum>({n.add<Square>({x}), n.ints_constant(axes)}), n.constant(Tensor::scalar(0.5f))})};
}
constexpr TfImport imports[] = {{"Sum", import_reduce<Sum>}, {"L2Loss", from_l2_loss}};
}  // namespace ops::sum

constinit const OpDef Sum::def = with_quant(
    with_truth(with_quantized(reduction<Sum, ops::sum::Fn>(
                                  "sum", "sum along axes", Wide, ops::sum::imports,
                                  {.builtin = "SUM", .options = "ReducerOptions", .types = {DType::F32, DType::I32, DType::I64}, .version = ops::sum::version}),
                              ops::sum::eval_quantized, {DType::I8, DType::U8, DType::I16}),
               ops::sum::truth),
    quant_rules::free);

}  // namespace toucanet
