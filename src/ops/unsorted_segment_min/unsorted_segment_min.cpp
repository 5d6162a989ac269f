#include "ops/unsorted_segment_min/unsorted_segment_min.h"

#include "ops/segment_ids.h"

namespace toucanet {
namespace ops::unsorted_segment_min {
struct Fn {
  template <class T>
  static T none() {
    return std::numeric_limits<T>::max();
  }
  template <class T>
  static T join(T a, T x) {
    return x < a ? x : a;
  }
};
constexpr TfImport imports[] = {{"UnsortedSegmentMin", import_unsorted_extremum<UnsortedSegmentMin>, {}, Narrow::Same},
                                {"SegmentMin", import_segment<UnsortedSegmentMin>, {}, Narrow::Same}};
}  // namespace ops::unsorted_segment_min

constinit const OpDef UnsortedSegmentMin::def = unsorted_segment<ops::unsorted_segment_min::Fn>(
    "unsorted_segment_min", "minima of the rows that share an id", None, ops::unsorted_segment_min::imports,
    {.builtin = "UNSORTED_SEGMENT_MIN", .options = "UnsortedSegmentMinOptions", .types = {DType::F32, DType::I32}});

}  // namespace toucanet
