#include "ops/unsorted_segment_max/unsorted_segment_max.h"

#include "ops/segment_ids.h"

namespace toucanet {
namespace ops::unsorted_segment_max {
struct Fn {
  template <class T>
  static T none() {
    return std::numeric_limits<T>::lowest();
  }
  template <class T>
  static T join(T a, T x) {
    return a < x ? x : a;
  }
};
constexpr TfImport imports[] = {{"UnsortedSegmentMax", import_unsorted_extremum<UnsortedSegmentMax>, {}, Narrow::Same},
                                {"SegmentMax", import_segment<UnsortedSegmentMax>, {}, Narrow::Same}};
}  // namespace ops::unsorted_segment_max

constinit const OpDef UnsortedSegmentMax::def = unsorted_segment<ops::unsorted_segment_max::Fn>(
    "unsorted_segment_max", "maxima of the rows that share an id", None, ops::unsorted_segment_max::imports,
    {.builtin = "UNSORTED_SEGMENT_MAX", .options = "UnsortedSegmentMaxOptions", .types = {DType::F32, DType::I32}});

}  // namespace toucanet
