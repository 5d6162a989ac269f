#include "ops/mirror_pad/mirror_pad.h"

#include "ir/quant_rule.h"
#include "ops/movement.h"
#include "ops/pad/pad.h"

namespace toucanet {
namespace ops::mirror_pad {

Status infer(InferContext& c) {
  CHECK_OK(infer_pad(c));
  const Shape& x = c.shape(0);
  const auto amounts = known_ints(c, 1);
  const int64_t border = c.attrs<MirrorPad>().mode == MirrorPadMode::Reflect ? 1 : 0;
  if (x.ranked() && amounts)
    for (size_t i = 0; i < 2 * x.rank(); ++i)
      if (x[i / 2].known() && (*amounts)[i] > std::max<int64_t>(0, x[i / 2].value() - border))
        return c.error("axis {} of [{}] is too short for a padding of {}", i / 2, x.str(), (*amounts)[i]);
  return ok();
}
Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  Tensor& y = c.out();
  if (!movable(x)) return c.no_kernel(x.dtype);
  const int64_t border = c.attrs<MirrorPad>().mode == MirrorPadMode::Reflect ? 1 : 0;
  const auto sx = strides_of(x.dims), sy = strides_of(y.dims);
  for (int64_t o = 0, n = y.elements(); o < n; ++o) {
    int64_t from = 0;
    for (size_t d = 0; d < x.rank(); ++d) {
      int64_t i = o / sy[d] % y.dims[d] - c.in(1).integer(static_cast<int64_t>(2 * d));
      if (i < 0) i = -i - 1 + border;
      else if (i >= x.dims[d]) i = 2 * x.dims[d] - 1 - border - i;
      from += i * sx[d];
    }
    copy_elements(x, from, y, o, 1);
  }
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  const auto mode = n.string("mode", "");
  if (mode != "REFLECT" && mode != "SYMMETRIC") n.refuse("the mode '{}' is neither REFLECT nor SYMMETRIC", mode);
  const Value x = n.in(0), amounts = n.in(1);
  return std::vector<Value>{n.add<MirrorPad>({x, amounts}, {.mode = mode == "REFLECT" ? MirrorPadMode::Reflect : MirrorPadMode::Symmetric})};
}
constexpr TfImport imports[] = {{"MirrorPad", from_tf, {}, Narrow::Same}};
int version(const OpView& v) { return v.type(0) == DType::I16 ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
}  // namespace ops::mirror_pad

constinit const OpDef MirrorPad::def = {
    .name = "mirror_pad",
    .summary = "pads with the mirrored tensor",
    .traits = Movement,
    .inputs = "x, paddings",
    .outputs = "y",
    .attrs = &attr_ops<MirrorPad::Attrs>,
    .import_tf = ops::mirror_pad::imports,
    .infer = ops::mirror_pad::infer,
    .eval = ops::mirror_pad::eval,
    .tflite = {.builtin = "MIRROR_PAD",
               .options = "MirrorPadOptions",
               .types = {DType::F32, DType::U8, DType::I8, DType::I16, DType::I32, DType::I64, DType::Bool},
               .version = ops::mirror_pad::version},
    .quant = &quant_rules::same,
};

}  // namespace toucanet
