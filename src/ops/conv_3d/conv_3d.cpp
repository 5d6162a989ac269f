#include "ops/conv_3d/conv_3d.h"

#include "ops/window_3d.h"

namespace toucanet {
namespace ops::conv_3d {

Status infer(InferContext& c) {
  const auto& a = c.attrs<Conv3D>();
  const Shape &x = c.shape(0), &w = c.shape(1);
  if (c.dtype(0) != c.dtype(1)) return c.error("input is {}, filter is {}", name(c.dtype(0)), name(c.dtype(1)));
  const auto axes = axes_of(a);
  for (const SpatialAxis& k : axes)
    if (k.stride < 1 || k.dilation < 1) return c.error("strides and dilations must be positive");
  if ((x.ranked() && x.rank() != 5) || (w.ranked() && w.rank() != 5)) return c.error("input [{}] and filter [{}] must have rank 5", x.str(), w.str());
  if (!x.ranked() || !w.ranked()) return c.out(c.dtype(0), Shape::of_rank(5)), ok();
  if (differ(x[4], w[3])) return c.error("input has {} channels, filter expects {}", x[4].str(), w[3].str());
  if (c.has(2) && c.shape(2).ranked() && (c.shape(2).rank() != 1 || differ(c.shape(2)[0], w[4])))
    return c.error("bias has the shape [{}], there are {} filters", c.shape(2).str(), w[4].str());
  Dims d{x[0]};
  for (size_t i = 0; i < 3; ++i) {
    if (w[i].is(0)) return c.error("filter [{}] is empty", w.str());
    d.push_back(w[i].known() ? window_output(x[i + 1], w[i].value(), axes[i].stride, axes[i].dilation, a.padding) : Dim::unknown());
  }
  d.push_back(w[4]);
  c.out(c.dtype(0), Shape(std::move(d)));
  return ok();
}

Status eval(EvalContext& c) {
  const auto& a = c.attrs<Conv3D>();
  const Tensor &x = c.in(0), &w = c.in(1);
  if (x.dtype != DType::F32) return c.no_kernel(x.dtype);
  Tensor& y = c.out();
  const auto axes = axes_of(a);
  const int64_t I = x.dims[4], O = w.dims[4];
  std::array<int64_t, 3> before{};
  for (size_t i = 0; i < 3; ++i) before[i] = window_padding(x.dims[i + 1], y.dims[i + 1], w.dims[i], axes[i].stride, axes[i].dilation, a.padding);
  const auto from = [&](size_t i, int64_t out, int64_t tap) { return out * axes[i].stride - before[i] + tap * axes[i].dilation; };
  const auto inside = [&](size_t i, int64_t at) { return at >= 0 && at < x.dims[i + 1]; };
  const float* bias = c.has(2) ? c.in<float>(2).data() : nullptr;
  const float *xs = x.as<float>().data(), *ws = w.as<float>().data();
  float* to = y.as_mutable<float>().data();
  for (int64_t n = 0; n < y.dims[0]; ++n)
    for (int64_t oz = 0; oz < y.dims[1]; ++oz)
      for (int64_t oy = 0; oy < y.dims[2]; ++oy)
        for (int64_t ox = 0; ox < y.dims[3]; ++ox, to += O) {
          for (int64_t o = 0; o < O; ++o) to[o] = bias ? bias[o] : 0.0f;
          const float* tap = ws;
          for (int64_t kz = 0; kz < w.dims[0]; ++kz)
            for (int64_t ky = 0; ky < w.dims[1]; ++ky)
              for (int64_t kx = 0; kx < w.dims[2]; ++kx, tap += I * O) {
                const int64_t iz = from(0, oz, kz), iy = from(1, oy, ky), ix = from(2, ox, kx);
                if (!inside(0, iz) || !inside(1, iy) || !inside(2, ix)) continue;
                const float* p = xs + (((n * x.dims[1] + iz) * x.dims[2] + iy) * x.dims[3] + ix) * I;
                for (int64_t i = 0; i < I; ++i)
                  for (int64_t o = 0; o < O; ++o) to[o] += p[i] * tap[i * O + o];
              }
          for (int64_t o = 0; o < O; ++o) to[o] = activate(a.fused_activation_function, to[o]);
        }
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  const auto a = import_conv_3d(n);
  return std::vector<Value>{n.add<Conv3D>({n.in(0), n.in(1)}, a)};
}
constexpr TfImport imports[] = {{"Conv3D", from_tf}};
Dim macs(const OpView& v) {
  Dim n = v.out[0]->shape.elements();
  for (size_t i = 0; i < 4; ++i) n = v.in[1]->shape.ranked() ? n * v.in[1]->shape[i] : Dim::unknown();
  return n;
}
}  // namespace ops::conv_3d

constinit const OpDef Conv3D::def = {
    .name = "conv_3d",
    .summary = "activation(conv(input, filter) + bias) in three dimensions",
    .inputs = "input, filter, bias?",
    .attrs = &attr_ops<Conv3D::Attrs>,
    .import_tf = ops::conv_3d::imports,
    .infer = ops::conv_3d::infer,
    .eval = ops::conv_3d::eval,
    .tflite = {.builtin = "CONV_3D", .options = "Conv3DOptions", .types = {DType::F32}, .max_rank = 5},
    .macs = ops::conv_3d::macs,
};

}  // namespace toucanet
