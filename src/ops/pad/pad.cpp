#include "ops/pad/pad.h"

#include "import/graphdef/tf_node.h"
#include "ir/quant_rule.h"
#include "ops/movement.h"
#include "ops/quantized.h"

namespace toucanet {

Status infer_pad(InferContext& c) {
  const Shape& x = c.shape(0);
  if (!x.ranked()) return c.out(c.dtype(0), x), ok();
  const auto amounts = known_ints(c, 1);
  if (const Shape& p = c.shape(1); p.ranked() && (p.rank() != 2 || differ(p[0], static_cast<int64_t>(x.rank())) || differ(p[1], 2)))
    return c.error("paddings have the shape [{}], not [{},2]", p.str(), x.rank());
  if (!amounts) return c.out(c.dtype(0), Shape::of_rank(x.rank())), ok();
  Dims d;
  for (size_t i = 0; i < x.rank(); ++i) {
    const int64_t before = (*amounts)[2 * i], after = (*amounts)[2 * i + 1];
    if (before < 0 || after < 0) return c.error("a padding is negative");
    if (before > max_length || after > max_length) return c.error("a padding is {}", std::max(before, after));
    d.push_back(x[i] + Dim(before) + Dim(after));
  }
  c.out(c.dtype(0), Shape(std::move(d)));
  return ok();
}

Status eval_pad(EvalContext& c, const std::byte* value) {
  const Tensor& x = c.in(0);
  Tensor& y = c.out();
  const size_t size = byte_size(x.dtype), r = x.rank();
  if (!size) return c.no_kernel(x.dtype);
  std::byte* to = y.raw_mutable();
  if (value)
    for (size_t i = 0; i < y.bytes(); i += size) std::memcpy(to + i, value, size);
  if (x.elements() == 0) return ok();
  if (r == 0) return std::memcpy(to, x.raw(), size), ok();
  const auto sy = strides_of(y.dims);
  std::vector<int64_t> at(r, 0);
  const int64_t inner = x.dims[r - 1];
  int64_t base = 0;
  for (size_t i = 0; i < r; ++i) base += c.in(1).integer(static_cast<int64_t>(2 * i)) * sy[i];
  for (int64_t from = 0; from < x.elements(); from += inner) {
    std::memcpy(to + static_cast<size_t>(base) * size, x.raw() + static_cast<size_t>(from) * size, static_cast<size_t>(inner) * size);
    for (size_t i = r - 1; i-- > 0;) {
      base += sy[i];
      if (++at[i] < x.dims[i]) break;
      base -= at[i] * sy[i];
      at[i] = 0;
    }
  }
  return ok();
}

namespace ops::pad {
Status eval(EvalContext& c) { return eval_pad(c, nullptr); }
// The padding stands for 0.
Status eval_quantized(EvalContext& c) {
  TRY(const Affine y, affine_out(c));
  const int32_t zero = y.zero_point;  // the low bytes come first
  return eval_pad(c, reinterpret_cast<const std::byte*>(&zero));
}
constexpr TfImport imports[] = {{"Pad", import_plain<Pad>, {}, Narrow::Same}};
int version(const OpView& v) { return v.type(0) == DType::Bool ? 5 : v.rank(0) > 4 ? 4 : v.type(0) == DType::I16 ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
}  // namespace ops::pad

constinit const OpDef Pad::def = {
    .name = "pad",
    .summary = "pads with zeros",
    .traits = None,
    .inputs = "x, paddings",
    .outputs = "y",
    .import_tf = ops::pad::imports,
    .infer = infer_pad,
    .eval = ops::pad::eval,
    .eval_quantized = ops::pad::eval_quantized,
    .tflite = {.builtin = "PAD",
               .options = "PadOptions",
               .types = {DType::F32, DType::I8, DType::I16, DType::I32, DType::I64, DType::U8, DType::Bool},
               .quantized = {DType::I8, DType::U8, DType::I16, DType::I32},
               .max_rank = 5,
               .version = ops::pad::version},
    .quant = &quant_rules::same,
};

}  // namespace toucanet
