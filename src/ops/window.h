#pragma once
// What convolutions and pools share: strides, dilations, padding, and their import from TensorFlow.
#include "import/graphdef/tf_node.h"
#include "ops/pad/pad.h"
#include "ops/shapes.h"

namespace toucanet {

/// Output height and width of a window over [N,H,W,C].
template <class A>
std::pair<Dim, Dim> window_shape(const Shape& x, int64_t kh, int64_t kw, const A& a, int64_t dilation_h = 1, int64_t dilation_w = 1) {
  return {window_output(x[1], kh, a.stride_h, dilation_h, a.padding), window_output(x[2], kw, a.stride_w, dilation_w, a.padding)};
}

/// The attribute `padding`; EXPLICIT pads the operand with zeros first.
inline Padding import_padding(TfNode& n, Value& x) {
  const auto p = n.string("padding", "SAME");
  const auto amounts = n.ints("explicit_paddings", {});
  if (p != "EXPLICIT" && !amounts.empty()) n.refuse("explicit_paddings belong to padding EXPLICIT, it is {}", p);
  if (p == "SAME") return Padding::Same;
  if (p == "VALID") return Padding::Valid;
  if (p != "EXPLICIT" || amounts.size() != 8) {
    n.refuse("padding '{}' is not SAME, VALID or EXPLICIT", p);
    return Padding::Valid;
  }
  if (amounts[0] || amounts[1] || amounts[6] || amounts[7]) n.refuse("explicit paddings of batch and channels must be 0");
  Tensor t = Tensor::of<int32_t>(DType::I32, {4, 2}, std::vector<int32_t>(amounts.begin(), amounts.end()));
  x = n.add<Pad>({x, n.constant(std::move(t))});
  return Padding::Valid;
}

}  // namespace toucanet
