#include "ops/reduce_max/reduce_max.h"

#include "ir/quant_rule.h"
#include "ops/quantized_reduce.h"

namespace toucanet {
namespace ops::reduce_max {
struct Fn {
  static constexpr DTypes types = number_types;
  template <class T>
  using Acc = T;
  template <class T>
  static T start() {
    if constexpr (std::is_floating_point_v<T>) return -std::numeric_limits<T>::infinity();
    else return std::numeric_limits<T>::lowest();
  }
  template <class T>
  static void add(T& a, T x) {
    if (a < x || x != x) a = x;
  }
  static auto finish(auto a, int64_t) { return a; }
  static std::optional<Dim> none() { return std::nullopt; }
  static Dim dims(const Dim& a, const Dim& b) { return max(a, b); }
};
struct TfliteFn : Fn {
  template <class T>
  static T start() {
    return std::numeric_limits<T>::lowest();
  }
  template <class T>
  static void add(T& a, T x) {
    if (x > a) a = x;
  }
};
int version(const OpView& v) { return v.type(0) == DType::I16 ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
constexpr TfImport imports[] = {{"Max", import_reduce<ReduceMax>, {}, Narrow::Same}};
}  // namespace ops::reduce_max

constinit const OpDef ReduceMax::def = with_quant(
    with_quantized(with_tflite(reduction<ReduceMax, ops::reduce_max::Fn>("reduce_max", "the largest along axes", None, ops::reduce_max::imports,
                                                                         {.builtin = "REDUCE_MAX",
                                                                          .options = "ReducerOptions",
                                                                          .types = {DType::F32, DType::I8, DType::I16, DType::I32, DType::I64, DType::U8},
                                                                          .version = ops::reduce_max::version}),
                               eval_reduce<ops::reduce_max::TfliteFn>),
                   eval_reduce<ops::reduce_max::TfliteFn>, {DType::I8, DType::I16, DType::U8}),
    quant_rules::same);

}  // namespace toucanet
