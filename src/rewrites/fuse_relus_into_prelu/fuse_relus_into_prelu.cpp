#include "ops/add/add.h"
#include "ops/leaky_relu/leaky_relu.h"
#include "ops/mul/mul.h"
#include "ops/neg/neg.h"
#include "ops/prelu/prelu.h"
#include "ops/relu/relu.h"
#include "ops/sub/sub.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace fuse_relus_into_prelu_ {
constexpr Var x{"x"}, slope{"slope"};
constexpr NodeVar<Add> sum{"sum"};
constexpr NodeVar<Sub> difference{"difference"};
constexpr NodeVar<Mul> product{"product"};
constexpr NodeVar<Neg> negated{"negated"};

// relu(−x), the other half.
Pattern other() { return op<Relu>(op<Neg>(x)); }

Verdict when(const Match& m) {
  if (m.type(x).dtype != DType::F32) return m.reject("x is {}, not float32", name(m.type(x).dtype));
  for (Value v : {m[sum], m[difference], m[product]})
    if (v && m.graph()[v].attrs.str() != "") return m.reject("{} has an activation", m.graph()[v].op->name);
  if (!same(m.shape(x), m.root_type().shape))
    return m.reject("the slope [{}] broadcasts [{}] to [{}]", m.shape(slope).str(), m.shape(x).str(), m.root_type().shape.str());
  if (m.shape(x).rank() > 4) return m.reject("x has {} dimensions, PRELU takes 4", m.shape(x).rank());
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const bool falls = static_cast<bool>(m[difference]) != static_cast<bool>(m[negated]);
  if (const auto s = uniform(m.constant(slope))) {
    const double alpha = falls ? *s : -*s;
    if (alpha > 0 && alpha < 1) return {p.add<LeakyRelu>({m[x]}, {.alpha = static_cast<float>(alpha)})};
  }
  return {p.add<Prelu>({m[x], falls ? m[slope] : p.add<Neg>({m[slope]})})};
}
}  // namespace fuse_relus_into_prelu_

extern const Rewrite fuse_relus_into_prelu;
constinit const Rewrite fuse_relus_into_prelu = {
    .name = "fuse_relus_into_prelu",
    .summary = "relu(x) + (−α)·relu(−x) and its other spellings become prelu(x, α), or leaky_relu(x) for one slope between 0 and 1",
    .mathematics = "relu(x) − α·relu(−x) = x for x ≥ 0, α·x otherwise",
    .toco = "IdentifyPRelu",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace fuse_relus_into_prelu_;
          const Pattern half = product(constant(slope), one_of(other(), negated(other())));
          return one_of(sum(op<Relu>(x), half), difference(op<Relu>(x), half));
        },
    .when = fuse_relus_into_prelu_::when,
    .build = fuse_relus_into_prelu_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
