#include "ops/batch_to_space_nd/batch_to_space_nd.h"

#include "ir/quant_rule.h"
#include "ops/batch_blocks.h"

namespace toucanet {
namespace ops::batch_to_space_nd {

Status infer(InferContext& c) {
  const Shape& x = c.shape(0);
  TRY(const auto k, blocks_of(c));
  if (!x.ranked() || !k) return c.out(c.dtype(0), x.ranked() ? Shape::of_rank(x.rank()) : Shape::unranked()), ok();
  Dims d = x.dims();
  if (d[0].known() && d[0].value() % k->product()) return c.error("a batch of {} does not divide into {} blocks", d[0].value(), k->product());
  d[0] = floor_div(d[0], k->product());
  for (size_t i = 0; i < k->size(); ++i) {
    d[i + 1] = x[i + 1] * k->block[i] - k->before(i) - k->after(i);
    if (d[i + 1].known() && d[i + 1].value() < 0) return c.error("the crops exceed axis {} of [{}]", i + 1, x.str());
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
  for (int64_t o = 0, n = y.elements(); o < n; o += inner) {
    int64_t block = 0, from = 0;
    for (size_t i = 0; i < m; ++i) {
      const int64_t b = c.in(1).integer(static_cast<int64_t>(i)), p = o / sy[i + 1] % y.dims[i + 1] + c.in(2).integer(static_cast<int64_t>(2 * i));
      block = block * b + p % b;
      from += p / b * sx[i + 1];
    }
    from += (block * y.dims[0] + o / sy[0]) * sx[0];
    copy_elements(x, from, y, o, inner);
  }
  return ok();
}
constexpr TfImport imports[] = {{"BatchToSpaceND", import_block_lists<BatchToSpaceNd>, {}, Narrow::Same},
                                {"BatchToSpace", import_block_size<BatchToSpaceNd>, {}, Narrow::Same}};
}  // namespace ops::batch_to_space_nd

constinit const OpDef BatchToSpaceNd::def = {
    .name = "batch_to_space_nd",
    .summary = "moves blocks of the batch into space and crops",
    .inputs = "x, block_shape, crops",
    .outputs = "y",
    .import_tf = ops::batch_to_space_nd::imports,
    .infer = ops::batch_to_space_nd::infer,
    .eval = ops::batch_to_space_nd::eval,
    .eval_quantized = ops::batch_to_space_nd::eval,
    .tflite = {.builtin = "BATCH_TO_SPACE_ND",
               .options = "BatchToSpaceNDOptions",
               .types = block_types,
               .quantized = {DType::I8, DType::U8, DType::I16},
               .max_rank = 4,
               .version = blocks_version,
               .refuses = blocks_refuses},
    .quant = &quant_rules::same,
};

}  // namespace toucanet
