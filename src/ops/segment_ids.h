#pragma once
// Import of TensorFlow's ops on rows whose ascending ids, not their number, are given: by the unsorted ones.
#include "ops/add/add.h"
#include "ops/equal/equal.h"
#include "ops/reduce_max/reduce_max.h"
#include "ops/reshape/reshape.h"
#include "ops/select_broadcast/select_broadcast.h"
#include "ops/unsorted_segment.h"
#include "ops/unsorted_segment_sum/unsorted_segment_sum.h"
#include "ops/zeros_like/zeros_like.h"

namespace toucanet {

/// The operands of a segment op; nothing where it was refused.
struct SegmentIds {
  Value rows, ids, count;  ///< of segments
  bool gaps = false;       ///< a segment may be without rows

  static std::optional<SegmentIds> of(TfNode& n) {
    SegmentIds s;
    s.rows = n.in(0);
    const Value given = n.in(1);
    if (!n.failed() && !n.type(s.rows).shape.ranked()) n.refuse("the rank of data must be known");
    if (!n.failed() && n.type(s.rows).shape.rank() == 0) n.refuse("data is a scalar: it has no rows");
    if (n.failed()) return std::nullopt;
    s.ids = n.as_i32(given);
    if (const auto known = n.constant(1)) {
      int64_t last = -1;
      for (int64_t i = 0; i < known->elements(); ++i) {
        const int64_t id = known->integer(i);
        if (id < std::max<int64_t>(last, 0) || id > (1 << 30)) n.refuse("the ids must ascend");
        s.gaps = s.gaps || id > last + 1;
        last = id;
      }
      s.count = n.constant(Tensor::scalar_i32(static_cast<int32_t>(last + 1)));
    } else {
      s.gaps = true;
      s.count = n.add<Add>({n.add<ReduceMax>({s.ids, n.ints_constant({0})}), n.constant(Tensor::scalar_i32(1))});
    }
    return n.failed() ? std::nullopt : std::optional(s);
  }
  /// How many rows each segment has, [segments,1,…,1] to broadcast against a result.
  Value sizes(TfNode& n) const {
    const Value ones = n.add<Add>({n.add<ZerosLike>({ids}), n.constant(Tensor::scalar_i32(1))});
    std::vector<int64_t> dims(n.type(rows).shape.rank(), 1);
    dims[0] = -1;
    return n.add<Reshape>({n.add<UnsortedSegmentSum>({ones, ids, count}), n.ints_constant(dims)});
  }
};

/// Op of the rows of each segment, 0 where there are none.
template <class Op>
Expected<std::vector<Value>> import_segment(TfNode& n) {
  const auto s = SegmentIds::of(n);
  if (!s) return std::vector<Value>{};
  const Value y = n.add<Op>({s->rows, s->ids, s->count});
  if (!s->gaps || n.failed()) return std::vector<Value>{y};
  const Value empty = n.add<Equal>({s->sizes(n), n.constant(Tensor::scalar_i32(0))});
  return std::vector<Value>{n.add<SelectBroadcast>({empty, n.constant(Tensor::zeros(n.type(y).dtype, {})), y})};
}

}  // namespace toucanet
