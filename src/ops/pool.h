#pragma once
// Maker of the pooling operators over [N,H,W,C].
#include "ir/quant_rule.h"
#include "ops/quantized.h"
#include "ops/window.h"

namespace toucanet {

template <class Op>
Status infer_pool(InferContext& c) {
  const auto& a = c.attrs<Op>();
  const Shape& x = c.shape(0);
  if (a.stride_h < 1 || a.stride_w < 1 || a.filter_height < 1 || a.filter_width < 1) return c.error("windows and strides must be positive");
  if (!x.ranked()) return c.out(c.dtype(0), Shape::of_rank(4)), ok();
  if (x.rank() != 4) return c.error("the operand [{}] must have rank 4", x.str());
  const auto [h, w] = window_shape(x, a.filter_height, a.filter_width, a);
  c.out(c.dtype(0), Shape({x[0], h, w, x[3]}));
  return ok();
}

/// Folds `step(acc, x)` over the valid elements of each window; `finish(acc, count)` gives the result.
template <class Op, class Start, class Step, class Finish>
Status eval_pool(EvalContext& c, Start start, Step step, Finish finish) {
  const auto& a = c.attrs<Op>();
  const Tensor& x = c.in(0);
  if (x.dtype != DType::F32) return c.no_kernel(x.dtype);
  Tensor& y = c.out();
  const int64_t H = x.dims[1], W = x.dims[2], C = x.dims[3], OH = y.dims[1], OW = y.dims[2];
  const int64_t top = window_padding(H, OH, a.filter_height, a.stride_h, 1, a.padding), left = window_padding(W, OW, a.filter_width, a.stride_w, 1, a.padding);
  const float* xs = x.as<float>().data();
  float* to = y.as_mutable<float>().data();
  for (int64_t n = 0; n < x.dims[0]; ++n)
    for (int64_t oy = 0; oy < OH; ++oy)
      for (int64_t ox = 0; ox < OW; ++ox, to += C) {
        const int64_t y0 = std::max<int64_t>(0, oy * a.stride_h - top), y1 = std::min(H, oy * a.stride_h - top + a.filter_height);
        const int64_t x0 = std::max<int64_t>(0, ox * a.stride_w - left), x1 = std::min(W, ox * a.stride_w - left + a.filter_width);
        for (int64_t ch = 0; ch < C; ++ch) to[ch] = start;
        for (int64_t iy = y0; iy < y1; ++iy)
          for (int64_t ix = x0; ix < x1; ++ix) {
            const float* p = xs + ((n * H + iy) * W + ix) * C;
            for (int64_t ch = 0; ch < C; ++ch) to[ch] = step(to[ch], p[ch]);
          }
        const auto count = static_cast<float>(std::max<int64_t>(0, y1 - y0) * std::max<int64_t>(0, x1 - x0));
        for (int64_t ch = 0; ch < C; ++ch) to[ch] = activate(a.fused_activation_function, finish(to[ch], count));
      }
  return ok();
}

/// The same on stored numbers of type T; TFLite does not rescale them. Fn::start<T>(),
/// Fn::step(acc, x), Fn::finish<T>(acc, count).
template <class Op, class Fn, class T>
Status pool_stored(EvalContext& c) {
  const auto& a = c.attrs<Op>();
  const Tensor &x = c.in(0), &y = c.out();
  TRY(const Affine sy, affine_out(c));
  const QuantizedRange range = activation_range(a.fused_activation_function, sy, y.dtype);
  const int64_t H = x.dims[1], W = x.dims[2], C = x.dims[3], OH = y.dims[1], OW = y.dims[2];
  const int64_t top = window_padding(H, OH, a.filter_height, a.stride_h, 1, a.padding), left = window_padding(W, OW, a.filter_width, a.stride_w, 1, a.padding);
  const T* xs = x.as<T>().data();
  T* to = c.out<T>().data();
  std::vector<int32_t> acc(static_cast<size_t>(C));
  for (int64_t n = 0; n < x.dims[0]; ++n)
    for (int64_t oy = 0; oy < OH; ++oy)
      for (int64_t ox = 0; ox < OW; ++ox, to += C) {
        const int64_t y0 = std::max<int64_t>(0, oy * a.stride_h - top), y1 = std::min(H, oy * a.stride_h - top + a.filter_height);
        const int64_t x0 = std::max<int64_t>(0, ox * a.stride_w - left), x1 = std::min(W, ox * a.stride_w - left + a.filter_width);
        if (y0 >= y1 || x0 >= x1) return c.error("a window lies outside of the image");
        std::fill(acc.begin(), acc.end(), Fn::template start<T>());
        for (int64_t iy = y0; iy < y1; ++iy)
          for (int64_t ix = x0; ix < x1; ++ix) {
            const T* p = xs + ((n * H + iy) * W + ix) * C;
            for (size_t ch = 0; ch < acc.size(); ++ch) acc[ch] = Fn::step(acc[ch], p[ch]);
          }
        const auto count = static_cast<int32_t>((y1 - y0) * (x1 - x0));
        for (size_t ch = 0; ch < acc.size(); ++ch) to[ch] = static_cast<T>(std::clamp(Fn::template finish<T>(acc[ch], count), range.low, range.high));
      }
  return ok();
}
template <class Op, class Fn>
Status eval_pool_quantized(EvalContext& c) {
  Status done = c.no_kernel(c.in(0).dtype);
  dispatch_quantized(c.in(0).dtype, [&]<class T>(T) { done = pool_stored<Op, Fn, T>(c); });
  return done;
}
inline constexpr DTypes pooled_types{DType::I8, DType::U8, DType::I16};

inline int pool_version(const OpView& v) { return v.type(0) == DType::I16 ? 3 : v.type(0) == DType::I8 ? 2 : 1; }

template <class Op>
Expected<std::vector<Value>> import_pool(TfNode& n) {
  n.nhwc();
  n.ignore("T");
  const auto [kh, kw] = n.spatial("ksize", {});
  const auto [stride_h, stride_w] = n.spatial("strides", {});
  const auto p = n.string("padding", "SAME");
  if (!n.ints("explicit_paddings", {}).empty() || (p != "SAME" && p != "VALID")) n.refuse("padding '{}' is not SAME or VALID", p);
  return std::vector<Value>{n.add<Op>({n.in(0)}, {.padding = p == "VALID" ? Padding::Valid : Padding::Same,
                                                  .stride_w = static_cast<int32_t>(stride_w),
                                                  .stride_h = static_cast<int32_t>(stride_h),
                                                  .filter_width = static_cast<int32_t>(kw),
                                                  .filter_height = static_cast<int32_t>(kh)})};
}

template <class Op>
constexpr OpDef pool(std::string_view name, std::string_view summary, std::span<const TfImport> imports, Status (*eval)(EvalContext&),
                     std::string_view builtin) {
  return OpDef{.name = name,
               .summary = summary,
               .inputs = "x",
               .outputs = "y",
               .attrs = &attr_ops<typename Op::Attrs>,
               .import_tf = imports,
               .infer = infer_pool<Op>,
               .eval = eval,
               .tflite = {.builtin = builtin, .options = "Pool2DOptions", .types = {DType::F32}, .max_rank = 4}};
}

// A pool that also has stored (8- and 16-bit) kernels; Fn says how a window is reduced.
template <class Op, class Fn>
constexpr OpDef quantized_pool(OpDef d) {
  d.eval_quantized = eval_pool_quantized<Op, Fn>;
  d.tflite.quantized = pooled_types;
  d.tflite.version = pool_version;
  return with_quant(d, quant_rules::same);
}

}  // namespace toucanet
