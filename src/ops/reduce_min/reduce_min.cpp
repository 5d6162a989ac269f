#include "ops/reduce_min/reduce_min.h"

#include "ops/reduce_extreme.h"

namespace toucanet {
namespace ops::reduce_min {
constexpr TfImport imports[] = {{"Min", import_reduce<ReduceMin>, {}, Narrow::Same}};
}  // namespace ops::reduce_min

constinit const OpDef ReduceMin::def = extreme<ReduceMin, false>("reduce_min", "the smallest along axes", ops::reduce_min::imports, "REDUCE_MIN");

}  // namespace toucanet
