#include "ops/add/add.h"
#include "ops/cast/cast.h"
#include "ops/div/div.h"
#include "ops/floor/floor.h"
#include "ops/greater_equal/greater_equal.h"
#include "ops/identity/identity.h"
#include "ops/mul/mul.h"
#include "ops/random_uniform/random_uniform.h"
#include "ops/select/select.h"
#include "ops/select_broadcast/select_broadcast.h"
#include "ops/sub/sub.h"
#include "rewrites/constants.h"
#include "runtime/execute.h"

namespace toucanet::rewrites {
namespace drop_dropout_ {
constexpr Var x{"x"}, shape{"shape"}, range{"range"}, low{"low"}, keep{"keep"}, rate{"rate"}, scale{"scale"}, divisor{"divisor"}, one{"one"}, bottom{"bottom"};
constexpr AnyVar choice{"choice"};
constexpr Var zero{"zero"};
constexpr NodeVar<Div> reciprocal{"reciprocal"};

// Through identities.
Value seen(const Graph& g, Value v) {
  while (v && g[v].is<Identity>()) v = g[v].inputs[0];
  return v;
}
bool equal(const Graph& g, Value a, Value b) {
  a = seen(g, a), b = seen(g, b);
  const auto p = uniform(g.constant(a)), q = uniform(g.constant(b));
  return a == b || (p && q && *p == *q);
}
// v is 1 − p.
bool is_rest(const Graph& g, Value v, Value p) {
  v = seen(g, v);
  const auto a = uniform(g.constant(v)), b = uniform(g.constant(seen(g, p)));
  if (a && b) return std::fabs(*a + *b - 1) < 1e-6;
  return g[v].is<Sub>() && all_are(g.constant(g[v].inputs[0]), 1) && equal(g, g[v].inputs[1], p);
}
// v is 1/p.
bool is_inverse(const Graph& g, Value v, Value p) {
  v = seen(g, v);
  const auto a = uniform(g.constant(v)), b = uniform(g.constant(seen(g, p)));
  if (a && b) return std::fabs(*a * *b - 1) < 1e-5;
  return g[v].is<Div>() && all_are(g.constant(g[v].inputs[0]), 1) && equal(g, g[v].inputs[1], p);
}

Verdict when(const Match& m) {
  const Graph& g = m.graph();
  // Not folded yet in the source that verification runs.
  if (m[range] && (!all_are(constant_value(g, m[range]).get(), 1) || !all_are(constant_value(g, m[low]).get(), 0)))
    return m.reject("the random numbers are not in 0 … 1");
  // The probability of keeping: floor(keep + r), or r ≥ rate. The scale must be its inverse.
  bool inverse = false;
  const Value factor = m[scale] ? m[scale] : m[reciprocal];
  if (m[keep]) {
    inverse = m[divisor] ? equal(g, m[divisor], m[keep]) : is_inverse(g, factor, m[keep]);
  } else if (m[divisor]) {
    inverse = is_rest(g, m[divisor], m[rate]);
  } else {
    const Value s = seen(g, factor);
    const auto a = uniform(g.constant(s)), r = uniform(m.constant(rate));
    if (a && r) inverse = std::fabs(*a * (1 - *r) - 1) < 1e-5;
    else inverse = g[s].is<Div>() && all_are(g.constant(g[s].inputs[0]), 1) && is_rest(g, g[s].inputs[1], m[rate]);
  }
  if (!inverse) return m.reject("the scale is not one over the probability of keeping a value");
  if (m[choice] && !all_are(m.constant(zero), 0)) return m.reject("what is dropped becomes {}, not 0", words(m.constant(zero)));
  // A probability is a scalar, also where the graph does not say so.
  if (m.root_type().shape.ranked() && !same(m.shape(x), m.root_type().shape))
    return m.reject("the mask broadcasts [{}] to [{}]", m.shape(x).str(), m.root_type().shape.str());
  return accept();
}
}  // namespace drop_dropout_

extern const Rewrite drop_dropout;
constinit const Rewrite drop_dropout = {
    .name = "drop_dropout",
    .summary = "dropout, x/keep·mask or select(mask, x/keep, 0) with a random mask, becomes x",
    .mathematics = "dropout is the identity in inference (keep = 1), and in the mean",
    .toco = "ResolveConstantRandomUniform (which made the mask a constant)",
    .stage = Stage::Clean,
    .pattern =
        [] {
          using namespace drop_dropout_;
          const Pattern uniform = op<RandomUniform>(shape);
          const Pattern random = one_of(uniform, op<Add>(op<Mul>(uniform, range), low));
          const Pattern mask = one_of(op<Floor>(op<Add>(random, keep)), op<Cast>(op<GreaterEqual>(random, rate)));
          const Pattern factor = one_of(constant(scale), reciprocal(constant(one), bottom));
          const Pattern scaled = one_of(op<Div>(x, divisor), op<Mul>(x, factor));
          return one_of(any_of<Select, SelectBroadcast>(choice, op<GreaterEqual>(random, rate), scaled, constant(zero)), op<Mul>(scaled, mask),
                        op<Mul>(op<Mul>(x, mask), factor), op<Div>(op<Mul>(x, mask), divisor));
        },
    .when = drop_dropout_::when,
    .build = [](const Match& m, Patch&) { return std::vector<Value>{m[drop_dropout_::x]}; },
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
