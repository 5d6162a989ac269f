#include "ops/resize_bilinear/resize_bilinear.h"

#include "ir/quant_rule.h"
#include "ops/cast/cast.h"
#include "ops/quantized.h"
#include "ops/resize.h"
#include "ops/resize_bilinear/resize_bilinear_kernels.h"

namespace toucanet {
namespace ops::resize_bilinear {
// With both, TensorFlow Lite reads beyond the image.
Status infer(InferContext& c) {
  const auto& a = c.attrs<ResizeBilinear>();
  if (a.align_corners && a.half_pixel_centers) return c.error("align_corners and half_pixel_centers exclude each other");
  return infer_resize<ResizeBilinear>(c);
}
// Taps one by one: a table of them may need more memory than the result.
struct Taps {
  ResizeScale scale;
  int64_t in, out;
  Taps(int64_t n, int64_t m, const ResizeBilinear::Attrs& a) : scale(n, m, a.align_corners, a.half_pixel_centers), in(n), out(m) {}
  Tap operator[](int64_t o) const {
    const float at = scale.half_pixel ? (static_cast<float>(o) + 0.5f) * scale.scale - 0.5f : static_cast<float>(o) * scale.scale;
    const int64_t low = std::clamp<int64_t>(static_cast<int64_t>(std::floor(at)), 0, in - 1);
    // Before the first row the weight is negative, of equal rows: uint8 results are rounded so.
    return {low, std::min(static_cast<int64_t>(std::ceil(at)), in - 1), at - static_cast<float>(low)};
  }
};
struct FixedTaps {
  int64_t in, out, scale;
  bool half_pixel;
  FixedTaps(int64_t n, int64_t m, const ResizeBilinear::Attrs& a)
      : in(n), out(m), scale(a.align_corners && m > 1 ? ((n - 1) * 1024 + (m - 1) / 2) / (m - 1) : (n * 1024 + m / 2) / m), half_pixel(a.half_pixel_centers) {}
  FixedTap operator[](int64_t o) const {
    const int64_t at = half_pixel ? o * scale + scale / 2 - 512 : o * scale;
    const int64_t low = std::max<int64_t>(at / 1024, 0);
    return {low, std::min((at + 1023) / 1024, in - 1), at - 1024 * low};
  }
};
template <class T, class All>
std::vector<T> table(const All& all) {
  std::vector<T> t(static_cast<size_t>(all.out));
  for (int64_t o = 0; o < all.out; ++o) t[static_cast<size_t>(o)] = all[o];
  return t;
}
std::vector<Tap> taps(int64_t in, int64_t out, const ResizeBilinear::Attrs& a) { return table<Tap>(Taps(in, out, a)); }
std::vector<FixedTap> fixed_taps(int64_t in, int64_t out, const ResizeBilinear::Attrs& a) { return table<FixedTap>(FixedTaps(in, out, a)); }

Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  if (x.dtype != DType::F32) return c.no_kernel(x.dtype);
  const Tensor& y = c.out();
  if (y.elements() == 0) return ok();
  const int64_t h = x.dims[1], w = x.dims[2], n = x.dims[3];
  const Taps rows(h, y.dims[1], c.attrs<ResizeBilinear>()), columns(w, y.dims[2], c.attrs<ResizeBilinear>());
  const float* from = x.as<float>().data();
  float* to = c.out<float>().data();
  for (int64_t b = 0; b < x.dims[0]; ++b, from += h * w * n)
    for (int64_t row_at = 0; row_at < rows.out; ++row_at)
      for (int64_t column_at = 0; column_at < columns.out; ++column_at) {
        const Tap r = rows[row_at], k = columns[column_at];
        for (int64_t i = 0; i < n; ++i) {
          const auto at = [&](int64_t row, int64_t column) { return from[(row * w + column) * n + i]; };
          const float top = at(r.low, k.low) + (at(r.low, k.high) - at(r.low, k.low)) * k.weight;
          const float bottom = at(r.high, k.low) + (at(r.high, k.high) - at(r.high, k.low)) * k.weight;
          *to++ = top + (bottom - top) * r.weight;
        }
      }
  return ok();
}
template <class T>
void interpolate(EvalContext& c) {
  const Tensor &x = c.in(0), &y = c.out();
  const int64_t h = x.dims[1], w = x.dims[2], n = x.dims[3];
  const FixedTaps rows(h, y.dims[1], c.attrs<ResizeBilinear>()), columns(w, y.dims[2], c.attrs<ResizeBilinear>());
  const T* from = x.as<T>().data();
  T* to = c.out<T>().data();
  for (int64_t b = 0; b < x.dims[0]; ++b, from += h * w * n)
    for (int64_t row_at = 0; row_at < rows.out; ++row_at)
      for (int64_t column_at = 0; column_at < columns.out; ++column_at) {
        const FixedTap r = rows[row_at], k = columns[column_at];
        for (int64_t i = 0; i < n; ++i) {
          const auto at = [&](int64_t row, int64_t column) { return int64_t{from[(row * w + column) * n + i]}; };
          const int64_t sum = (at(r.low, k.low) * (1024 - k.weight) + at(r.low, k.high) * k.weight) * (1024 - r.weight) +
                              (at(r.high, k.low) * (1024 - k.weight) + at(r.high, k.high) * k.weight) * r.weight;
          *to++ = static_cast<T>((sum + (sum > 0 ? 1 << 19 : -(1 << 19))) / (1 << 20));
        }
      }
}
// uint8: four products in float32 and a half, then cut.
void interpolate_u8(EvalContext& c) {
  const Tensor &x = c.in(0), &y = c.out();
  const int64_t h = x.dims[1], w = x.dims[2], n = x.dims[3];
  const Taps rows(h, y.dims[1], c.attrs<ResizeBilinear>()), columns(w, y.dims[2], c.attrs<ResizeBilinear>());
  const uint8_t* from = x.as<uint8_t>().data();
  uint8_t* to = c.out<uint8_t>().data();
  for (int64_t b = 0; b < x.dims[0]; ++b, from += h * w * n)
    for (int64_t row_at = 0; row_at < rows.out; ++row_at)
      for (int64_t column_at = 0; column_at < columns.out; ++column_at) {
        const Tap r = rows[row_at], k = columns[column_at];
        for (int64_t i = 0; i < n; ++i) {
          const auto at = [&](int64_t row, int64_t column) { return static_cast<float>(from[(row * w + column) * n + i]); };
          const float sum = at(r.low, k.low) * (1 - r.weight) * (1 - k.weight) + at(r.high, k.low) * r.weight * (1 - k.weight) +
                            at(r.low, k.high) * (1 - r.weight) * k.weight + at(r.high, k.high) * r.weight * k.weight;
          *to++ = static_cast<uint8_t>(std::clamp(sum + 0.5f, 0.0f, 255.0f));
        }
      }
}
Status eval_quantized(EvalContext& c) {
  if (c.out().elements() == 0) return ok();
  if (c.in(0).dtype == DType::U8) return interpolate_u8(c), ok();
  return dispatch_quantized(c.in(0).dtype, [&]<class T>(T) { interpolate<T>(c); }) ? ok() : c.no_kernel(c.in(0).dtype);
}
Expected<std::vector<Value>> from_tf(TfNode& n) {
  Value x = n.in(0);
  if (n.failed()) return std::vector<Value>{};
  if (const DType t = n.type(x).dtype; t != DType::F32) x = n.add<Cast>({x}, {.in_data_type = t, .out_data_type = DType::F32});
  return import_resize<ResizeBilinear>(n, x);
}
int version(const OpView& v) {
  return v.type(0) == DType::I16 ? 4 : v.attrs.as<ResizeBilinear::Attrs>().half_pixel_centers ? 3 : v.type(0) == DType::I8 ? 2 : 1;
}
constexpr TfImport imports[] = {{"ResizeBilinear", from_tf}};
constexpr const Kernel* kernels[] = {&resize_bilinear_f32, &resize_bilinear_i8};
}  // namespace ops::resize_bilinear

constinit const OpDef ResizeBilinear::def = {
    .name = "resize_bilinear",
    .summary = "images at another size, bilinearly interpolated",
    .inputs = "images, size",
    .outputs = "y",
    .attrs = &attr_ops<ResizeBilinear::Attrs>,
    .import_tf = ops::resize_bilinear::imports,
    .infer = ops::resize_bilinear::infer,
    .eval = ops::resize_bilinear::eval,
    .eval_quantized = ops::resize_bilinear::eval_quantized,
    .tflite = {.builtin = "RESIZE_BILINEAR",
               .options = "ResizeBilinearOptions",
               .types = {DType::F32},
               .quantized = {DType::I8, DType::U8, DType::I16},
               .version = ops::resize_bilinear::version},
    .kernels = ops::resize_bilinear::kernels,
    .quant = &quant_rules::average,
};

}  // namespace toucanet
