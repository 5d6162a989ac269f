#include "ops/conv_3d_transpose/conv_3d_transpose.h"

#include "ops/dot.h"
#include "ops/gradient_shape.h"
#include "ops/window_3d.h"

namespace toucanet {
namespace ops::conv_3d_transpose {

// What certainly does not fit, before shapes of the result are looked at.
Status check(InferContext& c) {
  const Shape &s = c.shape(0), &w = c.shape(1), &x = c.shape(2);
  CHECK_OK(check_list(c, 0));
  if (c.dtype(2) != c.dtype(1)) return c.error("input is {}, filter is {}", name(c.dtype(2)), name(c.dtype(1)));
  for (const SpatialAxis& k : axes_of(c.attrs<Conv3DTranspose>()))
    if (k.stride < 1 || k.dilation < 1) return c.error("strides and dilations must be positive");
  if ((x.ranked() && x.rank() != 5) || (w.ranked() && w.rank() != 5)) return c.error("input [{}] and filter [{}] must have rank 5", x.str(), w.str());
  if (s.ranked() && differ(s[0], 5)) return c.error("the output shape has {} entries, not 5", s[0].str());
  if (x.ranked() && w.ranked() && differ(x[4], w[4])) return c.error("input has {} channels, filter expects {}", x[4].str(), w[4].str());
  for (size_t i = 0; i < 3 && w.ranked(); ++i)
    if (w[i].is(0)) return c.error("filter [{}] is empty", w.str());
  if (c.has(3) && w.ranked() && c.shape(3).ranked() && (c.shape(3).rank() != 1 || differ(c.shape(3)[0], w[3])))
    return c.error("bias has the shape [{}], there are {} channels", c.shape(3).str(), w[3].str());
  return ok();
}

Status infer(InferContext& c) {
  CHECK_OK(check(c));
  const auto& a = c.attrs<Conv3DTranspose>();
  TRY(Shape y, gradient_shape(c, a.padding, axes_of(a), 0, 3));
  c.out(c.dtype(2), std::move(y));
  return ok();
}

// Adds what one pixel of the input gives to the image that starts at `to`. first: where its window begins, in the image.
void spread(const float* pixel, const Tensor& w, const Tensor& y, const std::array<SpatialAxis, 3>& axes, const std::array<int64_t, 3>& first, float* to) {
  const int64_t O = w.dims[3], I = w.dims[4];
  const float* tap = w.as<float>().data();
  for (int64_t kz = 0; kz < w.dims[0]; ++kz)
    for (int64_t ky = 0; ky < w.dims[1]; ++ky)
      for (int64_t kx = 0; kx < w.dims[2]; ++kx, tap += O * I) {
        const int64_t z = first[0] + kz * axes[0].dilation, v = first[1] + ky * axes[1].dilation, u = first[2] + kx * axes[2].dilation;
        if (z < 0 || z >= y.dims[1] || v < 0 || v >= y.dims[2] || u < 0 || u >= y.dims[3]) continue;
        float* p = to + ((z * y.dims[2] + v) * y.dims[3] + u) * O;
        for (int64_t o = 0; o < O; ++o) p[o] += dot(pixel, tap + o * I, at(I));
      }
}

Status eval(EvalContext& c) {
  const auto& a = c.attrs<Conv3DTranspose>();
  const Tensor &w = c.in(1), &x = c.in(2);
  if (x.dtype != DType::F32) return c.no_kernel(x.dtype);
  Tensor& y = c.out();
  const auto axes = axes_of(a);
  const int64_t I = x.dims[4], O = w.dims[3], image = product(y.dims, 1, 5);
  std::array<int64_t, 3> before{};
  for (size_t i = 0; i < 3; ++i) before[i] = window_padding(y.dims[i + 1], x.dims[i + 1], w.dims[i], axes[i].stride, axes[i].dilation, a.padding);
  const float* pixel = x.as<float>().data();
  float* to = y.as_mutable<float>().data();
  const bool empty = x.elements() == 0 || w.elements() == 0;
  for (int64_t n = 0; n < x.dims[0] && !empty; ++n)
    for (int64_t z = 0; z < x.dims[1]; ++z)
      for (int64_t v = 0; v < x.dims[2]; ++v)
        for (int64_t u = 0; u < x.dims[3]; ++u, pixel += I)
          spread(pixel, w, y, axes, {z * axes[0].stride - before[0], v * axes[1].stride - before[1], u * axes[2].stride - before[2]}, to + n * image);
  const float* bias = c.has(3) ? c.in<float>(3).data() : nullptr;
  for (int64_t i = 0, n = y.elements(); i < n; ++i) to[i] = activate(a.fused_activation_function, bias ? to[i] + bias[i % O] : to[i]);
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  const auto a = import_conv_3d(n);
  return std::vector<Value>{n.add<Conv3DTranspose>({n.as_i32(n.in(0)), n.in(1), n.in(2)}, a)};
}
constexpr TfImport imports[] = {{"Conv3DBackpropInputV2", from_tf}};
Dim macs(const OpView& v) {
  Dim n = v.in[2]->shape.elements();
  for (size_t i = 0; i < 4; ++i) n = v.in[1]->shape.ranked() ? n * v.in[1]->shape[i] : Dim::unknown();
  return n;
}
}  // namespace ops::conv_3d_transpose

constinit const OpDef Conv3DTranspose::def = {
    .name = "conv_3d_transpose",
    .summary = "the gradient of a convolution in three dimensions by its input",
    .inputs = "output_shape, filter, input, bias?",
    .attrs = &attr_ops<Conv3DTranspose::Attrs>,
    .import_tf = ops::conv_3d_transpose::imports,
    .infer = ops::conv_3d_transpose::infer,
    .eval = ops::conv_3d_transpose::eval,
    .tflite = {.builtin = "CONV_3D_TRANSPOSE", .options = "Conv3DOptions", .types = {DType::F32}, .typed_operand = 2, .max_rank = 5},
    .macs = ops::conv_3d_transpose::macs,
};

}  // namespace toucanet
