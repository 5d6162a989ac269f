#include "passes/bounds.h"

#include <cmath>
#include <map>

#include "ops/add/add.h"
#include "ops/add_n/add_n.h"
#include "ops/cast/cast.h"
#include "ops/concatenation/concatenation.h"
#include "ops/cos/cos.h"
#include "ops/fully_connected/fully_connected.h"
#include "ops/gather/gather.h"
#include "ops/logistic/logistic.h"
#include "ops/mul/mul.h"
#include "ops/neg/neg.h"
#include "ops/one_hot/one_hot.h"
#include "ops/relu/relu.h"
#include "ops/relu6/relu6.h"
#include "ops/relu_n1_to_1/relu_n1_to_1.h"
#include "ops/sin/sin.h"
#include "ops/softmax/softmax.h"
#include "ops/split/split.h"
#include "ops/sub/sub.h"
#include "ops/tanh/tanh.h"

namespace toucanet {
namespace {

using Bound = std::optional<double>;
constexpr double limit = 1e30;  // far below the largest float, so that no rounding reaches it

Bound of_constant(const Tensor& t) {
  if (t.dtype != DType::F32) return std::nullopt;
  double m = 0;
  for (int64_t i = 0; i < t.elements(); ++i) {
    const double v = std::fabs(t.number(i));
    if (!(v <= limit)) return std::nullopt;
    m = std::max(m, v);
  }
  return m;
}

Bound of_node(const Node& n, const Graph& g, const std::vector<Bound>& in) {
  const auto operand = [&](size_t i) { return i < in.size() ? in[i] : Bound{}; };
  const auto all = [&](auto combine) {
    Bound b = 0.0;
    for (const auto& x : in) {
      if (!x) return Bound{};
      b = combine(*b, *x);
    }
    return b;
  };
  if (n.is<Logistic>() || n.is<Tanh>() || n.is<Softmax>() || n.is<Sin>() || n.is<Cos>() || n.is<ReluN1To1>()) return operand(0) ? Bound(1.0) : Bound{};
  if (n.is<Relu6>()) return operand(0) ? Bound(6.0) : Bound{};
  if (n.is<Relu>() || n.is<Neg>()) return operand(0);
  if (n.is<Add>() || n.is<Sub>() || n.is<AddN>()) return all([](double a, double b) { return a + b; });
  if (n.is<Mul>()) return operand(0) && operand(1) ? Bound(*operand(0) * *operand(1)) : Bound{};
  if (n.is<Concatenation>()) return all([](double a, double b) { return std::max(a, b); });
  if (n.is<Gather>()) return operand(0);
  if (n.is<Split>()) return operand(1);
  if (n.is<OneHot>()) return operand(2) && operand(3) ? Bound(std::max(*operand(2), *operand(3))) : Bound{};
  if (n.is<Cast>()) return is_int(g.type(n.inputs[0]).dtype) || g.type(n.inputs[0]).dtype == DType::Bool ? Bound(2e19) : operand(0);
  if (n.is<FullyConnected>()) {
    const Shape& w = g.type(n.inputs[1]).shape;
    if (!operand(0) || !operand(1) || !w.is_static() || (in.size() > 2 && n.inputs[2] && !in[2])) return std::nullopt;
    return *operand(0) * *operand(1) * static_cast<double>(w[1].value()) + (in.size() > 2 && in[2] ? *in[2] : 0.0);
  }
  if (n.op->is(Movement)) return operand(0);
  return std::nullopt;
}

}  // namespace

std::optional<double> magnitude_bound(const Graph& g, Value v) {
  std::map<NodeId, Bound> known;
  std::vector<NodeId> stack{v.node};
  while (!stack.empty()) {
    if (known.size() > 512 || stack.size() > 512) return std::nullopt;
    const NodeId id = stack.back();
    const Node& n = g[id];
    if (known.count(id)) {
      stack.pop_back();
      continue;
    }
    if (n.constant || n.is<Input>()) {
      known[id] = n.constant ? of_constant(*n.constant) : std::nullopt;
      stack.pop_back();
      continue;
    }
    bool ready = true;
    for (Value i : n.inputs)
      if (i && !known.count(i.node)) stack.push_back(i.node), ready = false;
    if (!ready) continue;
    std::vector<Bound> in;
    for (Value i : n.inputs) in.push_back(i ? known[i.node] : Bound{});
    Bound b = of_node(n, g, in);
    if (b && !(*b <= limit)) b.reset();
    known[id] = b;
    stack.pop_back();
  }
  return known[v.node];
}

}  // namespace toucanet
