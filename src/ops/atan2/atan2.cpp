#include "ops/atan2/atan2.h"

#include "ops/add/add.h"
#include "ops/limits.h"
#include "ops/mul/mul.h"
#include "ops/sqrt/sqrt.h"
#include "ops/sub/sub.h"
#include "ops/zeros_like/zeros_like.h"

namespace toucanet {
namespace ops::atan2 {
struct Fn {
  static constexpr DTypes types = float_types;
  auto operator()(auto y, auto x) const { return std::atan2(y, x); }
};
Status eval_tflite(EvalContext& c) {
  if (c.in(0).dims != c.in(1).dims) return c.error("it does not broadcast");
  return eval_binary<Fn>(c);
}
std::string refuses(const OpView& v) {
  const Shape &y = v.in[0]->shape, &x = v.in[1]->shape;
  bool differs = y.ranked() && x.ranked() && y.rank() != x.rank();
  for (size_t i = 0; !differs && y.ranked() && x.ranked() && i < y.rank(); ++i) differs = differ(y[i], x[i]);
  return differs ? fmt::format("ATAN2 does not broadcast: [{}] and [{}]", y.str(), x.str()) : std::string{};
}
// Where the shapes may differ, zeros of the other's shape are subtracted first, which keeps the sign of zero.
Expected<std::vector<Value>> from_tf(TfNode& n) {
  Value y = n.in(0), x = n.in(1);
  if (n.failed()) return std::vector<Value>{};
  if (!same(n.type(y).shape, n.type(x).shape)) {
    y = n.add<Sub>({y, n.add<ZerosLike>({x})});
    x = n.add<Sub>({x, n.add<ZerosLike>({y})});
  }
  return std::vector<Value>{n.add<Atan2>({y, x})};
}
// The other leg of a right angle with hypotenuse 1: √((1 − x)·(1 + x)).
Value other_leg(TfNode& n, Value x) {
  const Value one = n.constant(Tensor::scalar(1));
  return n.add<Sqrt>({n.add<Mul>({n.add<Sub>({one, x}), n.add<Add>({one, x})})});
}
Expected<std::vector<Value>> from_inverse(TfNode& n) {
  const Value x = n.in(0);
  if (n.op() == "Atan") return std::vector<Value>{n.add<Atan2>({x, n.add<Add>({n.add<ZerosLike>({x}), n.constant(Tensor::scalar(1))})})};
  const Value leg = other_leg(n, x);
  return std::vector<Value>{n.op() == "Asin" ? n.add<Atan2>({x, leg}) : n.add<Atan2>({leg, x})};
}
constexpr TfImport imports[] = {{"Atan2", from_tf}, {"Atan", from_inverse}, {"Asin", from_inverse}, {"Acos", from_inverse}};
}  // namespace ops::atan2

constinit const OpDef Atan2::def =
    with_tflite(binary("atan2", "the angle of the point (x, y)", ZeroSign, ops::atan2::imports, infer_binary<ops::atan2::Fn>, eval_binary<ops::atan2::Fn>,
                       {.builtin = "ATAN2", .options = "ATan2Options", .types = {DType::F32}, .refuses = ops::atan2::refuses}),
                ops::atan2::eval_tflite);

}  // namespace toucanet
