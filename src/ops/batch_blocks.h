#pragma once
// What SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND share: their operands, brought into a form that LiteRT takes.
#include "ops/expand_dims/expand_dims.h"
#include "ops/movement.h"
#include "ops/squeeze/squeeze.h"

namespace toucanet {

/// Block sizes [M] and amounts [M,2] of operands 1 and 2; nullopt where not all are known.
struct Blocks {
  std::vector<int64_t> block, amounts;
  size_t size() const { return block.size(); }
  int64_t before(size_t i) const { return amounts[2 * i]; }
  int64_t after(size_t i) const { return amounts[2 * i + 1]; }
  int64_t product() const {
    int64_t n = 1;
    for (int64_t b : block) n = n > (int64_t{1} << 31) ? n : n * b;
    return n;
  }
};
inline Expected<std::optional<Blocks>> blocks_of(const InferContext& c) {
  const Shape &x = c.shape(0), &a = c.shape(2);
  CHECK_OK(check_list(c, 1));
  if (!is_int(c.dtype(2))) return c.error("operand 2 is {}", name(c.dtype(2)));
  const auto block = known_ints(c, 1), amounts = known_ints(c, 2);
  if (a.ranked() && (a.rank() != 2 || differ(a[1], 2) || (block && differ(a[0], static_cast<int64_t>(block->size())))))
    return c.error("operand 2 has the shape [{}]", a.str());
  if (!block || !amounts) return std::optional<Blocks>{};
  if (amounts->size() != 2 * block->size()) return c.error("operand 2 has the shape [{}]", a.str());
  if (x.ranked() && x.rank() < 1 + block->size()) return c.error("x [{}] has no {} axes after the first", x.str(), block->size());
  for (int64_t b : *block)
    if (b < 1 || b > (1 << 24)) return c.error("the block size {} is not positive", b);
  for (int64_t v : *amounts)
    if (v < 0 || v > max_length) return c.error("an amount is {}", v);
  return std::optional<Blocks>{Blocks{*block, *amounts}};
}

/// What infer could not see: block sizes and amounts that are known only now.
inline Status check_blocks(EvalContext& c) {
  const Tensor &x = c.in(0), &block = c.in(1), &amounts = c.in(2);
  const auto m = static_cast<size_t>(block.elements());
  if (x.rank() < 1 + m || c.out().rank() != x.rank() || amounts.elements() != 2 * block.elements())
    return c.error("{} block sizes and {} amounts for [{}]", m, amounts.elements(), Shape::of(x.dims).str());
  for (size_t i = 0; i < m; ++i)
    if (block.integer(static_cast<int64_t>(i)) < 1) return c.error("the block size {} is not positive", block.integer(static_cast<int64_t>(i)));
  return ok();
}

/// The import of both: LiteRT wants ranks 3 and 4 with a block size for each axis but the first and last.
template <class Op>
Value import_blocks(TfNode& n, std::vector<int64_t> block, std::vector<int64_t> amounts) {
  Value x = n.in(0);
  if (n.failed()) return {};
  if (amounts.size() != 2 * block.size()) n.refuse("{} block sizes, {} amounts", block.size(), amounts.size());
  const Shape s = n.type(x).shape;
  bool added = false;
  if (s.ranked() && !n.failed()) {
    while (block.size() + 2 < s.rank() && block.size() < 2) block.push_back(1), amounts.insert(amounts.end(), {0, 0});
    if (block.size() + 1 == s.rank() && s.rank() <= 3) {
      x = n.add<ExpandDims>({x, n.constant(Tensor::scalar_i32(static_cast<int32_t>(s.rank())))});
      added = true;
    }
  }
  if (n.failed()) return {};
  Tensor a = Tensor::of<int32_t>(DType::I32, {static_cast<int64_t>(block.size()), 2}, std::vector<int32_t>(amounts.begin(), amounts.end()));
  Value y = n.add<Op>({x, n.ints_constant(block), n.constant(std::move(a))});
  if (added) y = n.add<Squeeze>({y}, {.squeeze_dims = {static_cast<int64_t>(s.rank())}});
  return y;
}
template <class Op>
Expected<std::vector<Value>> import_block_lists(TfNode& n) {
  const auto b = n.constant(1), a = n.constant(2);
  const Value x = n.in(0), block = n.in(1), amounts = n.in(2);
  if (!b || !a || !is_int(b->dtype) || !is_int(a->dtype) || b->elements() > 64) return std::vector<Value>{n.add<Op>({x, n.as_i32(block), n.as_i32(amounts)})};
  return std::vector<Value>{import_blocks<Op>(n, n.const_ints(1, "block_shape"), n.const_ints(2, "the amounts"))};
}
/// The older ops with one block size for height and width.
template <class Op>
Expected<std::vector<Value>> import_block_size(TfNode& n) {
  const int64_t b = n.integer("block_size", 0);
  const auto amounts = n.const_ints(1, "the amounts");
  if (b < 2) n.refuse("block_size is {}", b);
  if (n.failed()) return std::vector<Value>{};
  return std::vector<Value>{import_blocks<Op>(n, {b, b}, amounts)};
}

inline int blocks_version(const OpView& v) { return v.type(0) == DType::I16 ? 4 : v.rank(0) != 4 ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
inline std::string blocks_refuses(const OpView& v) {
  const Shape& b = v.in[1]->shape;
  if (!v.in[0]->shape.ranked()) return b.ranked() && b.rank() == 1 && b[0].known() && b[0].value() > 2 ? "it takes at most two block sizes" : "";
  const size_t r = v.rank(0);
  if (r != 3 && r != 4) return "it takes tensors of rank 3 or 4 only";
  return b.ranked() && b.rank() == 1 && differ(b[0], static_cast<int64_t>(r) - 2) ? "it takes a block size for each axis but the first and the last" : "";
}
inline constexpr DTypes block_types{DType::F32, DType::U8, DType::I8, DType::I16, DType::I32, DType::I64};

}  // namespace toucanet
