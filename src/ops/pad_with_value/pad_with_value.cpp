#include "ops/pad_with_value/pad_with_value.h"

#include "ir/quant_rule.h"
#include "ops/movement.h"
#include "ops/pad/pad.h"

namespace toucanet {
namespace ops::pad_with_value {

Status infer(InferContext& c) {
  if (c.dtype(0) != c.dtype(2)) return c.error("x is {}, the value is {}", name(c.dtype(0)), name(c.dtype(2)));
  const Shape& v = c.shape(2);
  if (v.ranked() && differ(v.elements(), 1)) return c.error("the value [{}] must be a scalar", v.str());
  return infer_pad(c);
}
Status eval(EvalContext& c) {
  if (!movable(c.in(0))) return c.no_kernel(c.in(0).dtype);
  return eval_pad(c, c.in(2).raw());
}
constexpr TfImport imports[] = {{"PadV2", import_plain<PadWithValue>, {}, Narrow::Same}};
int version(const OpView& v) { return v.type(0) == DType::Bool ? 5 : v.rank(0) > 4 ? 4 : v.type(0) == DType::I16 ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
constexpr QuantRule quant{.results = QuantRule::Results::Same, .data = 5};
}  // namespace ops::pad_with_value

constinit const OpDef PadWithValue::def = {
    .name = "pad_with_value",
    .summary = "pads with a value",
    .traits = Wide,
    .inputs = "x, paddings, value",
    .outputs = "y",
    .import_tf = ops::pad_with_value::imports,
    .infer = ops::pad_with_value::infer,
    .eval = ops::pad_with_value::eval,
    .eval_quantized = ops::pad_with_value::eval,
    .tflite = {.builtin = "PADV2",
               .options = "PadV2Options",
               .types = moved_types,
               .quantized = {DType::I8, DType::U8, DType::I16},
               .max_rank = 5,
               .version = ops::pad_with_value::version},
    .quant = &ops::pad_with_value::quant,
};

}  // namespace toucanet
