#include "ops/add/add.h"
#include "ops/average_pool_2d/average_pool_2d.h"
#include "ops/conv_2d/conv_2d.h"
#include "ops/depthwise_conv_2d/depthwise_conv_2d.h"
#include "ops/div/div.h"
#include "ops/fully_connected/fully_connected.h"
#include "ops/max_pool_2d/max_pool_2d.h"
#include "ops/mul/mul.h"
#include "ops/relu/relu.h"
#include "ops/relu6/relu6.h"
#include "ops/relu_n1_to_1/relu_n1_to_1.h"
#include "ops/reshape/reshape.h"
#include "ops/sub/sub.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace move_activation_before_reshape_ {
constexpr AnyVar activation{"activation"}, producer{"producer"};
constexpr NodeVar<Reshape> reshape{"reshape"};
constexpr Var shape{"shape"};

Verdict when(const Match& m) {
  if (m.type(producer).dtype != DType::F32) return m.reject("the value is {}, not float32", name(m.type(producer).dtype));
  if (m.node(producer).attrs.str().find("fused_activation_function") != std::string::npos)
    return m.reject("{} already has an activation", m.node(producer).op->name);
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) { return {p.add<Reshape>({p.copy(m.node(activation), {m[producer]}), m[shape]})}; }
}  // namespace move_activation_before_reshape_

extern const Rewrite move_activation_before_reshape;
constinit const Rewrite move_activation_before_reshape = {
    .name = "move_activation_before_reshape",
    .summary = "an activation behind a reshape moves to the operator that can apply it",
    .mathematics = "activations look at each element alone",
    .toco = "ReorderElementwiseUnary",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace move_activation_before_reshape_;
          return any_of<Relu, Relu6, ReluN1To1>(
              activation,
              reshape(any_of<Add, Sub, Mul, Div, Conv2D, DepthwiseConv2D, FullyConnected, AveragePool2D, MaxPool2D>(producer).with_rest().used_once(), shape)
                  .used_once());
        },
    .when = move_activation_before_reshape_::when,
    .build = move_activation_before_reshape_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
