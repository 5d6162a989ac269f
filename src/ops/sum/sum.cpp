#include "ops/sum/sum.h"

#include "ops/quantized_reduce.h"

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
constexpr Truth truth[] = {{{DType::I8}, "optimized", "the reference kernel reads the data as uint8"},
                           {{DType::I16}, "optimized", "the reference kernel reads the data as bytes, and memory nobody wrote: two runs differ"}};
constexpr TfImport imports[] = {{"Sum", import_reduce<Sum>}};
}  // namespace ops::sum

constinit const OpDef Sum::def =
    with_truth(with_quantized(reduction<Sum, ops::sum::Fn>(
                                  "sum", "sum along axes", Wide, ops::sum::imports,
                                  {.builtin = "SUM", .options = "ReducerOptions", .types = {DType::F32, DType::I32, DType::I64}, .version = ops::sum::version}),
                              eval_reduce_quantized<StoredSum>, {DType::I8, DType::U8, DType::I16}),
               ops::sum::truth);

}  // namespace toucanet
