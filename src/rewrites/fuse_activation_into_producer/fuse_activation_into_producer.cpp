#include "ops/add/add.h"
#include "ops/average_pool_2d/average_pool_2d.h"
#include "ops/conv_2d/conv_2d.h"
#include "ops/depthwise_conv_2d/depthwise_conv_2d.h"
#include "ops/div/div.h"
#include "ops/fully_connected/fully_connected.h"
#include "ops/l2_pool_2d/l2_pool_2d.h"
#include "ops/max_pool_2d/max_pool_2d.h"
#include "ops/mul/mul.h"
#include "ops/relu/relu.h"
#include "ops/relu6/relu6.h"
#include "ops/relu_n1_to_1/relu_n1_to_1.h"
#include "ops/sub/sub.h"
#include "ops/transpose_conv/transpose_conv.h"
#include "pipeline/rewrite.h"
#include "rewrites/activation.h"

namespace toucanet::rewrites {
namespace fuse_activation_into_producer_ {
constexpr AnyVar act{"activation"}, producer{"producer"};

Activation applied_by(const Node& n) { return n.is<Relu>() ? Activation::Relu : n.is<Relu6>() ? Activation::Relu6 : Activation::ReluN1To1; }

Verdict when(const Match& m) {
  if (m.type(producer).dtype != DType::F32) return m.reject("the value is {}, not float32", name(m.type(producer).dtype));
  const auto fields = m.node(producer).attrs.fields();
  const Activation* a = activation_field(fields);
  if (!a) return m.reject("{} has no activation", m.node(producer).op->name);
  if (*a != Activation::None) return m.reject("{} already has an activation", m.node(producer).op->name);
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Node& n = m.node(producer);
  const AttrOps& ops = *n.op->attrs;
  auto copy = ops.clone(n.attrs.raw());
  const auto fields = ops.fields(copy.get());
  *activation_field(fields) = applied_by(m.node(act));
  return {p.add(*n.op, n.inputs, Attrs(ops, copy))};
}
}  // namespace fuse_activation_into_producer_

extern const Rewrite fuse_activation_into_producer;
constinit const Rewrite fuse_activation_into_producer = {
    .name = "fuse_activation_into_producer",
    .summary = "relu, relu6 or relu_n1_to_1 after an operator that can apply it becomes its attribute",
    .toco = "FuseActivationFunctions",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace fuse_activation_into_producer_;
          return any_of<Relu, Relu6, ReluN1To1>(
              act, any_of<Add, Sub, Mul, Div, Conv2D, DepthwiseConv2D, FullyConnected, TransposeConv, AveragePool2D, MaxPool2D, L2Pool2D>(producer)
                       .with_rest()
                       .used_once());
        },
    .when = fuse_activation_into_producer_::when,
    .build = fuse_activation_into_producer_::build,
};
}  // namespace toucanet::rewrites
