#include "ops/resize_nearest_neighbor/resize_nearest_neighbor.h"

#include "ir/quant_rule.h"
#include "ops/resize.h"

namespace toucanet {
namespace ops::resize_nearest_neighbor {
std::vector<int64_t> sources(int64_t in, int64_t out, const ResizeNearestNeighbor::Attrs& a) {
  const ResizeScale s(in, out, a.align_corners, a.half_pixel_centers);
  std::vector<int64_t> t;
  for (int64_t o = 0; o < out; ++o) {
    const float at = (static_cast<float>(o) + (s.half_pixel ? 0.5f : 0.0f)) * s.scale;
    t.push_back(std::clamp<int64_t>(static_cast<int64_t>(a.align_corners ? std::round(at) : std::floor(at)), 0, in - 1));
  }
  return t;
}
Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  Tensor& y = c.out();
  const size_t pixel = byte_size(x.dtype) * static_cast<size_t>(x.dims[3]);
  if (!byte_size(x.dtype)) return c.no_kernel(x.dtype);
  if (y.bytes() == 0) return ok();
  const int64_t h = x.dims[1], w = x.dims[2];
  const auto rows = sources(h, y.dims[1], c.attrs<ResizeNearestNeighbor>()), columns = sources(w, y.dims[2], c.attrs<ResizeNearestNeighbor>());
  std::byte* to = y.raw_mutable();
  for (int64_t b = 0; b < x.dims[0]; ++b)
    for (int64_t r : rows)
      for (int64_t k : columns) {
        std::memcpy(to, x.raw() + static_cast<size_t>((b * h + r) * w + k) * pixel, pixel);
        to += pixel;
      }
  return ok();
}
Expected<std::vector<Value>> from_tf(TfNode& n) { return import_resize<ResizeNearestNeighbor>(n, n.in(0)); }
int version(const OpView& v) {
  const auto& a = v.attrs.as<ResizeNearestNeighbor::Attrs>();
  return v.type(0) == DType::I16 ? 4 : a.half_pixel_centers || a.align_corners ? 3 : v.type(0) == DType::I8 ? 2 : 1;
}
constexpr TfImport imports[] = {{"ResizeNearestNeighbor", from_tf}};
}  // namespace ops::resize_nearest_neighbor

constinit const OpDef ResizeNearestNeighbor::def = {
    .name = "resize_nearest_neighbor",
    .summary = "images at another size, by the nearest element",
    .traits = Movement,
    .inputs = "images, size",
    .outputs = "y",
    .attrs = &attr_ops<ResizeNearestNeighbor::Attrs>,
    .import_tf = ops::resize_nearest_neighbor::imports,
    .infer = infer_resize<ResizeNearestNeighbor>,
    .eval = ops::resize_nearest_neighbor::eval,
    .tflite = {.builtin = "RESIZE_NEAREST_NEIGHBOR",
               .options = "ResizeNearestNeighborOptions",
               .types = {DType::F32, DType::U8, DType::I8, DType::I16, DType::I32},
               .version = ops::resize_nearest_neighbor::version},
    .quant = &quant_rules::same,
};

}  // namespace toucanet
