#include "ops/reverse_sequence/reverse_sequence.h"

#include "ir/quant_rule.h"
#include "ops/movement.h"

namespace toucanet {
namespace ops::reverse_sequence {

Status infer(InferContext& c) {
  const auto& a = c.attrs<ReverseSequence>();
  const Shape &x = c.shape(0), &l = c.shape(1);
  if (c.dtype(1) != DType::I32 && c.dtype(1) != DType::I64) return c.error("the lengths are {}", name(c.dtype(1)));
  if (l.ranked() && l.rank() != 1) return c.error("the lengths [{}] must be a vector", l.str());
  if (a.seq_dim == a.batch_dim) return c.error("seq_dim and batch_dim are both {}", a.seq_dim);
  if (x.ranked()) {
    const auto r = static_cast<int64_t>(x.rank());
    if (a.seq_dim < 0 || a.seq_dim >= r || a.batch_dim < 0 || a.batch_dim >= r)
      return c.error("seq_dim {} and batch_dim {} do not fit [{}]", a.seq_dim, a.batch_dim, x.str());
    if (l.ranked() && differ(l[0], x[at(a.batch_dim)])) return c.error("there are {} lengths for [{}]", l[0].str(), x.str());
  }
  c.out(c.dtype(0), x);
  return ok();
}
Status eval(EvalContext& c) {
  const auto& a = c.attrs<ReverseSequence>();
  const Tensor& x = c.in(0);
  if (!movable(x)) return c.no_kernel(x.dtype);
  const size_t seq = at(a.seq_dim), batch = at(a.batch_dim);
  for (int64_t b = 0; b < x.dims[batch]; ++b)
    if (const int64_t n = c.in(1).integer(b); n < 0 || n > x.dims[seq]) return c.error("the length {} is outside an axis of {}", n, x.dims[seq]);
  const auto s = strides_of(x.dims);
  for (int64_t o = 0, n = x.elements(); o < n; ++o) {
    const int64_t i = o / s[seq] % x.dims[seq], length = c.in(1).integer(o / s[batch] % x.dims[batch]);
    copy_elements(x, i < length ? o + (length - 1 - 2 * i) * s[seq] : o, c.out(), o, 1);
  }
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  const Value x = n.in(0), lengths = n.in(1);
  int64_t seq = n.integer("seq_dim", 0), batch = n.integer("batch_dim", 0);
  if (n.failed()) return std::vector<Value>{};
  seq = front_axis(seq, n.type(x).shape), batch = front_axis(batch, n.type(x).shape);
  return std::vector<Value>{n.add<ReverseSequence>({x, lengths}, {.seq_dim = static_cast<int32_t>(seq), .batch_dim = static_cast<int32_t>(batch)})};
}
constexpr TfImport imports[] = {{"ReverseSequence", from_tf, {}, Narrow::Same}};
}  // namespace ops::reverse_sequence

constinit const OpDef ReverseSequence::def = {
    .name = "reverse_sequence",
    .summary = "turns the beginnings of sequences round",
    .traits = Movement,
    .inputs = "x, seq_lengths",
    .outputs = "y",
    .attrs = &attr_ops<ReverseSequence::Attrs>,
    .import_tf = ops::reverse_sequence::imports,
    .infer = ops::reverse_sequence::infer,
    .eval = ops::reverse_sequence::eval,
    .tflite = {.builtin = "REVERSE_SEQUENCE", .options = "ReverseSequenceOptions", .types = {DType::F32, DType::U8, DType::I16, DType::I32, DType::I64}},
    .quant = &quant_rules::same_int8,
};

}  // namespace toucanet
