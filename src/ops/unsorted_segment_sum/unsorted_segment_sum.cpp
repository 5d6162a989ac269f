#include "ops/unsorted_segment_sum/unsorted_segment_sum.h"

#include "ops/cast/cast.h"
#include "ops/div/div.h"
#include "ops/maximum/maximum.h"
#include "ops/segment_ids.h"

namespace toucanet {
namespace ops::unsorted_segment_sum {
struct Fn {
  template <class T>
  static T none() {
    return 0;
  }
  template <class T>
  static T join(T a, T x) {
    if constexpr (std::is_integral_v<T>) return static_cast<T>(static_cast<uint64_t>(a) + static_cast<uint64_t>(x));  // wraps
    else return a + x;
  }
};
// The sum by the number of rows; 0 by 1 where there are none.
Expected<std::vector<Value>> from_mean(TfNode& n) {
  const auto s = SegmentIds::of(n);
  if (s && n.type(s->rows).dtype != DType::F32) n.refuse("{} is not supported, only floats are", tf_name(n.type(s->rows).dtype));
  if (n.failed()) return std::vector<Value>{};
  const Value sizes = n.add<Maximum>({s->sizes(n), n.constant(Tensor::scalar_i32(1))});
  const Value divisor = n.add<Cast>({sizes}, {.in_data_type = DType::I32, .out_data_type = DType::F32});
  return std::vector<Value>{n.add<Div>({n.add<UnsortedSegmentSum>({s->rows, s->ids, s->count}), divisor})};
}
constexpr TfImport imports[] = {{"UnsortedSegmentSum", import_unsorted_segment<UnsortedSegmentSum>}, {"SegmentMean", from_mean}};
}  // namespace ops::unsorted_segment_sum

constinit const OpDef UnsortedSegmentSum::def = unsorted_segment<ops::unsorted_segment_sum::Fn>(
    "unsorted_segment_sum", "sums of the rows that share an id", Wide, ops::unsorted_segment_sum::imports,
    {.builtin = "UNSORTED_SEGMENT_SUM", .options = "UnsortedSegmentSumOptions", .types = {DType::F32, DType::I32}});

}  // namespace toucanet
