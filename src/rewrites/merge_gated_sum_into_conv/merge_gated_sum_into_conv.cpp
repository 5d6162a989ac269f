#include "ops/add/add.h"
#include "ops/average_pool_2d/average_pool_2d.h"
#include "ops/concatenation/concatenation.h"
#include "ops/logistic/logistic.h"
#include "ops/mean/mean.h"
#include "ops/mul/mul.h"
#include "rewrites/constants.h"
#include "rewrites/pointwise.h"

namespace toucanet::rewrites {
namespace merge_gated_sum_into_conv_ {
constexpr NodeVar<Conv2D> conv{"conv"}, projection{"projection"};
constexpr NodeVar<Add> sum{"sum"};
constexpr NodeVar<Mul> product{"product"};
constexpr NodeVar<Concatenation> joined{"joined"};
constexpr AnyVar pool{"pool"}, squeeze{"squeeze"}, excite{"excite"};
constexpr Var a{"a"}, c{"c"}, x{"x"};

/// Multiplications that one operator less may cost.
constexpr int64_t most_multiplications = int64_t{256} * 1024;

Pattern added() { return one_of(projection(x).with_rest(), c); }
Pattern gate() {
  const Pattern both = one_of(joined(a, added()), joined(added(), a));
  const Pattern small = any_of<Conv2D, FullyConnected>(squeeze, any_of<AveragePool2D, Mean>(pool, both).with_rest()).with_rest();
  return op<Logistic>(any_of<Conv2D, FullyConnected>(excite, small).with_rest().used_once()).used_once();
}

int64_t channels(const Shape& s) { return s.ranked() && s.rank() == 4 && s[3].known() ? s[3].value() : 0; }
Value other(const Match& m) { return m[projection] ? m[projection] : m[c]; }

/// Empty where the projection can move into the filters of all that reads it: c's place is taken by x.
std::string not_through_projection(const Match& m) {
  const Graph& g = m.graph();
  if (!m[projection]) return "the sum's other operand is no convolution";
  if (auto why = not_pointwise(g, m.node(projection)); !why.empty()) return why;
  if (m.attrs(projection).fused_activation_function != Activation::None) return "the convolution before the sum has an activation";
  if (g.uses(m[projection]).size() != 2) return "the convolution before the sum is read elsewhere";
  for (Value v : {m[joined], m[pool], m[squeeze]})
    if (g.uses(v).size() != 1) return fmt::format("{} is read elsewhere", g.describe(v.node));
  if (channels(m.shape(x)) > 2 * channels(m.shape(a))) return fmt::format("{} channels would be gated for {}", channels(m.shape(x)), channels(m.shape(a)));
  return {};
}

Verdict when(const Match& m) {
  if (m.root_type().dtype != DType::F32) return m.reject("the convolution is {}, not float32", name(m.root_type().dtype));
  for (Value v : {m[conv], m[squeeze], m[excite]})
    if (auto why = not_pointwise(m.graph(), m.graph()[v]); !why.empty()) return m.reject("{}", why);
  for (Value v : {m[sum], m[product], m[joined], m[excite], m[pool]})
    if (activation_of(m.graph()[v]) != Activation::None) return m.reject("an activation stands between the gate and the convolution");
  const Shape& s = m.shape(a);
  const int64_t n = channels(s);
  if (n == 0 || !same(s, m.shape(sum)) || !same(s, m.shape(product)) || !same(s, m.graph().type(other(m)).shape))
    return m.reject("the sum's operands [{}] and [{}] are not of one known size", s.str(), m.graph().type(other(m)).shape.str());
  const Tensor& filter = *m.graph().constant(m.node(excite).inputs[1]);
  if (filter.dims[0] != n || channels(m.shape(joined)) != 2 * n || channels(m.shape(excite)) != n)
    return m.reject("the gate does not have the {} channels of the sum", n);
  const auto why = not_through_projection(m);
  if (why.empty()) return accept();
  const int64_t more = s[1].known() && s[2].known() ? s[1].value() * s[2].value() * n * channels(m.root_type().shape) : most_multiplications + 1;
  if (more > most_multiplications) return m.reject("{}, and to gate it too would cost {} multiplications", why, more);
  return accept();
}

std::optional<FilterMatrix> bias_of(const Graph& g, const Node& layer) {
  if (layer.inputs.size() < 3 || !layer.inputs[2]) return std::nullopt;
  return FilterMatrix::of(*g.constant(layer.inputs[2]));
}
FilterMatrix filter_of(const Graph& g, const Node& layer) { return FilterMatrix::of(*g.constant(layer.inputs[1])); }
std::optional<FilterMatrix> sum_of(const std::optional<FilterMatrix>& u, const std::optional<FilterMatrix>& v) { return u && v ? u->plus(*v) : u ? u : v; }

Value copy_of(Patch& p, const Node& layer, Value in, const FilterMatrix& w, const std::optional<FilterMatrix>& bias) {
  const auto dims = layer.is<Conv2D>() ? std::vector<int64_t>{w.rows, 1, 1, w.columns} : std::vector<int64_t>{w.rows, w.columns};
  std::vector<Value> operands{in, p.constant(w.as_tensor(dims))};
  if (bias) operands.push_back(p.constant(bias->as_tensor({bias->rows})));
  return p.copy(layer, std::move(operands));
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Graph& g = m.graph();
  const Node &join = m.node(joined), &reduce = m.node(squeeze), &open = m.node(excite), &mix = m.node(conv);
  const bool behind = join.inputs[0] == m[a];  // c stands behind a
  const auto in_order = [&](const FilterMatrix& of_a, const FilterMatrix& of_c) { return behind ? of_a.beside(of_c) : of_c.beside(of_a); };
  const int64_t n = channels(m.shape(a));

  Value both = m[joined], small = m[squeeze];
  FilterMatrix w = filter_of(g, mix), w_added = w;
  auto bias = bias_of(g, mix);
  if (not_through_projection(m).empty()) {
    const FilterMatrix v = filter_of(g, m.node(projection));
    const auto v_bias = bias_of(g, m.node(projection));
    const auto through = [&](const FilterMatrix& f) { return v_bias ? std::optional(f.times(*v_bias)) : std::nullopt; };
    both = p.copy(join, behind ? std::vector{m[a], m[x]} : std::vector{m[x], m[a]});
    std::vector<Value> pooled = m.node(pool).inputs;
    pooled[0] = both;
    const Tensor& t = *g.constant(reduce.inputs[1]);
    const auto t_a = FilterMatrix::of(t, behind ? 0 : n, n), t_c = FilterMatrix::of(t, behind ? n : 0, n);
    small = copy_of(p, reduce, p.copy(m.node(pool), std::move(pooled)), in_order(t_a, t_c.times(v)), sum_of(bias_of(g, reduce), through(t_c)));
    bias = sum_of(bias, through(w));
    w_added = w.times(v);
  }
  const auto open_bias = bias_of(g, open);
  const Value opened = copy_of(p, open, small, filter_of(g, open).with_zero_rows(w_added.columns, behind),
                               open_bias ? std::optional(open_bias->with_zero_rows(w_added.columns, behind)) : std::nullopt);
  const Value gated = p.add<Mul>({both, p.add<Logistic>({opened})});
  return {copy_of(p, mix, gated, in_order(w, w_added.times(2.0)), bias)};
}
}  // namespace merge_gated_sum_into_conv_

extern const Rewrite merge_gated_sum_into_conv;
constinit const Rewrite merge_gated_sum_into_conv = {
    .name = "merge_gated_sum_into_conv",
    .summary = "a 1x1 convolution of a·gate + c, where the gate is made from [a, c], becomes one of [a, c]·[gate, 1/2]; so does one of a·gate + v(x)",
    .mathematics = "w·(a·σ(g) + v·x + d) + b = [w, 2w·v]·([a, x]·σ([g, 0])) + (w·d + b), for σ(0) = 1/2; t·mean[a, v·x + d] = [t₁, t₂·v]·mean[a, x] + t₂·d",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace merge_gated_sum_into_conv_;
          return conv(sum(product(a, gate()).used_once(), added()).used_once()).with_rest();
        },
    .when = merge_gated_sum_into_conv_::when,
    .build = merge_gated_sum_into_conv_::build,
    .makes_values = true,
};
}  // namespace toucanet::rewrites
