#pragma once
// Photos as arrays: JPEG, PNG and BMP, and what networks want done to them first.
#include <string>

#include "diag/diag.h"
#include "ir/tensor.h"

namespace toucanet {

/// uint8 [height, width, 3], RGB. TN1304 if the file is none of these, damaged or too large.
Expected<Tensor> read_image(const std::string& path);

/// Whether the name ends as an image's: .jpg, .jpeg, .png, .bmp.
bool is_image_path(const std::string&);
/// TN1304 if the beginning of the file is no image's. Its pixels are not looked at.
Status check_image(const std::string& path);

/// The middle of an image, `fraction` of each side.
Tensor crop_central(const Tensor& image, double fraction);
/// float32 [height, width, 3] of an image of uint8, bilinear with half-pixel centres.
Tensor resize_image(const Tensor& image, int64_t height, int64_t width);

/// How an image becomes an input.
struct Preprocessing {
  float mean = 127.5f, std = 127.5f;  ///< (pixel − mean) / std for float inputs; quantised ones store that
  double crop = 1;                    ///< central fraction of each side
  int64_t height = 0, width = 0;      ///< 0: the input's own
  bool nchw = false, bgr = false;     ///< of the input: channels first, blue first

  size_t height_axis() const { return nchw ? 2 : 1; }
  size_t channel_axis() const { return nchw ? 1 : 3; }
};
/// [1, height, width, 3 or 1], or with the channels first, of the input's type. Unquantised integers get the pixels themselves.
Expected<Tensor> image_input(const Tensor& image, DType, const std::vector<int64_t>& dims, const std::shared_ptr<const Quant>&, const Preprocessing&);

}  // namespace toucanet
