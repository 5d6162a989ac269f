#include "ops/reduce_all/reduce_all.h"

#include "ops/reduce.h"

namespace toucanet {
namespace ops::reduce_all {
struct Fn {
  static constexpr DTypes types{DType::Bool};
  template <class T>
  using Acc = char;  // not bool: references are needed
  template <class T>
  static char start() {
    return true;
  }
  static void add(char& a, bool x) { a = a && x; }
  static bool finish(char a, int64_t) { return a; }
};
constexpr TfImport imports[] = {{"All", import_reduce<ReduceAll>}};
}  // namespace ops::reduce_all

constinit const OpDef ReduceAll::def =
    reduction<ReduceAll, ops::reduce_all::Fn>("reduce_all", "whether every element along axes is true", None, ops::reduce_all::imports,
                                              {.builtin = "REDUCE_ALL", .options = "ReducerOptions", .types = {DType::Bool}});

}  // namespace toucanet
