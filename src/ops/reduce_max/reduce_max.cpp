#include "ops/reduce_max/reduce_max.h"

#include "ops/reduce_extreme.h"

namespace toucanet {
namespace ops::reduce_max {
constexpr TfImport imports[] = {{"Max", import_reduce<ReduceMax>, {}, Narrow::Same}};
}  // namespace ops::reduce_max

constinit const OpDef ReduceMax::def = extreme<ReduceMax, true>("reduce_max", "the largest along axes", ops::reduce_max::imports, "REDUCE_MAX");

}  // namespace toucanet
