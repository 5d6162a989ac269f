#include "ops/prelu/prelu.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::prelu {
Status infer(InferContext& c) {
  CHECK_OK(check_same_types(c));
  TRY(Shape s, broadcast(c, c.shape(0), c.shape(1)));
  if (s.ranked() && (s.rank() != c.shape(0).rank())) return c.error("alpha [{}] does not broadcast to x [{}]", c.shape(1).str(), c.shape(0).str());
  if (s.ranked())
    for (size_t i = 0; i < s.rank(); ++i)
      if (differ(s[i], c.shape(0)[i])) return c.error("alpha [{}] does not broadcast to x [{}]", c.shape(1).str(), c.shape(0).str());
  c.out(c.dtype(0), c.shape(0));
  return ok();
}
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto x, auto alpha) const { return x >= 0 ? x : x * alpha; }
};
Status eval(EvalContext& c) { return eval_binary<Fn>(c); }
}  // namespace ops::prelu

constinit const OpDef Prelu::def = {
    .name = "prelu",
    .summary = "x where x ≥ 0, alpha·x otherwise",
    .inputs = "x, alpha",
    .outputs = "y",
    .infer = ops::prelu::infer,
    .eval = ops::prelu::eval,
    .tflite = {.builtin = "PRELU", .types = {DType::F32}, .max_rank = 4},
};

}  // namespace toucanet
