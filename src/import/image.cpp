#include "import/image.h"

#include <stb/stb_image.h>

#include <algorithm>
#include <cmath>

#include "import/file.h"

namespace toucanet {

namespace {

struct Encoded {
  std::shared_ptr<const MappedFile> file;
  const stbi_uc* data;
  int bytes, width, height;
};

Expected<Encoded> open_image(const std::string& path) {
  constexpr int64_t most_pixels = int64_t{1} << 28;
  TRY(auto file, map_file(path));
  const auto bytes = file->bytes();
  Encoded e{file, reinterpret_cast<const stbi_uc*>(bytes.data()), static_cast<int>(std::min<size_t>(bytes.size(), INT32_MAX)), 0, 0};
  int channels = 0;
  if (!stbi_info_from_memory(e.data, e.bytes, &e.width, &e.height, &channels)) return diag("TN1304", "'{}' is not an image: {}", path, stbi_failure_reason());
  if (int64_t{e.width} * e.height > most_pixels) return diag("TN1304", "'{}' has {} by {} pixels, which are too many", path, e.width, e.height);
  return e;
}

}  // namespace

bool is_image_path(const std::string& path) {
  const auto dot = path.rfind('.');
  std::string end = dot == std::string::npos ? "" : path.substr(dot + 1);
  std::transform(end.begin(), end.end(), end.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return end == "jpg" || end == "jpeg" || end == "png" || end == "bmp";
}

Status check_image(const std::string& path) {
  TRY(const Encoded e, open_image(path));
  return ok();
}

Expected<Tensor> read_image(const std::string& path) {
  TRY(const Encoded e, open_image(path));
  int w = 0, h = 0, channels = 0;
  const std::unique_ptr<stbi_uc, void (*)(void*)> pixels(stbi_load_from_memory(e.data, e.bytes, &w, &h, &channels, 3), stbi_image_free);
  if (!pixels) return diag("TN1304", "'{}' cannot be decoded: {}", path, stbi_failure_reason());
  Tensor image = Tensor::zeros(DType::U8, {h, w, 3});
  std::memcpy(image.raw_mutable(), pixels.get(), image.bytes());
  return image;
}

Tensor crop_central(const Tensor& image, double fraction) {
  const int64_t h = image.dims[0], w = image.dims[1];
  const auto ch = std::clamp<int64_t>(std::llround(static_cast<double>(h) * fraction), 1, h);
  const auto cw = std::clamp<int64_t>(std::llround(static_cast<double>(w) * fraction), 1, w);
  Tensor r = Tensor::zeros(DType::U8, {ch, cw, 3});
  const int64_t top = (h - ch) / 2, left = (w - cw) / 2;
  for (int64_t y = 0; y < ch; ++y) std::memcpy(r.raw_mutable() + y * cw * 3, image.raw() + ((top + y) * w + left) * 3, static_cast<size_t>(cw) * 3);
  return r;
}

Tensor resize_image(const Tensor& image, int64_t height, int64_t width) {
  Tensor r = Tensor::zeros(DType::F32, {height, width, 3});
  const int64_t h = image.dims[0], w = image.dims[1];
  const auto from = image.as<uint8_t>();
  float* to = r.as_mutable<float>().data();
  const auto place = [](int64_t i, int64_t n_in, int64_t n_out, int64_t& low, int64_t& high) {
    const float at = std::max(0.0f, (static_cast<float>(i) + 0.5f) * static_cast<float>(n_in) / static_cast<float>(n_out) - 0.5f);
    low = std::min<int64_t>(static_cast<int64_t>(at), n_in - 1), high = std::min(low + 1, n_in - 1);
    return at - static_cast<float>(low);
  };
  for (int64_t y = 0; y < height; ++y) {
    int64_t y0, y1, x0, x1;
    const float fy = place(y, h, height, y0, y1);
    for (int64_t x = 0; x < width; ++x) {
      const float fx = place(x, w, width, x0, x1);
      for (int64_t c = 0; c < 3; ++c) {
        const auto at = [&](int64_t yy, int64_t xx) { return static_cast<float>(from[static_cast<size_t>((yy * w + xx) * 3 + c)]); };
        const float top = at(y0, x0) + (at(y0, x1) - at(y0, x0)) * fx, bottom = at(y1, x0) + (at(y1, x1) - at(y1, x0)) * fx;
        *to++ = top + (bottom - top) * fy;
      }
    }
  }
  return r;
}

Expected<Tensor> image_input(const Tensor& image, DType type, const std::vector<int64_t>& dims, const std::shared_ptr<const Quant>& quant,
                             const Preprocessing& p) {
  const size_t row = p.height_axis(), channel = p.channel_axis();
  if (dims.size() != 4 || dims[0] != 1 || (dims[channel] != 3 && dims[channel] != 1))
    return diag("TN3006", "an image does not fit [{}]: [1, {}] is needed", Shape::of(dims).str(), p.nchw ? "3 or 1, height, width" : "height, width, 3 or 1");
  const int64_t h = p.height ? p.height : dims[row], w = p.width ? p.width : dims[row + 1], channels = dims[channel];
  const Tensor pixels = resize_image(p.crop < 1 ? crop_central(image, p.crop) : image, h, w);
  Tensor r = Tensor::zeros(type, p.nchw ? std::vector<int64_t>{1, channels, h, w} : std::vector<int64_t>{1, h, w, channels});
  const auto from = pixels.as<float>();
  const auto plane = static_cast<size_t>(h * w);
  // The number at place i of the input.
  const auto value = [&](size_t i) {
    if (channels == 1) return 0.299f * from[i * 3] + 0.587f * from[i * 3 + 1] + 0.114f * from[i * 3 + 2];
    const size_t pixel = p.nchw ? i % plane : i / 3, c = p.nchw ? i / plane : i % 3;
    return from[pixel * 3 + (p.bgr ? 2 - c : c)];
  };
  const auto n = static_cast<size_t>(r.elements());
  if (type == DType::F32) {
    for (size_t i = 0; i < n; ++i) r.as_mutable<float>()[i] = (value(i) - p.mean) / p.std;
    return r;
  }
  if (type != DType::U8 && type != DType::I8 && type != DType::I16) return diag("TN3006", "an image cannot become {}", tf_name(type));
  dispatch(type, [&]<class T>(T) {
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>)
      for (size_t i = 0; i < n; ++i) {
        double q = static_cast<double>(value(i));
        if (quant && quant->scale.size() == 1)
          q = static_cast<double>((value(i) - p.mean) / p.std) / static_cast<double>(quant->scale[0]) + static_cast<double>(quant->zero_point[0]);
        r.as_mutable<T>()[i] =
            static_cast<T>(std::clamp(std::round(q), static_cast<double>(std::numeric_limits<T>::min()), static_cast<double>(std::numeric_limits<T>::max())));
      }
  });
  return r;
}

}  // namespace toucanet
