#include "ops/add/add.h"
#include "ops/div/div.h"
#include "ops/l2_normalization/l2_normalization.h"
#include "ops/maximum/maximum.h"
#include "ops/mul/mul.h"
#include "ops/rsqrt/rsqrt.h"
#include "ops/sqrt/sqrt.h"
#include "ops/square/square.h"
#include "ops/sum/sum.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace fuse_l2_normalization_ {
constexpr Var x{"x"}, axes{"axes"}, epsilon{"epsilon"};
constexpr NodeVar<Sum> total{"total"};
constexpr NodeVar<Mul> product{"product"}, root{"root"};
constexpr NodeVar<Div> quotient{"quotient"};
constexpr AnyVar guard{"guard"};

Verdict when(const Match& m) {
  const Shape& s = m.shape(x);
  if (m.type(x).dtype != DType::F32) return m.reject("x is {}, not float32", name(m.type(x).dtype));
  if (!s.ranked() || s.rank() == 0 || s.rank() > 4) return m.reject("x has the shape [{}]", s.str());
  const auto a = integers(m.constant(axes));
  const auto last = static_cast<int64_t>(s.rank()) - 1;
  if (a.size() != 1 || (a[0] != -1 && a[0] != last))
    return m.reject("the sum is over {}, not the last axis alone", a.size() == 1 ? fmt::format("axis {}", a[0]) : fmt::format("{} axes", a.size()));
  if (!m.attrs(total).keep_dims && s.rank() != 1) return m.reject("the sum does not keep its axis");
  if (m[epsilon]) {
    const auto e = uniform(m.constant(epsilon));
    if (!e || *e < 0 || *e > 1e-6) return m.reject("epsilon is {}, more than 1e-6", words(m.constant(epsilon)));
  }
  for (Value v : {m[product], m[root], m[quotient], m[guard]})
    if (v && m.graph()[v].attrs.str() != "") return m.reject("{} has an activation", m.graph()[v].op->name);
  if (!same(s, m.root_type().shape)) return m.reject("the result is [{}], x is [{}]", m.root_type().shape.str(), s.str());
  return accept();
}
}  // namespace fuse_l2_normalization_

extern const Rewrite fuse_l2_normalization;
constinit const Rewrite fuse_l2_normalization = {
    .name = "fuse_l2_normalization",
    .summary = "x·rsqrt(Σx²) and x/√Σx² over the last axis, guarded by an epsilon or not, become l2_normalization(x)",
    .mathematics = "x/√max(Σx², ε) = x/max(√Σx², √ε); the operator has √ε = 1e-6. A larger ε matters for shorter vectors only",
    .toco = "IdentifyL2Normalization (which did not look at the axis)",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace fuse_l2_normalization_;
          const Pattern sum = total(one_of(op<Square>(x), product(x, x)), constant(axes));
          const Pattern length = one_of(sum, any_of<Maximum, Add>(guard, sum, constant(epsilon)));
          return one_of(root(x, op<Rsqrt>(length)), quotient(x, op<Sqrt>(length)));
        },
    .when = fuse_l2_normalization_::when,
    .build = [](const Match& m, Patch& p) { return std::vector<Value>{p.add<L2Normalization>({m[fuse_l2_normalization_::x]})}; },
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
