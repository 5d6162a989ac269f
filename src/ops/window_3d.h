#pragma once
// What convolutions in three dimensions and their gradients share: their axes and the import of their attributes.
#include "import/graphdef/tf_node.h"
#include "ops/conv_3d/conv_3d.h"
#include "ops/gradient_shape.h"

namespace toucanet {

inline std::array<SpatialAxis, 3> axes_of(const Conv3D::Attrs& a) {
  return {SpatialAxis{a.stride_d, a.dilation_d_factor}, SpatialAxis{a.stride_h, a.dilation_h_factor}, SpatialAxis{a.stride_w, a.dilation_w_factor}};
}

/// [1, depth, height, width, 1] → {depth, height, width}; refused otherwise.
inline std::array<int32_t, 3> spatial_3d(TfNode& n, std::string_view key, std::vector<int64_t> fallback) {
  const auto v = n.ints(key, std::move(fallback));
  if (v.size() != 5 || v[0] != 1 || v[4] != 1 || *std::min_element(v.begin(), v.end()) < 1 || *std::max_element(v.begin(), v.end()) > (1 << 24)) {
    n.refuse("{} must be [1, depth, height, width, 1]", key);
    return {1, 1, 1};
  }
  return {static_cast<int32_t>(v[1]), static_cast<int32_t>(v[2]), static_cast<int32_t>(v[3])};
}

/// The attributes of Conv3D and Conv3DBackpropInputV2, without an activation.
inline Conv3D::Attrs import_conv_3d(TfNode& n) {
  const auto format = n.string("data_format", "NDHWC"), padding = n.string("padding", "SAME");
  if (format != "NDHWC") n.refuse("data_format {} (channels first) is not supported; only NDHWC is", format);
  if (padding != "SAME" && padding != "VALID") n.refuse("padding '{}' is not SAME or VALID", padding);
  const auto stride = spatial_3d(n, "strides", {}), dilation = spatial_3d(n, "dilations", {1, 1, 1, 1, 1});
  return {.padding = padding == "SAME" ? Padding::Same : Padding::Valid,
          .stride_d = stride[0],
          .stride_w = stride[2],
          .stride_h = stride[1],
          .dilation_d_factor = dilation[0],
          .dilation_w_factor = dilation[2],
          .dilation_h_factor = dilation[1]};
}

}  // namespace toucanet
