#include "cli/sample_arguments.h"

#include <filesystem>

#include "cli/arguments.h"

namespace toucanet::cli {

void PhotoArguments::add(CLI::App& verb) {
  verb.add_option("--mean", preprocessing.mean, "of photos, for float and quantised inputs: (pixel - mean) / std")->capture_default_str();
  verb.add_option("--std", preprocessing.std, "of photos")->capture_default_str()->check(CLI::PositiveNumber);
  verb.add_option("--size", size, "HEIGHT,WIDTH that photos are resized to (default: the input's own)");
  verb.add_option("--crop", preprocessing.crop, "the middle of photos, as a fraction of each side")->capture_default_str()->check(CLI::Range(0.01, 1.0));
  verb.add_option("--layout", layout, "of the input that takes photos: nhwc, nchw")->capture_default_str()->check(CLI::IsMember({"nhwc", "nchw"}));
  verb.add_option("--channel-order", channel_order, "of the input that takes photos: rgb, bgr")->capture_default_str()->check(CLI::IsMember({"rgb", "bgr"}));
}

Expected<Preprocessing> PhotoArguments::parsed() const {
  Preprocessing p = preprocessing;
  p.nchw = layout == "nchw", p.bgr = channel_order == "bgr";
  if (size.empty()) return p;
  TRY(const auto shapes, parse_shapes(size));
  if (shapes.size() != 1 || shapes[0].rank() != 2 || !shapes[0].is_static()) return diag("TN0004", "--size takes HEIGHT,WIDTH, not '{}'", size);
  p.height = shapes[0][0].value(), p.width = shapes[0][1].value();
  return p;
}

void SampleArguments::add(CLI::App& verb, const std::string& name) {
  verb.add_option(name, path, "samples: .npz with an array for each input, samples stacked in front; .npy for one input; or a folder of photos")
      ->check(CLI::ExistingPath);
  verb.add_option("--limit", limit, "take at most so many samples")->check(CLI::PositiveNumber);
}

Expected<std::unique_ptr<SampleSource>> SampleArguments::open(const Module& m, const PhotoArguments& photos) const {
  TRY(const Preprocessing p, photos.parsed());
  TRY(auto all, std::filesystem::is_directory(path) ? photo_samples(m, path, p) : array_samples(m, path));
  return limit ? first_samples(std::move(all), *limit) : std::move(all);
}

}  // namespace toucanet::cli
