#include "ops/unsorted_segment_sum/unsorted_segment_sum.h"

#include "ops/unsorted_segment.h"

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
constexpr TfImport imports[] = {{"UnsortedSegmentSum", import_unsorted_segment<UnsortedSegmentSum>}};
}  // namespace ops::unsorted_segment_sum

constinit const OpDef UnsortedSegmentSum::def = unsorted_segment<ops::unsorted_segment_sum::Fn>(
    "unsorted_segment_sum", "sums of the rows that share an id", Wide, ops::unsorted_segment_sum::imports,
    {.builtin = "UNSORTED_SEGMENT_SUM", .options = "UnsortedSegmentSumOptions", .types = {DType::F32, DType::I32}});

}  // namespace toucanet
