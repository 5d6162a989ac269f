#include "ops/unsorted_segment_prod/unsorted_segment_prod.h"

#include "ops/segment_ids.h"

namespace toucanet {
namespace ops::unsorted_segment_prod {
struct Fn {
  template <class T>
  static T none() {
    return 1;
  }
  template <class T>
  static T join(T a, T x) {
    if constexpr (std::is_integral_v<T>) return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(x));  // wraps
    else return a * x;
  }
};
// The product of nothing is 1 in both.
Expected<std::vector<Value>> from_sorted(TfNode& n) {
  const auto s = SegmentIds::of(n);
  if (!s) return std::vector<Value>{};
  return std::vector<Value>{n.add<UnsortedSegmentProd>({s->rows, s->ids, s->count})};
}
constexpr TfImport imports[] = {{"UnsortedSegmentProd", import_unsorted_segment<UnsortedSegmentProd>}, {"SegmentProd", from_sorted}};
}  // namespace ops::unsorted_segment_prod

constinit const OpDef UnsortedSegmentProd::def = unsorted_segment<ops::unsorted_segment_prod::Fn>(
    "unsorted_segment_prod", "products of the rows that share an id", Wide, ops::unsorted_segment_prod::imports,
    {.builtin = "UNSORTED_SEGMENT_PROD", .options = "UnsortedSegmentProdOptions", .types = {DType::F32, DType::I32}});

}  // namespace toucanet
