#include "ops/add/add.h"
#include "ops/div/div.h"
#include "ops/erf/erf.h"
#include "ops/gelu/gelu.h"
#include "ops/mul/mul.h"
#include "ops/neg/neg.h"
#include "ops/pow/pow.h"
#include "ops/square/square.h"
#include "ops/sub/sub.h"
#include "ops/tanh/tanh.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace fuse_gelu_ {
constexpr Var x{"x"}, half{"half"}, one{"one"}, scale{"scale"}, inner{"inner"}, three{"three"};
constexpr AnyVar argument{"argument"};
constexpr NodeVar<Tanh> tanh{"tanh"};
constexpr double relative = 1e-4;

// 1 + erf(x/√2); 1 − erf(−x/√2), which is what erfc becomes.
Pattern by_erf() {
  return one_of(op<Add>(op<Erf>(any_of<Mul, Div>(argument, x, constant(scale))), constant(one)),
                op<Sub>(constant(one), op<Erf>(any_of<Mul, Div>(argument, op<Neg>(x), constant(scale)))));
}
// 0.044715·x³.
Pattern cube() {
  const Pattern power = one_of(op<Pow>(x, constant(three)), op<Mul>(x, op<Square>(x)), op<Mul>(x, op<Mul>(x, x)));
  return one_of(op<Mul>(power, constant(inner)), op<Mul>(op<Mul>(op<Mul>(x, constant(inner)), x), x));
}
Pattern by_tanh() { return op<Add>(tanh(any_of<Mul>(argument, op<Add>(x, cube()), constant(scale))), constant(one)); }

Verdict when(const Match& m) {
  if (m.type(x).dtype != DType::F32) return m.reject("x is {}, not float32", name(m.type(x).dtype));
  if (!all_are(m.constant(half), 0.5)) return m.reject("the factor is {}, not 1/2", words(m.constant(half)));
  if (!all_are(m.constant(one), 1)) return m.reject("{} is added, not 1", words(m.constant(one)));
  const double right = m[tanh] ? std::sqrt(2 / M_PI) : m.node(argument).is<Div>() ? std::sqrt(2.0) : std::sqrt(0.5);
  if (!all_are(m.constant(scale), right, relative)) return m.reject("the scale is {}, not {:.6f}", words(m.constant(scale)), right);
  if (m[tanh] && !all_are(m.constant(inner), 0.044715, relative)) return m.reject("the factor of x³ is {}, not 0.044715", words(m.constant(inner)));
  if (m[three] && !all_are(m.constant(three), 3)) return m.reject("the exponent is {}, not 3", words(m.constant(three)));
  for (NodeId n : m.nodes)
    if (m.graph()[n].attrs.str() != "") return m.reject("{} has an activation", m.graph()[n].op->name);
  if (!same(m.shape(x), m.root_type().shape)) return m.reject("a constant broadcasts [{}] to [{}]", m.shape(x).str(), m.root_type().shape.str());
  return accept();
}
}  // namespace fuse_gelu_

extern const Rewrite fuse_gelu;
constinit const Rewrite fuse_gelu = {
    .name = "fuse_gelu",
    .summary = "x·Φ(x), written with erf or with tanh, becomes gelu(x)",
    .mathematics = "gelu(x) = x/2·(1 + erf(x/√2)); approximate: x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³)))",
    .stage = Stage::Clean,
    .pattern =
        [] {
          using namespace fuse_gelu_;
          const Pattern sum = one_of(by_tanh(), by_erf());
          return one_of(op<Mul>(op<Mul>(x, constant(half)), sum), op<Mul>(x, op<Mul>(sum, constant(half))), op<Mul>(op<Mul>(x, sum), constant(half)));
        },
    .when = fuse_gelu_::when,
    .build = [](const Match& m,
                Patch& p) { return std::vector<Value>{p.add<Gelu>({m[fuse_gelu_::x]}, {.approximate = static_cast<bool>(m[fuse_gelu_::tanh])})}; },
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
