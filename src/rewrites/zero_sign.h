#pragma once
// Whether somebody can tell −0 from 0.
#include <unordered_set>

#include "ops/abs/abs.h"
#include "ops/add/add.h"
#include "ops/average_pool_2d/average_pool_2d.h"
#include "ops/batch_matmul/batch_matmul.h"
#include "ops/conv_2d/conv_2d.h"
#include "ops/cos/cos.h"
#include "ops/depthwise_conv_2d/depthwise_conv_2d.h"
#include "ops/div/div.h"
#include "ops/exp/exp.h"
#include "ops/floor_div/floor_div.h"
#include "ops/fully_connected/fully_connected.h"
#include "ops/log/log.h"
#include "ops/log_softmax/log_softmax.h"
#include "ops/logistic/logistic.h"
#include "ops/mean/mean.h"
#include "ops/softmax/softmax.h"
#include "ops/square/square.h"
#include "ops/sub/sub.h"
#include "ops/sum/sum.h"
#include "ops/transpose_conv/transpose_conv.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {

/// No result is another for −0 than for 0, or only in the sign of zero itself where `n` only adds constants.
inline bool forgets_zero_sign(const Graph& g, const Node& n) {
  constexpr const OpDef* all[] = {&Abs::def,     &AveragePool2D::def,  &BatchMatmul::def, &Conv2D::def,       &Cos::def,      &DepthwiseConv2D::def,
                                  &Exp::def,     &FullyConnected::def, &Log::def,         &LogSoftmax::def,   &Logistic::def, &Mean::def,
                                  &Softmax::def, &Square::def,         &Sum::def,         &TransposeConv::def};
  if (std::find(std::begin(all), std::end(all), n.op) != std::end(all)) return true;
  if (!n.is<Add>() && !n.is<Sub>()) return false;
  const Tensor* c = g.constant(n.inputs[1]) ? g.constant(n.inputs[1]) : g.constant(n.inputs[0]);
  for (int64_t i = 0; c && i < c->elements(); ++i)
    if (c->number(i) == 0) return false;
  return c != nullptr;
}

/// Nullptr, or the node that sees the sign of v where v is zero; also where the search grows too long.
inline const Node* who_sees_zero_sign(const Graph& g, Value v) {
  std::unordered_set<uint32_t> seen;
  std::vector<Value> open{v};
  while (!open.empty()) {
    const Value x = open.back();
    open.pop_back();
    for (const Use& u : g.uses(x)) {
      if (!u.node) continue;  // outputs: zeros are equal
      const Node& n = g[u.node];
      const bool dividend = u.index == 0 && (n.is<Div>() || n.is<FloorDiv>());
      if ((n.op->is(ZeroSign) && !dividend) || seen.size() > 1000) return &n;
      if (forgets_zero_sign(g, n) || !seen.insert(u.node.index).second) continue;
      for (uint32_t s = 0; s < n.outputs.size(); ++s)
        if (is_float(n.outputs[s].type.dtype)) open.push_back({u.node, s});
    }
  }
  return nullptr;
}

}  // namespace toucanet::rewrites
