#include "ops/strided_slice/from_strided_slice.h"

#include <algorithm>

#include "ops/expand_dims/expand_dims.h"
#include "ops/gather/gather.h"
#include "ops/reshape/reshape.h"
#include "ops/strided_slice/strided_slice.h"

namespace toucanet::ops::strided_slice {
namespace {

constexpr size_t most_axes = 30;

class SliceImport {
  TfNode& n_;
  const Value x_;
  StridedSlice::Attrs a_;
  std::vector<Value> bounds_;
  std::optional<int64_t> entries_;  // of the bounds
  bool vectors_ = true;             // each bound is one, of as many entries
  // The slice without ellipsis and new axes: which entries it takes (−1: an axis of the ellipsis), where axes are inserted into its result.
  StridedSlice::Attrs plain_;
  std::vector<int64_t> places_, inserted_;
  bool takes_all_ = true;

 public:
  explicit SliceImport(TfNode& n)
      : n_(n),
        x_(n.in(0)),
        a_{.begin_mask = mask("begin_mask"),
           .end_mask = mask("end_mask"),
           .ellipsis_mask = mask("ellipsis_mask"),
           .new_axis_mask = mask("new_axis_mask"),
           .shrink_axis_mask = mask("shrink_axis_mask")},
        bounds_{n.in(1), n.in(2), n.in(3)} {}

  Value run() {
    if (n_.failed()) return {};
    read_bounds();
    clear_masks();
    if (!vectors_ || (!a_.ellipsis_mask && !a_.new_axis_mask)) return n_.add<StridedSlice>({x_, bounds_[0], bounds_[1], bounds_[2]}, a_);
    if (!check() || !expand()) return {};
    Value y = x_;
    if (!takes_all_ || inserted_.empty()) y = n_.add<StridedSlice>({x_, taken(0, 0), taken(1, 0), taken(2, 1)}, plain_);
    return insert_axes(y);
  }

 private:
  int32_t mask(std::string_view name) { return static_cast<int32_t>(n_.integer(name, 0)); }
  static int64_t clamped(int64_t v) { return std::clamp<int64_t>(v, INT32_MIN, INT32_MAX); }
  bool is_special(size_t entry) const { return bit(a_.ellipsis_mask | a_.new_axis_mask, entry); }

  void read_bounds() {
    for (size_t i = 0; i < 3; ++i) {
      const auto t = n_.constant(i + 1);
      const Shape s = n_.type(bounds_[i]).shape;
      vectors_ = vectors_ && s.ranked() && s.rank() == 1 && (!s[0].known() || !entries_ || *entries_ == s[0].value());
      if (vectors_ && s[0].known()) entries_ = s[0].value();
      if (t && t->dtype == DType::I64 && t->rank() == 1) {
        std::vector<int64_t> list;
        for (int64_t k = 0; k < t->elements(); ++k) list.push_back(clamped(t->integer(k)));
        bounds_[i] = n_.ints_constant(list);
      } else {
        bounds_[i] = n_.as_i32(bounds_[i]);
      }
    }
  }

  // Of what another mask overrules, and beyond the bounds.
  void clear_masks() {
    a_.new_axis_mask &= ~a_.ellipsis_mask;
    a_.shrink_axis_mask &= ~(a_.ellipsis_mask | a_.new_axis_mask);
    a_.begin_mask &= ~a_.shrink_axis_mask;
    a_.end_mask &= ~a_.shrink_axis_mask;
    if (!entries_ || *entries_ >= 31) return;
    const auto here = static_cast<int32_t>((int64_t{1} << *entries_) - 1);
    for (int32_t* m : {&a_.begin_mask, &a_.end_mask, &a_.ellipsis_mask, &a_.new_axis_mask, &a_.shrink_axis_mask}) *m &= here;
  }

  size_t indexed_axes() const {
    size_t used = 0;
    for (size_t i = 0; i < static_cast<size_t>(*entries_); ++i) used += !is_special(i);
    return used;
  }

  bool check() {
    if (!entries_) n_.refuse("with an ellipsis or a new axis the number of begin, end and strides must be known");
    else if (*entries_ > static_cast<int64_t>(most_axes)) n_.refuse("too many axes");
    if (n_.failed()) return false;
    const Shape& shape = n_.type(x_).shape;
    const bool ellipsis_ends = (a_.ellipsis_mask >> (*entries_ - 1)) == 1;
    if (shape.ranked() && indexed_axes() > shape.rank()) n_.refuse("{} axes are indexed, the operand has {}", indexed_axes(), shape.rank());
    if ((a_.ellipsis_mask & (a_.ellipsis_mask - 1)) != 0) n_.refuse("there is more than one ellipsis");
    if (!shape.ranked() && a_.ellipsis_mask && !ellipsis_ends) n_.refuse("the rank of the operand must be known where an index follows an ellipsis");
    if (!n_.constant(3) && a_.ellipsis_mask) n_.refuse("strides must be constant where there is an ellipsis");
    return !n_.failed();
  }

  bool expand() {
    const Shape& shape = n_.type(x_).shape;
    const size_t hidden = shape.ranked() ? shape.rank() - indexed_axes() : 0;  // axes of the ellipsis
    int64_t axis = 0;                                                          // of the result
    for (size_t i = 0; i < static_cast<size_t>(*entries_) && places_.size() <= most_axes; ++i) {
      if (bit(a_.ellipsis_mask, i)) {
        for (size_t k = 0; k < hidden && places_.size() <= most_axes; ++k, ++axis) whole_axis();
      } else if (bit(a_.new_axis_mask, i)) {
        inserted_.push_back(axis++);
      } else {
        axis += indexed_axis(i);
      }
    }
    if (places_.size() > most_axes) n_.refuse("too many axes");
    return !n_.failed();
  }
  void whole_axis() {
    plain_.begin_mask |= 1 << places_.size();
    plain_.end_mask |= 1 << places_.size();
    places_.push_back(-1);
  }
  // Whether the axis stays.
  bool indexed_axis(size_t i) {
    const int32_t here = 1 << places_.size();
    const bool from_end = bit(a_.begin_mask, i), to_end = bit(a_.end_mask, i), shrunk = bit(a_.shrink_axis_mask, i);
    const auto step = n_.constant(3);
    if (from_end) plain_.begin_mask |= here;
    if (to_end) plain_.end_mask |= here;
    if (shrunk) plain_.shrink_axis_mask |= here;
    takes_all_ = takes_all_ && from_end && to_end && !shrunk && step && step->integer(static_cast<int64_t>(i)) == 1;
    places_.push_back(static_cast<int64_t>(i));
    return !shrunk;
  }

  // The bound's entries at `places_`; `fill` for an axis of the ellipsis, whatever the bound says.
  Value taken(size_t bound, int64_t fill) {
    std::vector<int64_t> list;
    if (const auto t = n_.constant(bound + 1)) {
      for (int64_t k : places_) list.push_back(k < 0 ? fill : clamped(t->integer(k)));
      return n_.ints_constant(list);
    }
    for (int64_t k : places_) list.push_back(std::max<int64_t>(k, 0));
    return n_.add<Gather>({bounds_[bound], n_.ints_constant(list)});
  }

  Value insert_axes(Value y) {
    if (n_.failed() || inserted_.empty()) return y;
    if (const Shape& now = n_.type(y).shape; now.is_static()) {
      auto d = now.to_vector();
      for (int64_t k : inserted_) d.insert(d.begin() + k, 1);
      return n_.add<Reshape>({y, n_.ints_constant(d)});
    }
    for (int64_t k : inserted_) y = n_.add<ExpandDims>({y, n_.constant(Tensor::scalar_i32(static_cast<int32_t>(k)))});
    return y;
  }
};

}  // namespace

Expected<std::vector<Value>> from_strided_slice(TfNode& n) {
  const Value y = SliceImport(n).run();
  return n.failed() ? std::vector<Value>{} : std::vector<Value>{y};
}

}  // namespace toucanet::ops::strided_slice
