#include "ops/broadcast_args/broadcast_args.h"

#include "ops/movement.h"

namespace toucanet {
namespace ops::broadcast_args {

Status infer(InferContext& c) {
  const DType t = c.dtype(0);
  if (t != c.dtype(1) || (t != DType::I32 && t != DType::I64)) return c.error("the shapes are {} and {}", name(t), name(c.dtype(1)));
  for (size_t i = 0; i < 2; ++i) CHECK_OK(check_list(c, i));
  const auto a = ints_of(c, 0), b = ints_of(c, 1);
  if (!a || !b) return c.out(t, Shape({Dim::unknown()})), ok();
  TRY(const Shape s, broadcast(c, Shape(*a), Shape(*b)));
  c.out(t, Shape({Dim(static_cast<int64_t>(s.rank()))}), s.dims());
  return ok();
}
Status eval(EvalContext& c) {
  const Tensor &a = c.in(0), &b = c.in(1);
  const int64_t n = c.out().elements();
  for (int64_t i = 0; i < n; ++i) {
    const int64_t p = i - (n - a.elements()), q = i - (n - b.elements());
    const int64_t x = p < 0 ? 1 : a.integer(p), y = q < 0 ? 1 : b.integer(q);
    if (x != y && x != 1 && y != 1) return c.error("the shapes do not broadcast");
    copy_elements(x == 1 && q >= 0 ? b : p >= 0 ? a : b, x == 1 && q >= 0 ? q : p >= 0 ? p : q, c.out(), i, 1);
  }
  return ok();
}
constexpr TfImport imports[] = {{"BroadcastArgs", import_plain<BroadcastArgs>}};
}  // namespace ops::broadcast_args

constinit const OpDef BroadcastArgs::def = {
    .name = "broadcast_args",
    .summary = "the shape to which two shapes broadcast",
    .inputs = "x, y",
    .outputs = "z",
    .import_tf = ops::broadcast_args::imports,
    .infer = ops::broadcast_args::infer,
    .eval = ops::broadcast_args::eval,
    .tflite = {.builtin = "BROADCAST_ARGS", .types = {DType::I32, DType::I64}},
};

}  // namespace toucanet
