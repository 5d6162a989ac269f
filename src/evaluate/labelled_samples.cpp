#include "evaluate/labelled_samples.h"

#include <algorithm>
#include <filesystem>

#include "import/npz.h"

namespace toucanet {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> photos_in(const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code e;
  for (const auto& entry : fs::directory_iterator(folder, e))
    if (is_image_path(entry.path().string())) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

// A row of a stacked array, which stays alive.
Tensor row_of(const Tensor& all, size_t i) {
  const size_t bytes = all.bytes() / static_cast<size_t>(all.dims[0]);
  return Tensor::view(all.dtype, {all.dims.begin() + 1, all.dims.end()}, nullptr, all.raw() + i * bytes, bytes);
}

}  // namespace

Status LabelledSamples::take_labels(const Tensor& t, const std::string& what) {
  if (!is_int(t.dtype) && t.dtype != DType::F32 && t.dtype != DType::F64) return diag("TN8001", "{} holds {}, not classes", what, tf_name(t.dtype));
  const int64_t samples = arrays_.begin()->second.dims[0];
  if (t.dims.empty() || t.dims[0] != samples) return diag("TN8002", "{} is [{}], there are {} samples", what, Shape::of(t.dims).str(), samples);
  const int64_t width = t.elements() / samples;  // more than 1: one-hot
  for (int64_t i = 0; i < samples; ++i) {
    int64_t label = 0;
    if (width == 1) label = static_cast<int64_t>(t.number(i));
    else
      for (int64_t k = 1; k < width; ++k)
        if (t.number(i * width + k) > t.number(i * width + label)) label = k;
    labels_.push_back(label);
  }
  return ok();
}

Status LabelledSamples::open_classes(const LabelledData& from) {
  std::vector<fs::path> folders;
  std::error_code e;
  for (const auto& entry : fs::directory_iterator(from.data, e))
    if (entry.is_directory(e)) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  for (size_t c = 0; c < folders.size(); ++c) {
    auto photos = photos_in(folders[c]);
    labels_.insert(labels_.end(), photos.size(), static_cast<int64_t>(c));
    std::move(photos.begin(), photos.end(), std::back_inserter(files_));
    class_names_.push_back(folders[c].filename().string());
  }
  if (!files_.empty()) found_ = fmt::format("labels by folder: {} folders, one a class, in the order of their names", folders.size());
  return ok();
}

Status LabelledSamples::open_folder(const LabelledData& from) {
  files_ = photos_in(from.data);
  if (from.labels.empty()) return files_.empty() ? open_classes(from) : ok();
  TRY(const auto table, read_label_table(from.labels, from.class_names));
  const size_t photos = files_.size();
  files_.clear();
  std::vector<std::string> missing;
  for (const auto& row : table) {
    const auto path = (fs::path(from.data) / row.file).string();
    std::error_code e;
    if (!fs::is_regular_file(path, e)) missing.push_back(row.file);
    files_.push_back(path), labels_.push_back(row.label);
  }
  without_label_ = photos > files_.size() ? photos - files_.size() : 0;
  if (missing.empty()) return ok();
  Diag d = diag("TN8002", "{} of {} files of '{}' are not in '{}'", missing.size(), table.size(), from.labels, from.data);
  d.notes.push_back(fmt::format("for example '{}'", missing[0]));
  d.notes.emplace_back("names are relative to --data");
  d.nodes = std::move(missing);
  return d;
}

Status LabelledSamples::open_arrays(const LabelledData& from) {
  if (from.data.ends_with(".npz")) {
    TRY(arrays_, read_npz_file(from.data));
  } else if (from.data.ends_with(".npy")) {
    TRY(arrays_[""], read_npy_file(from.data));
  } else {
    TRY(arrays_[""], read_idx_file(from.data));
  }
  for (auto& [name, t] : arrays_) t = t.aligned();
  std::optional<Tensor> labels;
  std::string what;
  if (!from.labels.empty()) {
    what = fmt::format("'{}'", from.labels);
    if (from.labels.ends_with(".npy")) {
      TRY(labels, read_npy_file(from.labels));
    } else if (is_idx_file(from.labels)) {
      TRY(labels, read_idx_file(from.labels));
    } else {
      return diag("TN8001", "labels of arrays are a .npy or an idx file, not '{}'", from.labels);
    }
  } else {
    for (const char* name : {"labels", "label", "y_test", "y"})
      if (const auto at = arrays_.find(name); !labels && at != arrays_.end()) {
        labels = at->second, what = fmt::format("the array '{}'", name);
        found_ = fmt::format("labels: {}", what);
        arrays_.erase(at);
      }
    // Of numpy archives with a part for training and one for tests.
    arrays_.erase("x_train"), arrays_.erase("y_train");
  }
  if (arrays_.empty()) return diag("TN8003", "'{}' holds no samples", from.data);
  Diags problems;
  for (const auto& [name, t] : arrays_)
    if (t.dims.empty() || t.dims[0] != arrays_.begin()->second.dims[0])
      problems.push_back(diag("TN8002", "the arrays '{}' and '{}' of '{}' hold other numbers of samples", arrays_.begin()->first, name, from.data));
  if (!problems.empty()) return problems;
  return labels ? take_labels(labels->aligned(), what) : ok();
}

void LabelledSamples::cut(const LabelledData& from) {
  const size_t n = size(), first = std::min(from.skip, n), count = std::min(from.limit, n - first);
  const auto keep = [&](auto& v) {
    if (v.empty()) return;
    v.erase(v.begin() + static_cast<std::ptrdiff_t>(first + count), v.end());
    v.erase(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(first));
  };
  keep(labels_);
  if (photos()) return keep(files_);
  for (auto& [name, t] : arrays_) {
    const size_t bytes = n ? t.bytes() / n : 0;
    auto owner = std::make_shared<Tensor>(t);
    std::vector<int64_t> dims = t.dims;
    dims[0] = static_cast<int64_t>(count);
    t = Tensor::view(t.dtype, std::move(dims), owner, owner->raw() + first * bytes, count * bytes);
  }
}

Expected<LabelledSamples> LabelledSamples::open(const LabelledData& from) {
  LabelledSamples s;
  s.class_names_ = from.class_names;
  std::error_code e;
  CHECK_OK(fs::is_directory(from.data, e) ? s.open_folder(from) : s.open_arrays(from));
  const size_t all = s.size();
  s.cut(from);
  if (s.size()) return s;
  return all ? diag("TN8003", "'{}' holds {} samples: --skip {} leaves none", from.data, all, from.skip) : diag("TN8003", "'{}' holds no samples", from.data);
}

Expected<LabelledSample> LabelledSamples::sample(size_t i) const {
  LabelledSample s{photos(), {}};
  if (s.photo) {
    TRY(s.arrays[""], read_image(files_[i]));
  } else {
    for (const auto& [name, t] : arrays_) s.arrays[name] = row_of(t, i);
  }
  return s;
}

namespace {

// The array for an input: of its name, or the only one for the only input.
const Tensor* array_for(const LabelledSample& s, const ModelRunner& m, size_t k) {
  const auto at = s.arrays.find(m.file().tensors[m.file().inputs[k]].name);
  if (at != s.arrays.end()) return &at->second;
  return s.arrays.size() == 1 && m.file().inputs.size() == 1 ? &s.arrays.begin()->second : nullptr;
}

bool same_but_for_ones(std::vector<int64_t> a, std::vector<int64_t> b) {
  std::erase(a, 1), std::erase(b, 1);
  return a == b;
}

Status fill_one(Tensor& to, const Tensor& from, const std::string& name, const Preprocessing& p) {
  const bool flat = to.rank() == 2 && to.dims[0] == 1;
  if (to.elements() != from.elements() || (!flat && !same_but_for_ones(to.dims, from.dims)))
    return diag("TN3006", "a sample is [{}], the input '{}' is [{}]", Shape::of(from.dims).str(), name, Shape::of(to.dims).str());
  if (to.dtype == from.dtype) {
    if (to.bytes()) std::memcpy(to.raw_mutable(), from.raw(), to.bytes());
    return ok();
  }
  const bool pixels = from.dtype == DType::U8, stored = to.quant && to.quant->scale.size() == 1;
  if (!is_float(to.dtype) && !(is_int(to.dtype) && (pixels || is_int(from.dtype) || stored)))
    return diag("TN3006", "a sample is {}, the input '{}' is {}", tf_name(from.dtype), name, tf_name(to.dtype));
  const bool done = dispatch(to.dtype, [&]<class T>(T) {
    T* y = to.as_mutable<T>().data();
    for (int64_t i = 0; i < from.elements(); ++i) {
      double x = from.number(i);
      if (pixels && (stored || is_float(to.dtype))) x = (x - static_cast<double>(p.mean)) / static_cast<double>(p.std);
      if (stored) x = std::round(x / static_cast<double>(to.quant->scale[0])) + static_cast<double>(to.quant->zero_point[0]);
      if constexpr (std::is_integral_v<T>)
        x = std::clamp(x, static_cast<double>(std::numeric_limits<T>::min()), static_cast<double>(std::numeric_limits<T>::max()));
      y[i] = static_cast<T>(x);
    }
  });
  if (!done) return diag("TN3006", "a sample is {}, the input '{}' is {}", tf_name(from.dtype), name, tf_name(to.dtype));
  return ok();
}

}  // namespace

Status allocate_for(ModelRunner& m, const LabelledSample& s, const Preprocessing& p) {
  const auto& file = m.file();
  if (s.photo && file.inputs.size() != 1) return diag("TN3006", "photos are for models of one input, this one has {}", file.inputs.size());
  for (size_t k = 0; k < file.inputs.size(); ++k) {
    const auto& t = file.tensors[file.inputs[k]];
    std::vector<int64_t> dims = t.shape;
    const auto open = [&](size_t i) { return i < t.shape_signature.size() && t.shape_signature[i] < 0; };
    if (!dims.empty() && open(0)) dims[0] = 1;
    if (const size_t row = p.height_axis(); s.photo && dims.size() == 4) {
      if (p.height && open(row)) dims[row] = p.height;
      if (p.width && open(row + 1)) dims[row + 1] = p.width;
    }
    if (const Tensor* from = s.photo ? nullptr : array_for(s, m, k); from && from->rank() + 1 == dims.size())
      for (size_t i = 1; i < dims.size(); ++i)
        if (open(i)) dims[i] = from->dims[i - 1];
    m.resize_input(0, k, std::move(dims));
  }
  return m.allocate();
}

Status fill(ModelRunner& m, const LabelledSample& s, const Preprocessing& p) {
  Diags problems;
  for (size_t k = 0; k < m.file().inputs.size(); ++k) {
    const uint32_t index = m.file().inputs[k];
    const auto& name = m.file().tensors[index].name;
    Tensor& to = *m.tensor(0, index);
    const Tensor* from = array_for(s, m, k);
    if (!from) {
      problems.push_back(diag("TN3006", "the samples have no array for the input '{}'", name));
      continue;
    }
    if (s.photo) {
      TRY(const Tensor x, image_input(*from, to.dtype, to.dims, to.quant, p));
      if (x.dims != to.dims) return diag("TN3006", "photos become [{}], the input '{}' is [{}]", Shape::of(x.dims).str(), name, Shape::of(to.dims).str());
      std::memcpy(to.raw_mutable(), x.raw(), to.bytes());
    } else if (auto done = fill_one(to, *from, name, p); !done) {
      problems.insert(problems.end(), done.error().begin(), done.error().end());
    }
  }
  if (!problems.empty()) return problems;
  return ok();
}

}  // namespace toucanet
