#include "ops/reduce_any/reduce_any.h"

#include "ops/reduce.h"

namespace toucanet {
namespace ops::reduce_any {
struct Fn {
  static constexpr DTypes types{DType::Bool};
  template <class T>
  using Acc = char;  // not bool: references are needed
  template <class T>
  static char start() {
    return false;
  }
  static void add(char& a, bool x) { a = a || x; }
  static bool finish(char a, int64_t) { return a; }
};
constexpr TfImport imports[] = {{"Any", import_reduce<ReduceAny>}};
}  // namespace ops::reduce_any

constinit const OpDef ReduceAny::def =
    reduction<ReduceAny, ops::reduce_any::Fn>("reduce_any", "whether any element along axes is true", None, ops::reduce_any::imports,
                                              {.builtin = "REDUCE_ANY", .options = "ReducerOptions", .types = {DType::Bool}});

}  // namespace toucanet
