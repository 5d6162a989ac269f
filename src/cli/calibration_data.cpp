#include "cli/calibration_data.h"

#include <filesystem>

#include "cli/arguments.h"

namespace toucanet::cli {

void CalibrationData::add(CLI::App& verb, const std::string& name) {
  verb.add_option(name, path, "samples: .npz with an array for each input, samples stacked in front; .npy for one input; or a folder of photos")
      ->check(CLI::ExistingPath);
  verb.add_option("--mean", preprocessing.mean, "of photos: (pixel - mean) / std")->capture_default_str();
  verb.add_option("--std", preprocessing.std, "of photos")->capture_default_str()->check(CLI::PositiveNumber);
  verb.add_option("--size", size, "HEIGHT,WIDTH that photos are resized to (default: the input's own)");
  verb.add_option("--crop", preprocessing.crop, "the middle of photos, as a fraction of each side")->capture_default_str()->check(CLI::Range(0.01, 1.0));
  verb.add_option("--layout", layout, "of the input that takes photos: nhwc, nchw")->capture_default_str()->check(CLI::IsMember({"nhwc", "nchw"}));
  verb.add_option("--channel-order", channel_order, "of the input that takes photos: rgb, bgr")->capture_default_str()->check(CLI::IsMember({"rgb", "bgr"}));
}

Expected<std::unique_ptr<SampleSource>> CalibrationData::open(const Module& m) const {
  if (!std::filesystem::is_directory(path)) return array_samples(m, path);
  PhotoOptions o{preprocessing, layout == "nchw", channel_order == "bgr"};
  if (!size.empty()) {
    TRY(const auto shapes, parse_shapes(size));
    if (shapes.size() != 1 || shapes[0].rank() != 2 || !shapes[0].is_static()) return diag("TN0004", "--size takes HEIGHT,WIDTH, not '{}'", size);
    o.preprocessing.height = shapes[0][0].value(), o.preprocessing.width = shapes[0][1].value();
  }
  return photo_samples(m, path, o);
}

}  // namespace toucanet::cli
