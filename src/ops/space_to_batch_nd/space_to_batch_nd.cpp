#include "ops/space_to_batch_nd/space_to_batch_nd.h"

#include "ir/quant_rule.h"
#include "ops/batch_blocks.h"
#include "ops/quantized.h"

namespace toucanet {
namespace ops::space_to_batch_nd {

Status infer(InferContext& c) {
  const Shape& x = c.shape(0);
  TRY(const auto k, blocks_of(c));
  if (!x.ranked() || !k) return c.out(c.dtype(0), x.ranked() ? Shape::of_rank(x.rank()) : Shape::unranked()), ok();
  Dims d = x.dims();
  d[0] = d[0] * k->product();
  for (size_t i = 0; i < k->size(); ++i) {
    const Dim padded = x[i + 1] + k->before(i) + k->after(i);
    if (padded.known() && padded.value() % k->block[i])
      return c.error("axis {} of [{}], padded to {}, does not divide into blocks of {}", i + 1, x.str(), padded.value(), k->block[i]);
    d[i + 1] = floor_div(padded, k->block[i]);
  }
  c.out(c.dtype(0), Shape(std::move(d)));
  return ok();
}
Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  Tensor& y = c.out();
  if (!movable(x)) return c.no_kernel(x.dtype);
  CHECK_OK(check_blocks(c));
  const auto m = at(c.in(1).elements());
  const auto sy = strides_of(y.dims), sx = strides_of(x.dims);
  const int64_t inner = product(x.dims, m + 1, x.rank());
  if (inner == 0) return ok();
  for (int64_t o = 0, n = x.elements(); o < n; o += inner) {
    int64_t block = 0, to = 0;
    for (size_t i = 0; i < m; ++i) {
      const int64_t b = c.in(1).integer(static_cast<int64_t>(i)), p = o / sx[i + 1] % x.dims[i + 1] + c.in(2).integer(static_cast<int64_t>(2 * i));
      block = block * b + p % b;
      to += p / b * sy[i + 1];
    }
    to += (block * x.dims[0] + o / sx[0]) * sy[0];
    copy_elements(x, o, y, to, inner);
  }
  return ok();
}
// The padding stands for 0.
Status eval_quantized(EvalContext& c) {
  TRY(const Affine y, affine_out(c));
  const bool known = dispatch_quantized(c.out().dtype, [&]<class T>(T) {
    const auto to = c.out<T>();
    std::fill(to.begin(), to.end(), static_cast<T>(y.zero_point));
  });
  return known ? eval(c) : c.no_kernel(c.out().dtype);
}
constexpr TfImport imports[] = {{"SpaceToBatchND", import_block_lists<SpaceToBatchNd>, {}, Narrow::Same},
                                {"SpaceToBatch", import_block_size<SpaceToBatchNd>, {}, Narrow::Same}};
}  // namespace ops::space_to_batch_nd

constinit const OpDef SpaceToBatchNd::def = {
    .name = "space_to_batch_nd",
    .summary = "pads and moves blocks of space into the batch",
    .inputs = "x, block_shape, paddings",
    .outputs = "y",
    .import_tf = ops::space_to_batch_nd::imports,
    .infer = ops::space_to_batch_nd::infer,
    .eval = ops::space_to_batch_nd::eval,
    .eval_quantized = ops::space_to_batch_nd::eval_quantized,
    .tflite = {.builtin = "SPACE_TO_BATCH_ND",
               .options = "SpaceToBatchNDOptions",
               .types = block_types,
               .quantized = {DType::I8, DType::U8, DType::I16},
               .max_rank = 4,
               .version = blocks_version,
               .refuses = blocks_refuses},
    .quant = &quant_rules::same,
};

}  // namespace toucanet
