// A .tflite model to run, for the Python Interpreter. No logic: results as values, problems as JSON ("[]": none).
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>

#include "cli/report.h"
#include "import/file.h"
#include "runtime/model_runner.h"

namespace nb = nanobind;
using namespace toucanet;

namespace {

std::string problems(const Status& s) { return s ? "[]" : cli::json_of(s.error()).dump(); }

std::optional<nb::dlpack::dtype> numpy_type(DType t) {
  switch (t) {
    case DType::F32: return nb::dtype<float>();
    case DType::F64: return nb::dtype<double>();
    case DType::I8: return nb::dtype<int8_t>();
    case DType::I16: return nb::dtype<int16_t>();
    case DType::I32: return nb::dtype<int32_t>();
    case DType::I64: return nb::dtype<int64_t>();
    case DType::U8: return nb::dtype<uint8_t>();
    case DType::U16: return nb::dtype<uint16_t>();
    case DType::U32: return nb::dtype<uint32_t>();
    case DType::U64: return nb::dtype<uint64_t>();
    case DType::Bool: return nb::dtype<bool>();
    case DType::F16: return nb::dlpack::dtype{static_cast<uint8_t>(nb::dlpack::dtype_code::Float), 16, 1};
    case DType::C64: return nb::dlpack::dtype{static_cast<uint8_t>(nb::dlpack::dtype_code::Complex), 64, 1};
    default: return std::nullopt;
  }
}

// A custom operator in Python: f(options: bytes, operands: list of arrays or None) -> list of arrays.
CustomFunction custom_of(nb::callable f) {
  auto held = std::shared_ptr<nb::callable>(new nb::callable(std::move(f)), [](nb::callable* p) {
    nb::gil_scoped_acquire gil;
    delete p;
  });
  return [held](const Bytes& options, std::span<const Tensor* const> operands) -> Expected<std::vector<Tensor>> {
    nb::gil_scoped_acquire gil;
    try {
      nb::list list;
      for (const Tensor* t : operands) {
        if (!t) {
          list.append(nb::none());
          continue;
        }
        const auto type = numpy_type(t->dtype);
        if (!type) return diag("TN3002", "a custom operator in Python cannot take {}", name(t->dtype));
        const std::vector<size_t> shape(t->dims.begin(), t->dims.end());
        nb::ndarray<nb::numpy> view(const_cast<std::byte*>(t->raw()), shape.size(), shape.data(), nb::handle(), nullptr, *type);
        list.append(nb::cast(view, nb::rv_policy::copy));
      }
      nb::object results = (*held)(nb::bytes(reinterpret_cast<const char*>(options.data.data()), options.data.size()), list);
      std::vector<Tensor> out;
      for (nb::handle h : results) {
        const auto a = nb::cast<nb::ndarray<nb::c_contig, nb::device::cpu>>(h);
        std::vector<int64_t> dims;
        for (size_t i = 0; i < a.ndim(); ++i) dims.push_back(static_cast<int64_t>(a.shape(i)));
        std::optional<DType> dtype;
        for (size_t k = 0; k < dtype_count && !dtype; ++k)
          if (const auto n = numpy_type(static_cast<DType>(k)); n && *n == a.dtype()) dtype = static_cast<DType>(k);
        if (!dtype) return diag("TN3002", "a custom operator in Python gave an array of a type that is not known");
        Tensor t = Tensor::zeros(*dtype, std::move(dims));
        if (t.bytes()) std::memcpy(t.raw_mutable(), a.data(), t.bytes());
        out.push_back(std::move(t));
      }
      return out;
    } catch (const std::exception& e) {
      return diag("TN3001", "a custom operator in Python raised: {}", e.what());
    }
  };
}

class PyModel {
  std::unique_ptr<ModelRunner> model_;

 public:
  std::string load(std::shared_ptr<const void> owner, std::string_view bytes, const ModelOptions& o) {
    nb::gil_scoped_release release;
    auto m = ModelRunner::load(std::move(owner), bytes, o);
    if (!m) return cli::json_of(m.error()).dump();
    model_ = std::move(*m);
    return "[]";
  }
  ModelRunner& model() { return *model_; }

  /// As of the last resize or run; a rank may be another than the file's.
  const std::vector<int64_t>& dims(size_t subgraph, size_t i) {
    const auto& file = model_->file(subgraph);
    GraphRunner& g = model_->graph(subgraph);
    if (const auto in = std::ranges::find(file.inputs, static_cast<uint32_t>(i)); in != file.inputs.end())
      return g.input_dims(static_cast<size_t>(in - file.inputs.begin()));
    const auto& stated = file.tensors.at(i).shape;
    const Tensor* now = g.planned() ? model_->tensor(subgraph, i) : nullptr;
    return now && (now->bytes() || now->dims.size() == stated.size()) ? now->dims : stated;
  }

  nb::dict tensor_details(size_t subgraph, size_t i) {
    const TfliteTensor& t = model_->file(subgraph).tensors.at(i);
    nb::dict d;
    d["name"] = t.name;
    d["index"] = i;
    d["shape"] = dims(subgraph, i);
    d["shape_signature"] = t.shape_signature.empty() ? t.shape : t.shape_signature;
    d["dtype"] = std::string(tf_name(t.dtype));
    d["scales"] = t.quant ? t.quant->scale : std::vector<float>{};
    d["zero_points"] = t.quant ? t.quant->zero_point : std::vector<int64_t>{};
    d["quantized_dimension"] = t.quant ? t.quant->axis : 0;
    return d;
  }
  nb::list signatures() {
    nb::list all;
    for (const auto& s : model_->module().signatures) {
      nb::dict in, out;
      const auto& file = model_->file(s.graph);
      for (const auto& [name, k] : s.inputs) in[name.c_str()] = file.inputs[k];
      for (const auto& [name, k] : s.outputs) out[name.c_str()] = file.outputs[k];
      all.append(nb::make_tuple(s.key, s.graph, in, out));
    }
    return all;
  }
  std::string allocate(size_t subgraph) {
    nb::gil_scoped_release release;
    return problems(model_->allocate(subgraph));
  }
  std::string invoke(size_t subgraph, bool timed) {
    nb::gil_scoped_release release;
    return problems(model_->invoke(subgraph, timed));
  }
};

// The tensor's memory itself; valid until the next allocate. None where it has none or holds strings.
nb::object view(nb::handle_t<PyModel> self, size_t subgraph, size_t index) {
  Tensor* t = nb::cast<PyModel&>(self).model().tensor(subgraph, index);
  if (!t) return nb::none();
  const auto type = numpy_type(t->dtype);
  if (!type || (!t->raw() && t->bytes())) return nb::none();
  const std::vector<size_t> shape(t->dims.begin(), t->dims.end());
  static std::byte nothing[1];
  void* data = t->raw() ? const_cast<std::byte*>(t->raw()) : nothing;
  return nb::cast(nb::ndarray<nb::numpy>(data, shape.size(), shape.data(), self, nullptr, *type), nb::rv_policy::reference);
}

nb::object strings(PyModel& self, size_t subgraph, size_t index) {
  Tensor* t = self.model().tensor(subgraph, index);
  if (!t || t->dtype != DType::String) return nb::none();
  nb::list all;
  for (const auto& s : t->string_values()) all.append(nb::bytes(s.data(), s.size()));
  return nb::make_tuple(t->dims, all);
}

void set_strings(PyModel& self, size_t subgraph, size_t index, const std::vector<int64_t>& dims, nb::list values) {
  std::vector<std::string> all;
  for (nb::handle h : values) {
    const auto b = nb::cast<nb::bytes>(h);
    all.emplace_back(b.c_str(), b.size());
  }
  if (Tensor* t = self.model().tensor(subgraph, index)) *t = Tensor::strings(dims, all);
}

nb::list operators(PyModel& self, size_t subgraph) {
  nb::list all;
  for (const auto& o : self.model().file(subgraph).operators) all.append(nb::make_tuple(o.name, o.inputs, o.outputs));
  return all;
}

bool is_constant(PyModel& self, size_t subgraph, size_t index) {
  const Value v = self.model().file(subgraph).tensors.at(index).value;
  return v && self.model().graph(subgraph).is_constant(v);
}

nb::list steps(PyModel& self, size_t subgraph) {
  GraphRunner& g = self.model().graph(subgraph);
  nb::list all;
  for (const Step& s : g.steps()) {
    const Node& n = g.graph()[s.node];
    nb::dict d;
    d["operator"] = std::string(n.op->tflite.builtin.empty() ? n.op->name : n.op->tflite.builtin);
    d["kernel"] = s.kernel ? fmt::format("{}.{}", s.kernel->name, s.isa) : fmt::format("{}.plain", n.op->name);
    d["microseconds"] = s.microseconds;
    d["passed_over"] = s.passed_over;
    all.append(d);
  }
  return all;
}

}  // namespace

void add_model_runner(nb::module_& m) {
  nb::class_<PyModel>(m, "Model")
      .def(nb::init<>())
      .def(
          "load",
          [](PyModel& self, nb::object content, std::optional<std::string> path, size_t threads, bool plain, bool preserve_all, bool xnnpack_rounding,
             nb::dict customs) {
            ModelOptions o;
            o.threads = threads;
            o.runner.resolver = plain ? Resolver::Plain : Resolver::Fast;
            o.runner.preserve_all_tensors = preserve_all;
            o.rounding = xnnpack_rounding ? Rounding::Xnnpack : Rounding::Reference;
            for (auto [k, f] : customs) o.customs[nb::cast<std::string>(k)] = custom_of(nb::cast<nb::callable>(f));
            if (path) {
              auto file = map_file(*path);
              if (!file) return cli::json_of(file.error()).dump();
              o.runner.constants_are_mapped = true;
              return self.load(*file, (*file)->bytes(), o);
            }
            auto bytes = nb::cast<nb::bytes>(content);
            const std::string_view text(bytes.c_str(), bytes.size());
            auto owner = std::shared_ptr<nb::bytes>(new nb::bytes(bytes), [](nb::bytes* p) {
              nb::gil_scoped_acquire gil;
              delete p;
            });
            return self.load(owner, text, o);
          },
          nb::arg("content").none(), nb::arg("path").none(), nb::arg("threads") = 1, nb::arg("plain") = false, nb::arg("preserve_all_tensors") = false,
          nb::arg("xnnpack_rounding") = false, nb::arg("customs") = nb::dict())
      .def("subgraphs", [](PyModel& s) { return s.model().subgraphs(); })
      .def("inputs", [](PyModel& s, size_t g) { return s.model().file(g).inputs; })
      .def("outputs", [](PyModel& s, size_t g) { return s.model().file(g).outputs; })
      .def("tensors", [](PyModel& s, size_t g) { return s.model().file(g).tensors.size(); })
      .def("tensor_details", &PyModel::tensor_details)
      .def("signatures", &PyModel::signatures)
      .def("resize_input", [](PyModel& s, size_t g, size_t k, std::vector<int64_t> dims) { s.model().resize_input(g, k, std::move(dims)); })
      .def("allocate", &PyModel::allocate)
      .def("planned", [](PyModel& s, size_t g) { return s.model().graph(g).planned(); })
      .def("invoke", &PyModel::invoke, nb::arg("subgraph"), nb::arg("timed") = false)
      .def("view", &view)
      .def("strings", &strings)
      .def("set_strings", &set_strings)
      .def("steps", &steps)
      .def("operators", &operators)
      .def("is_constant", &is_constant)
      .def("arena_bytes", [](PyModel& s, size_t g) { return s.model().graph(g).arena_bytes(); })
      .def("reset_variables", [](PyModel& s) { s.model().reset_variables(); });
}
