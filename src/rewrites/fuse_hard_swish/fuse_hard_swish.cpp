#include "ops/add/add.h"
#include "ops/div/div.h"
#include "ops/hard_swish/hard_swish.h"
#include "ops/mul/mul.h"
#include "ops/relu6/relu6.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace fuse_hard_swish_ {
constexpr Var x{"x"}, three{"three"}, sixth{"sixth"};
constexpr NodeVar<Add> sum{"sum"};
constexpr NodeVar<Mul> product{"product"}, inner{"inner"};
constexpr AnyVar scale{"scale"};

Pattern gate() { return op<Relu6>(sum(x, constant(three))); }

Verdict when(const Match& m) {
  if (m.type(x).dtype != DType::F32) return m.reject("x is {}, not float32", name(m.type(x).dtype));
  const bool divide = m.node(scale).is<Div>();
  if (!all_are(m.constant(three), 3, 1e-6)) return m.reject("x + {} is not x + 3", words(m.constant(three)));
  if (!all_are(m.constant(sixth), divide ? 6 : 1.0 / 6, 1e-5)) return m.reject("the scale is {}, not {}", words(m.constant(sixth)), divide ? "6" : "1/6");
  for (Value v : {m[sum], m[scale], m[product], m[inner]})
    if (v && m.graph()[v].attrs.str() != "") return m.reject("{} has an activation", m.graph()[v].op->name);
  if (!same(m.shape(x), m.root_type().shape)) return m.reject("a constant broadcasts [{}] to [{}]", m.shape(x).str(), m.root_type().shape.str());
  return accept();
}
}  // namespace fuse_hard_swish_

extern const Rewrite fuse_hard_swish;
constinit const Rewrite fuse_hard_swish = {
    .name = "fuse_hard_swish",
    .summary = "x·relu6(x + 3)/6, in any order of the factors, becomes hard_swish(x)",
    .mathematics = "hard_swish(x) = x·min(max(x + 3, 0), 6)/6",
    .toco = "IdentifyHardSwish",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace fuse_hard_swish_;
          return one_of(any_of<Mul, Div>(scale, inner(x, gate()), constant(sixth)),     // (x·r)/6
                        product(x, any_of<Mul, Div>(scale, gate(), constant(sixth))),   // x·(r/6)
                        product(any_of<Mul, Div>(scale, x, constant(sixth)), gate()));  // (x/6)·r
        },
    .when = fuse_hard_swish_::when,
    .build = [](const Match& m, Patch& p) { return std::vector<Value>{p.add<HardSwish>({m[fuse_hard_swish_::x]})}; },
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
