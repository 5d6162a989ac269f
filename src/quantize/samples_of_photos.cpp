// Samples that are the photos of a folder.
#include <filesystem>

#include "quantize/fingerprint.h"
#include "quantize/samples.h"

namespace toucanet {
namespace {
namespace fs = std::filesystem;

class PhotoSamples : public SampleSource {
  std::vector<std::string> paths_;
  Preprocessing preprocessing_;
  DType type_;
  std::vector<int64_t> dims_;  // of the input
  std::string description_;

 public:
  PhotoSamples(std::vector<std::string> paths, const Preprocessing& p, DType t, std::vector<int64_t> dims, std::string d)
      : paths_(std::move(paths)), preprocessing_(p), type_(t), dims_(std::move(dims)), description_(std::move(d)) {}
  std::optional<uint64_t> size() const override { return paths_.size(); }
  std::string description() const override { return description_; }
  Expected<std::optional<std::vector<Tensor>>> sample(uint64_t index) override {
    if (index >= paths_.size()) return std::optional<std::vector<Tensor>>{};
    TRY(const Tensor image, read_image(paths_[index]));
    TRY(Tensor input, image_input(image, type_, dims_, nullptr, preprocessing_));
    return std::optional(std::vector<Tensor>{std::move(input)});
  }
};

Expected<std::vector<fs::path>> photos_of(const std::string& folder) {
  std::vector<fs::path> found;
  std::error_code e;
  for (fs::directory_iterator i(folder, e), end; !e && i != end; i.increment(e))
    if (is_image_path(i->path().string())) found.push_back(i->path());
  if (e) return diag("TN1001", "cannot read '{}': {}", folder, e.message());
  if (found.empty()) return diag("TN7008", "'{}' holds no photos", folder).note("photos end in .jpg, .jpeg, .png or .bmp");
  std::sort(found.begin(), found.end(), [](const fs::path& a, const fs::path& b) { return a.filename() < b.filename(); });
  return found;
}

}  // namespace

Expected<std::unique_ptr<SampleSource>> photo_samples(const Module& m, const std::string& folder, const Preprocessing& options) {
  const Graph& g = m.main();
  if (g.inputs.size() != 1)
    return diag("TN7002", "the model has {} inputs: photos fit a model of one", g.inputs.size()).note("give an .npz file, an array for each input");
  const TensorType& t = g.type(g.inputs[0]);
  const auto& name = g.result(g.inputs[0]).name;
  Diags problems;
  const size_t h = options.height_axis(), w = h + 1, c = options.channel_axis();
  std::vector<int64_t> dims(4, 1);
  dims[h] = options.height, dims[w] = options.width, dims[c] = 3;
  if (!t.shape.ranked() || t.shape.rank() != 4) {
    problems.push_back(diag("TN7002", "the input '{}' is [{}]: photos need four dimensions", name, t.shape.str()));
  } else {
    if (t.shape[0].known() && t.shape[0].value() != 1)
      problems.push_back(diag("TN7002", "the input '{}' is [{}]: photos come one by one", name, t.shape.str()));
    if (t.shape[c].known()) dims[c] = t.shape[c].value();
    if (dims[c] != 3 && dims[c] != 1)
      problems.push_back(
          diag("TN7002", "the input '{}' is [{}]: a photo has 3 channels, or 1", name, t.shape.str()).note("--layout nchw takes the channels first"));
    if (!dims[h] && t.shape[h].known()) dims[h] = t.shape[h].value();
    if (!dims[w] && t.shape[w].known()) dims[w] = t.shape[w].value();
    if (!dims[h] || !dims[w])
      problems.push_back(diag("TN7002", "the input '{}' is [{}]: the size of photos is open", name, t.shape.str()).note("give --size HEIGHT,WIDTH"));
    const auto is = [&](size_t axis, int64_t n) { return !t.shape[axis].known() || t.shape[axis].value() == n; };
    if (!is(h, dims[h]) || !is(w, dims[w])) problems.push_back(diag("TN7002", "the input '{}' is [{}], not {} by {}", name, t.shape.str(), dims[h], dims[w]));
  }
  if (t.dtype != DType::F32 && t.dtype != DType::U8 && t.dtype != DType::I8)
    problems.push_back(diag("TN7002", "the input '{}' is {}: no photo", name, tf_name(t.dtype)));
  TRY(const auto files, photos_of(folder));
  ContentHash h64;
  std::vector<std::string> paths;
  for (const auto& f : files) {
    std::error_code e;
    h64.text(f.filename().string());
    h64.number(fs::file_size(f, e));
    if (auto s = check_image(f.string()); !s) problems.insert(problems.end(), s.error().begin(), s.error().end());
    paths.push_back(f.string());
  }
  if (!problems.empty()) return problems;
  Preprocessing p = options;
  p.height = dims[h], p.width = dims[w];
  auto text = fmt::format("{} photos as {} by {}, {} {}, crop {}, (pixel - {}) / {}, content {:016x}", files.size(), p.height, p.width,
                          p.nchw ? "nchw" : "nhwc", p.bgr ? "bgr" : "rgb", p.crop, p.mean, p.std, h64.value());
  return std::unique_ptr<SampleSource>(std::make_unique<PhotoSamples>(std::move(paths), p, t.dtype, std::move(dims), std::move(text)));
}

}  // namespace toucanet
