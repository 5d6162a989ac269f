#include "ops/transpose_conv/transpose_conv.h"

#include "ir/quant_rule.h"
#include "ops/dot.h"
#include "ops/gradient_shape.h"
#include "ops/slice/slice.h"
#include "ops/transpose/transpose.h"
#include "ops/transpose_conv/transpose_conv_quantized.h"

namespace toucanet {
namespace ops::transpose_conv {

Status infer(InferContext& c) {
  const auto& a = c.attrs<TransposeConv>();
  const Shape &w = c.shape(1), &x = c.shape(2);
  CHECK_OK(check_list(c, 0));
  if (c.dtype(2) != c.dtype(1) && !(c.dtype(1) == DType::I8 && (c.dtype(2) == DType::F32 || c.dtype(2) == DType::I16)))
    return c.error("input is {}, filter is {}", name(c.dtype(2)), name(c.dtype(1)));
  if (a.stride_h < 1 || a.stride_w < 1) return c.error("strides must be positive");
  if ((x.ranked() && x.rank() != 4) || (w.ranked() && w.rank() != 4)) return c.error("input [{}] and filter [{}] must have rank 4", x.str(), w.str());
  if (c.shape(0).ranked() && differ(c.shape(0)[0], 4)) return c.error("the output shape has {} entries", c.shape(0)[0].str());
  if (x.ranked() && w.ranked() && differ(x[3], w[3])) return c.error("input has {} channels, filter expects {}", x[3].str(), w[3].str());
  if (c.has(3) && w.ranked() && c.shape(3).ranked() && (c.shape(3).rank() != 1 || differ(c.shape(3)[0], w[0])))
    return c.error("bias has the shape [{}], there are {} channels", c.shape(3).str(), w[0].str());
  const SpatialAxis axes[] = {{a.stride_h, 1}, {a.stride_w, 1}};
  TRY(Shape y, gradient_shape(c, a.padding, axes, 1, 0));
  c.out(c.dtype(2), std::move(y));
  return ok();
}

Status eval(EvalContext& c) {
  const auto& a = c.attrs<TransposeConv>();
  const Tensor &w = c.in(1), &x = c.in(2);
  Tensor& y = c.out();
  if (x.dtype != DType::F32 || w.dtype != DType::F32) return c.no_kernel(w.dtype);
  const int64_t h = x.dims[1], wd = x.dims[2], I = x.dims[3], O = w.dims[0], KH = w.dims[1], KW = w.dims[2], H = y.dims[1], W = y.dims[2];
  const int64_t top = window_padding(H, h, KH, a.stride_h, 1, a.padding), left = window_padding(W, wd, KW, a.stride_w, 1, a.padding);
  const float* xs = x.as<float>().data();
  const float* ws = w.as<float>().data();
  float* ys = y.as_mutable<float>().data();
  const bool empty = x.elements() == 0 || w.elements() == 0;
  for (int64_t n = 0; n < x.dims[0] && !empty; ++n)
    for (int64_t iy = 0; iy < h; ++iy)
      for (int64_t ix = 0; ix < wd; ++ix) {
        const float* p = xs + ((n * h + iy) * wd + ix) * I;
        for (int64_t ky = 0; ky < KH; ++ky) {
          const int64_t oy = iy * a.stride_h - top + ky;
          if (oy < 0 || oy >= H) continue;
          for (int64_t kx = 0; kx < KW; ++kx) {
            const int64_t ox = ix * a.stride_w - left + kx;
            if (ox < 0 || ox >= W) continue;
            float* to = ys + ((n * H + oy) * W + ox) * O;
            for (int64_t o = 0; o < O; ++o) to[o] += dot(p, ws + ((o * KH + ky) * KW + kx) * I, at(I));
          }
        }
      }
  const float* bias = c.has(3) ? c.in<float>(3).data() : nullptr;
  for (int64_t i = 0, n = y.elements(); i < n; ++i) ys[i] = activate(a.fused_activation_function, bias ? ys[i] + bias[i % O] : ys[i]);
  return ok();
}

// Explicit paddings: the whole of a VALID one, then cut.
Expected<std::vector<Value>> from_tf(TfNode& n) {
  n.nhwc();
  n.ignore("use_cudnn_on_gpu");
  const auto [sh, sw] = n.spatial("strides", {});
  const auto [dh, dw] = n.spatial("dilations", {1, 1, 1, 1});
  if (dh != 1 || dw != 1) n.refuse("dilations are not supported");
  const auto padding = n.string("padding", "");
  const auto amounts = n.ints("explicit_paddings", {});
  const Value shape = n.in(0), filter = n.in(1), x = n.in(2);
  if (padding != "SAME" && padding != "VALID" && (padding != "EXPLICIT" || amounts.size() != 8))
    n.refuse("padding '{}' is not SAME, VALID or EXPLICIT", padding);
  if (n.failed()) return std::vector<Value>{};
  const Value w = n.add<Transpose>({filter, n.ints_constant({2, 0, 1, 3})});
  Value size = n.as_i32(shape);
  const auto known = n.constant(0);
  if (known && known->elements() == 2) {
    const Shape &s = n.type(x).shape, &f = n.type(filter).shape;
    if (!s.ranked() || s.rank() != 4 || !s[0].known() || !f.ranked() || f.rank() != 4 || !f[2].known()) n.refuse("input_sizes has no batch and no channels");
    else size = n.ints_constant({s[0].value(), known->integer(0), known->integer(1), f[2].value()});
  }
  const TransposeConv::Attrs a{
      .padding = padding == "SAME" ? Padding::Same : Padding::Valid, .stride_w = static_cast<int32_t>(sw), .stride_h = static_cast<int32_t>(sh)};
  if (padding != "EXPLICIT" || n.failed()) return std::vector<Value>{n.add<TransposeConv>({size, w, x}, a)};
  const auto whole = known && known->elements() == 4 ? n.const_ints(0, "input_sizes") : std::vector<int64_t>{};
  if (whole.size() != 4) n.refuse("input_sizes must be constant with explicit paddings");
  for (int64_t v : amounts)
    if (v < 0 || v > (1 << 24)) n.refuse("a padding is {}", v);
  if (n.failed()) return std::vector<Value>{};
  const Value y =
      n.add<TransposeConv>({n.ints_constant({whole[0], whole[1] + amounts[2] + amounts[3], whole[2] + amounts[4] + amounts[5], whole[3]}), w, x}, a);
  return std::vector<Value>{n.add<Slice>({y, n.ints_constant({0, amounts[2], amounts[4], 0}), n.ints_constant(whole)})};
}
constexpr TfImport imports[] = {{"Conv2DBackpropInput", from_tf}};
int version(const OpView& v) {
  if (v.attrs.as<TransposeConv::Attrs>().fused_activation_function != Activation::None) return 4;
  return v.in.size() > 3 && v.in[3] ? 3 : v.type(1) == DType::I8 ? 2 : 1;
}
constexpr QuantRule quant{.data = 4, .weights = 1, .weights_axis = 0, .bias = 3};
}  // namespace ops::transpose_conv

constinit const OpDef TransposeConv::def = {
    .name = "transpose_conv",
    .summary = "the gradient of a convolution by its input",
    .inputs = "output_shape, filter, input, bias?",
    .attrs = &attr_ops<TransposeConv::Attrs>,
    .import_tf = ops::transpose_conv::imports,
    .infer = ops::transpose_conv::infer,
    .eval = ops::transpose_conv::eval,
    .eval_quantized = ops::transpose_conv::eval_quantized,
    .tflite = {.builtin = "TRANSPOSE_CONV",
               .options = "TransposeConvOptions",
               .types = {DType::F32},
               .quantized = {DType::I8, DType::U8, DType::I16},
               .typed_operand = 2,
               .max_rank = 4,
               .version = ops::transpose_conv::version},
    .quant = &ops::transpose_conv::quant,
};

}  // namespace toucanet
