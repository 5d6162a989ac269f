// The runtime: flips of valid files are loaded, planned under a memory limit, filled and run under a budget of work, steps and seconds.
#include <array>
#include <chrono>
#include <cstdlib>

#include "export/write_tflite.h"
#include "flip_fields.h"
#include "import/tflite/read_tflite.h"
#include "runtime/model_runner.h"

using namespace toucanet;

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max);

namespace {

// What one run of the plan costs at worst: multiply-accumulates; of operators that count none, each result from every
// element (a window as large as the image).
int64_t work_of(const GraphRunner& graph) {
  constexpr int64_t most = int64_t{1} << 40;
  int64_t all = 0;
  for (const Step& s : graph.steps()) {
    const Node& n = graph.graph()[s.node];
    std::vector<TensorType> types;
    for (const Tensor* t : s.in) types.push_back(t ? t->type() : TensorType{});
    for (const Tensor* t : s.out) types.push_back(t->type());
    std::vector<const TensorType*> in, out;
    for (size_t i = 0; i < types.size(); ++i) (i < s.in.size() ? in : out).push_back(i < s.in.size() && !s.in[i] ? nullptr : &types[i]);
    if (n.op->macs) {
      const Dim d = n.op->macs({n.attrs, in, out});
      all += d.known() ? std::clamp<int64_t>(d.value(), 0, most) : 0;
    } else if (!s.in.empty() && s.in[0] && !s.out.empty()) {
      all += limits::product(std::array{s.in[0]->elements(), s.out[0]->elements()}, most).value_or(most);
    }
  }
  return all;
}

// Also graphs that others call; one that cannot be planned on its own is bounded by the steps and the time.
int64_t work_of(ModelRunner& m) {
  int64_t all = 0;
  for (size_t k = 0; k < m.subgraphs(); ++k)
    if (m.allocate(k)) all += work_of(m.graph(k));
  return all;
}

// The file with its small constants of integers, in every second file some of them, as inputs: axes, sizes and positions
// that are known only when running.
std::shared_ptr<const std::string> with_open_constants(const std::shared_ptr<const std::string>& file) {
  auto m = read_tflite(file, *file);
  if (!m) return nullptr;
  Graph& g = m->main();
  const size_t some = std::hash<std::string>{}(*file);
  size_t opened = 0, seen = 0;
  for (NodeId id : g.topological()) {
    const TensorType t = g[id].is<Const>() ? g.type({id, 0}) : TensorType{};
    if ((t.dtype != DType::I32 && t.dtype != DType::I64) || t.quant || g[id].constant->elements() > 16) continue;
    if (some % 2 && some >> (1 + seen++ % 32) & 1) continue;
    g.replace_uses({id, 0}, g.add_input(t, fmt::format("opened{}", opened++)));
  }
  if (!opened) return nullptr;
  auto bytes = write_tflite(*m);
  return bytes ? std::make_shared<const std::string>(std::move(*bytes)) : nullptr;
}

void fill(Tensor& t, std::mt19937& random) {
  if (t.dtype == DType::String) {
    t = Tensor::strings(t.dims, std::vector<std::string>(static_cast<size_t>(limits::product(t.dims, 1000).value_or(0)), "toucan"));
  } else if ((t.dtype == DType::I32 || t.dtype == DType::I64) && t.raw() && random() % 4) {
    constexpr int far[] = {1000, 1 << 20, INT32_MAX, INT32_MIN};
    dispatch(t.dtype, [&]<class T>(T) {
      for (T& v : t.as_mutable<T>()) v = static_cast<T>(random() % 8 ? static_cast<int>(random() % 8) - 2 : far[random() % std::size(far)]);
    });
  } else if (t.raw() && byte_size(t.dtype)) {
    auto* bytes = reinterpret_cast<uint8_t*>(t.raw_mutable());
    const bool small = random() % 2;
    for (size_t i = 0; i < t.bytes(); ++i)
      bytes[i] = static_cast<uint8_t>(t.dtype == DType::Bool || (small && i % byte_size(t.dtype)) ? random() % 2 : random());
  }
}

void run(const std::shared_ptr<const std::string>& file, Resolver resolver) {
  ModelOptions o;
  o.runner = {.resolver = resolver, .arena_limit = size_t{4} << 20};
  auto loaded = ModelRunner::load(file, *file, o);
  if (!loaded) return;
  ModelRunner& m = **loaded;
  if (!m.allocate() || work_of(m) > int64_t{1} << 26) return;
  std::mt19937 random(static_cast<unsigned>(std::hash<std::string>{}(*file)));
  for (int round = 0; round < 3; ++round) {
    for (Value v : m.graph().graph().inputs)
      if (!m.graph().is_constant(v)) fill(m.graph().tensor(v), random);
    size_t steps = 2000;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    (void)m.invoke(0, false, [&] { return steps-- > 0 && std::chrono::steady_clock::now() < end; });
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto file = std::make_shared<const std::string>(reinterpret_cast<const char*>(data), size);
  run(file, Resolver::Fast);
  run(file, Resolver::Plain);
  if (const auto open = with_open_constants(file)) run(open, Resolver::Plain);
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max, unsigned seed) {
  if (size < 16 || seed % 16 == 0) return LLVMFuzzerMutate(data, size, max);
  for (unsigned i = 0; i <= seed / 16 % 3; ++i)
    if (seed % 16 < 3 || !FieldFlips(seed + i)(data, size)) flip_word(data, size, seed + i * 4096);
  return size;
}
