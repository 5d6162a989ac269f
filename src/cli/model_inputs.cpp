#include "cli/model_inputs.h"

#include "cli/arguments.h"
#include "import/npy.h"
#include "pipeline/input_domain.h"

namespace toucanet::cli {
namespace {

Expected<Tensor> read_input(const std::string& path, const Tensor& to, const Preprocessing& p) {
  if (!is_image_path(path)) return read_npy_file(path);
  TRY(Tensor image, read_image(path));
  return image_input(image, to.dtype, to.dims, to.quant, p);
}

// Which input each "name=file" is for. A name may be shortened to what tells it apart.
Expected<std::map<size_t, std::string>> files_by_input(const ModelRunner& m, const std::vector<std::string>& given) {
  const auto names = input_names(m);
  std::map<size_t, std::string> files;
  Diags problems;
  for (const auto& g : given) {
    const auto eq = g.find('=');
    const std::string name = eq == std::string::npos ? "" : g.substr(0, eq), file = eq == std::string::npos ? g : g.substr(eq + 1);
    std::optional<size_t> k;
    if (name.empty() && names.size() == 1) k = 0;
    for (size_t i = 0; i < names.size(); ++i)
      if (names[i] == name) k = i;
    if (!k) {
      const std::vector<std::string_view> candidates(names.begin(), names.end());
      Diag d = name.empty() ? diag("TN0004", "the model has {} inputs: --input needs NAME={}", names.size(), file)
                            : diag("TN3006", "the model has no input '{}'", name);
      if (const auto near = nearest(name, candidates); !near.empty()) d.notes.push_back(fmt::format("did you mean '{}'?", near));
      else d.notes.push_back(fmt::format("its inputs are {}", fmt::join(names, ", ")));
      problems.push_back(std::move(d));
    } else {
      files[*k] = file;
    }
  }
  if (!problems.empty()) return problems;
  return files;
}

}  // namespace

void RunArguments::add(CLI::App& verb) {
  verb.add_option("model", path, "a .tflite file")->required()->check(CLI::ExistingFile);
  verb.add_option("--input", inputs, "NAME=FILE: a .npy array or a photo (.jpg, .png, .bmp); NAME= may be left out where there is one input");
  verb.add_option("--shapes", shapes, "shapes of the inputs, a colon between them: 1,224,224,3:8");
  photos.add(verb);
  verb.add_option("--threads,--num_threads", threads, "that share each operator's work; results do not depend on it")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
  verb.add_option("--resolver", resolver, "fast, or plain: evaluation operator by operator")
      ->capture_default_str()
      ->check(CLI::IsMember({"fast", "plain", "ref"}));
  verb.add_option("--rounding", rounding, "of int8 convolutions and FULLY_CONNECTED: as LiteRT's reference kernels, or as XNNPACK")
      ->capture_default_str()
      ->check(CLI::IsMember({"reference", "xnnpack"}));
  verb.add_option("--seed", seed, "of random inputs")->capture_default_str();
  verb.add_flag("--json", terminal.json, "as JSON");
  verb.add_flag("--quiet,-q", terminal.quiet, "nothing but errors");
}

ModelOptions RunArguments::options() const {
  ModelOptions o;
  o.threads = threads;
  o.runner.resolver = resolver == "fast" ? Resolver::Fast : Resolver::Plain;
  o.rounding = rounding == "xnnpack" ? Rounding::Xnnpack : Rounding::Reference;
  return o;
}

std::vector<std::string> input_names(const ModelRunner& m) {
  std::vector<std::string> names;
  for (uint32_t i : m.file().inputs) names.push_back(m.file().tensors[i].name);
  return names;
}

Status fill_inputs(ModelRunner& m, const RunArguments& a) {
  TRY(const auto files, files_by_input(m, a.inputs));
  TRY(const Preprocessing p, a.photos.parsed());
  Diags problems;
  std::map<std::string, Tensor> given;
  for (const auto& [k, file] : files) {
    const uint32_t index = m.file().inputs[k];
    const Tensor& to = *m.tensor(0, index);
    auto t = read_input(file, to, p);
    if (!t) {
      problems.insert(problems.end(), t.error().begin(), t.error().end());
    } else if (t->dtype != to.dtype || t->dims != to.dims) {
      problems.push_back(diag("TN3006", "'{}' holds {} [{}], the input '{}' is {} [{}]", file, tf_name(t->dtype), Shape::of(t->dims).str(),
                              m.file().tensors[index].name, tf_name(to.dtype), Shape::of(to.dims).str()));
    } else {
      given[m.file().tensors[index].name] = std::move(*t);
    }
  }
  if (!problems.empty()) return problems;
  const bool all_given = given.size() == m.file().inputs.size();
  std::vector<Tensor> samples;
  if (!all_given) {
    TRY(samples, sample_inputs(m.module(), 1, a.seed, {}, given));
  }
  for (size_t k = 0; k < m.file().inputs.size(); ++k) {
    const uint32_t index = m.file().inputs[k];
    Tensor& to = *m.tensor(0, index);
    const auto found = given.find(m.file().tensors[index].name);
    const Tensor& from = found != given.end() ? found->second : samples[k];
    if (from.dims != to.dims)
      return diag("TN3006", "no random value of the shape [{}] for the input '{}': give one", Shape::of(to.dims).str(), m.file().tensors[index].name);
    if (!byte_size(to.dtype)) to = from;
    else if (to.bytes()) std::memcpy(to.raw_mutable(), from.raw(), to.bytes());
  }
  return ok();
}

Expected<std::unique_ptr<ModelRunner>> ready_model(const RunArguments& a, const ModelOptions& options) {
  TRY(auto m, ModelRunner::load_file(a.path, options));
  if (!a.shapes.empty()) {
    TRY(const auto shapes, parse_shapes(a.shapes));
    if (shapes.size() != m->file().inputs.size())
      return diag("TN0004", "--shapes holds {} shapes, the model has {} inputs", shapes.size(), m->file().inputs.size());
    for (size_t k = 0; k < shapes.size(); ++k) {
      if (!shapes[k].is_static()) return diag("TN0004", "--shapes: [{}] is not known", shapes[k].str());
      m->resize_input(0, k, shapes[k].to_vector());
    }
  } else {
    // A .npy array may tell an open shape.
    TRY(const auto files, files_by_input(*m, a.inputs));
    for (const auto& [k, file] : files) {
      const auto& t = m->file().tensors[m->file().inputs[k]];
      if (is_image_path(file) || std::find(t.shape_signature.begin(), t.shape_signature.end(), -1) == t.shape_signature.end()) continue;
      TRY(const Tensor array, read_npy_file(file));
      m->resize_input(0, k, array.dims);
    }
  }
  CHECK_OK(m->allocate());
  CHECK_OK(fill_inputs(*m, a));
  return m;
}

}  // namespace toucanet::cli
