#include "ops/embedding_lookup/embedding_lookup.h"

#include "ir/quant_rule.h"
#include "ops/movement.h"
#include "ops/quantized.h"

namespace toucanet {
namespace ops::embedding_lookup {

Status infer(InferContext& c) {
  const Shape &ids = c.shape(0), &table = c.shape(1);
  const DType want = c.attrs<EmbeddingLookup>().result_dtype;
  if (c.dtype(0) != DType::I32) return c.error("the indices are {}", name(c.dtype(0)));
  if (want != c.dtype(1) && !(want == DType::F32 && (c.dtype(1) == DType::I8 || c.dtype(1) == DType::U8)))
    return c.error("a table of {} gives no {}", name(c.dtype(1)), name(want));
  if (ids.ranked() && ids.rank() != 1) return c.error("the indices [{}] must be a vector", ids.str());
  if (!table.ranked()) return c.out(want, Shape::unranked()), ok();
  if (table.rank() < 2) return c.error("the table [{}] must have rank 2 at least", table.str());
  Dims d = table.dims();
  d[0] = ids.ranked() ? ids[0] : Dim::unknown();
  c.out(want, Shape(std::move(d)));
  return ok();
}

/// f(row of the table, row of the result, elements of a row)
template <class F>
Status rows(EvalContext& c, F f) {
  const Tensor& table = c.in(1);
  const int64_t n = product(table.dims, 1, table.rank());
  for (int64_t r = 0; r < c.in(0).elements(); ++r) {
    const int64_t row = c.in(0).integer(r);
    if (row < 0 || row >= table.dims[0]) return c.error("there is no row {} of {}", row, table.dims[0]);
    f(row, r, n);
  }
  return ok();
}
Status eval(EvalContext& c) {
  if (!movable(c.in(1)) || c.out().dtype != c.in(1).dtype) return c.no_kernel(c.in(1).dtype);
  return rows(c, [&](int64_t from, int64_t to, int64_t n) { copy_elements(c.in(1), from * n, c.out(), to * n, n); });
}

// Real numbers: stored ones, read as int8, times the scale of the table or of the row. Zero points must be 0.
Status eval_quantized(EvalContext& c) {
  const Tensor& table = c.in(1);
  if (c.out().dtype == table.dtype) return eval(c);
  if (table.dtype != DType::I8 && table.dtype != DType::U8) return c.no_kernel(table.dtype);
  TRY(const auto scales, channel_scales(c.op(), table, table.dims[0], "the table"));
  for (int64_t z : table.quant->zero_point)
    if (z != 0) return diag("TN3011", "embedding_lookup: the table has the zero point {}", z);
  const auto* from = reinterpret_cast<const int8_t*>(table.raw());
  float* y = c.out<float>().data();
  return rows(c, [&](int64_t row, int64_t to, int64_t n) {
    for (int64_t i = 0; i < n; ++i) y[to * n + i] = static_cast<float>(from[row * n + i]) * scales[at(row)];
  });
}

int version(const OpView& v) { return v.in[1]->quant && v.in[1]->quant->scale.size() > 1 ? 4 : 1; }
constexpr QuantRule quant{.results = QuantRule::Results::Same, .data = 2};
}  // namespace ops::embedding_lookup

constinit const OpDef EmbeddingLookup::def = {
    .name = "embedding_lookup",
    .summary = "rows of a table by their indices",
    .inputs = "indices, table",
    .outputs = "y",
    .attrs = &attr_ops<EmbeddingLookup::Attrs>,
    .infer = ops::embedding_lookup::infer,
    .eval = ops::embedding_lookup::eval,
    .eval_quantized = ops::embedding_lookup::eval_quantized,
    .tflite = {.builtin = "EMBEDDING_LOOKUP",
               .types = {DType::F32},
               .quantized = {DType::I8, DType::U8},
               .typed_operand = 1,
               .version = ops::embedding_lookup::version},
    .quant = &ops::embedding_lookup::quant,
};

}  // namespace toucanet
