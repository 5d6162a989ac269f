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
#include "ops/transpose/transpose.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace move_activation_before_movement_ {
constexpr AnyVar activation{"activation"}, movement{"movement"}, producer{"producer"};
constexpr Var how{"how"};

Verdict when(const Match& m) {
  if (m.type(producer).dtype != DType::F32) return m.reject("the value is {}, not float32", name(m.type(producer).dtype));
  if (activation_of(m.node(producer)) != Activation::None) return m.reject("{} already has an activation", m.node(producer).op->name);
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) { return {p.copy(m.node(movement), {p.copy(m.node(activation), {m[producer]}), m[how]})}; }
}  // namespace move_activation_before_movement_

extern const Rewrite move_activation_before_movement;
constinit const Rewrite move_activation_before_movement = {
    .name = "move_activation_before_movement",
    .summary = "an activation behind a reshape or a transpose moves to the operator that can apply it",
    .mathematics = "activations look at each element alone",
    .toco = "ReorderElementwiseUnary",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace move_activation_before_movement_;
          return any_of<Relu, Relu6, ReluN1To1>(
              activation,
              any_of<Reshape, Transpose>(
                  movement, any_of<Add, Sub, Mul, Div, Conv2D, DepthwiseConv2D, FullyConnected, AveragePool2D, MaxPool2D>(producer).with_rest().used_once(),
                  how)
                  .used_once());
        },
    .when = move_activation_before_movement_::when,
    .build = move_activation_before_movement_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
