#include <cstdlib>

#include "diag/diag.h"
#include "toucanet/convert.h"
#include "toucanet/interpreter.h"
#include "toucanet/toucanet.h"
#include "toucanet/version.h"

using toucanet::Diags;
using toucanet::Interpreter;

struct toucanet_interpreter {
  Interpreter interpreter;
  std::vector<size_t> inputs, outputs;
  toucanet::TensorDetails asked = {};  // what the last toucanet_tensor points into
};
struct toucanet_bytes {
  std::string bytes;
};

namespace {

void set_error(char** error, const std::string& text) {
  if (!error) return;
  *error = static_cast<char*>(std::malloc(text.size() + 1));
  if (*error) std::memcpy(*error, text.c_str(), text.size() + 1);
}

int status(const toucanet::Status& s, char** error) {
  if (s) return 0;
  set_error(error, str(s.error()));
  return 1;
}

// No exception leaves the library: out of memory is an error like others.
template <class T, class F>
T guarded(char** error, T failed, F&& f) {
  if (error) *error = nullptr;
  try {
    return f();
  } catch (const std::exception& e) {
    set_error(error, toucanet::diag("TN9000", "{}", e.what()).str());
    return failed;
  }
}

toucanet::InterpreterOptions options_of(const toucanet_interpreter_options* from) {
  toucanet::InterpreterOptions o;
  if (!from) return o;
  if (from->threads) o.threads = from->threads;
  if (from->plain) o.resolver = toucanet::Resolver::Plain;
  o.preserve_all_tensors = from->preserve_all_tensors != 0;
  if (from->memory_limit) o.memory_limit = from->memory_limit;
  return o;
}

toucanet_interpreter* handle(toucanet::Expected<Interpreter> it, char** error) {
  if (!it) return set_error(error, str(it.error())), nullptr;
  auto* h = new toucanet_interpreter{std::move(*it), {}, {}};
  for (const auto& d : h->interpreter.inputs()) h->inputs.push_back(d.index);
  for (const auto& d : h->interpreter.outputs()) h->outputs.push_back(d.index);
  return h;
}

std::vector<std::string> split(const char* names) {
  std::vector<std::string> all;
  for (std::string_view rest = names ? names : ""; !rest.empty();) {
    const size_t comma = std::min(rest.find(','), rest.size());
    if (comma) all.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return all;
}

}  // namespace

const char* toucanet_version(void) { return toucanet::version; }
void toucanet_free(char* text) { std::free(text); }

toucanet_interpreter* toucanet_interpreter_from_file(const char* path, const toucanet_interpreter_options* options, char** error) {
  return guarded<toucanet_interpreter*>(error, nullptr, [&] { return handle(Interpreter::from_file(path, options_of(options)), error); });
}
toucanet_interpreter* toucanet_interpreter_from_bytes(const void* bytes, size_t size, const toucanet_interpreter_options* options, char** error) {
  return guarded<toucanet_interpreter*>(error, nullptr, [&] {
    return handle(Interpreter::from_bytes({static_cast<const char*>(bytes), size}, options_of(options)), error);
  });
}
void toucanet_interpreter_delete(toucanet_interpreter* h) { delete h; }

size_t toucanet_input_count(const toucanet_interpreter* h) { return h->inputs.size(); }
size_t toucanet_output_count(const toucanet_interpreter* h) { return h->outputs.size(); }
size_t toucanet_input(const toucanet_interpreter* h, size_t k) { return k < h->inputs.size() ? h->inputs[k] : SIZE_MAX; }
size_t toucanet_output(const toucanet_interpreter* h, size_t k) { return k < h->outputs.size() ? h->outputs[k] : SIZE_MAX; }

int toucanet_tensor_details(toucanet_interpreter* h, size_t index, toucanet_tensor* to, char** error) {
  return guarded(error, 1, [&] {
    auto found = h->interpreter.tensor(index);
    if (!found) return set_error(error, str(found.error())), 1;
    h->asked = std::move(*found);
    const auto& d = h->asked;
    // The table's names end with a zero.
    *to = {d.name.c_str(),
           tf_name(d.dtype).data(),
           d.shape.size(),
           d.shape.data(),
           d.quantization.scale.size(),
           d.quantization.scale.data(),
           d.quantization.zero_point.data(),
           d.quantization.axis};
    return 0;
  });
}

int toucanet_resize_input(toucanet_interpreter* h, size_t index, const int64_t* shape, size_t rank, char** error) {
  return guarded(error, 1, [&] { return status(h->interpreter.resize_input(index, {shape, shape + rank}), error); });
}
int toucanet_allocate(toucanet_interpreter* h, char** error) {
  return guarded(error, 1, [&] { return status(h->interpreter.allocate(), error); });
}
int toucanet_invoke(toucanet_interpreter* h, char** error) {
  return guarded(error, 1, [&] { return status(h->interpreter.invoke(), error); });
}
void toucanet_reset_variables(toucanet_interpreter* h) { h->interpreter.reset_variables(); }

void* toucanet_tensor_data(toucanet_interpreter* h, size_t index, size_t* bytes) {
  const auto data = h->interpreter.data(index);
  if (bytes) *bytes = data.size();
  return data.data();
}

toucanet_bytes* toucanet_convert_graph_def(const void* bytes, size_t size, const char* inputs, const char* outputs, char** error) {
  return guarded<toucanet_bytes*>(error, nullptr, [&]() -> toucanet_bytes* {
    toucanet::ConversionOptions o;
    for (auto& name : split(inputs)) o.inputs.push_back({std::move(name)});
    o.outputs = split(outputs);
    auto done = toucanet::convert_graph_def({static_cast<const char*>(bytes), size}, o);
    if (!done) return set_error(error, str(done.error())), nullptr;
    return new toucanet_bytes{std::move(done->bytes)};
  });
}
const void* toucanet_bytes_data(const toucanet_bytes* b, size_t* size) {
  if (size) *size = b->bytes.size();
  return b->bytes.data();
}
void toucanet_bytes_delete(toucanet_bytes* b) { delete b; }
