// The runtime: flips of valid files are loaded, planned under a memory limit, filled and run under a budget of steps.
#include <cstdlib>

#include "export/write_tflite.h"
#include "flip_fields.h"
#include "import/tflite/read_tflite.h"
#include "runtime/model_runner.h"

using namespace toucanet;

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max);

namespace {

// Multiply-accumulates of the plan; the steps of called graphs are counted by the budget only.
int64_t macs_of(ModelRunner& m) {
  int64_t all = 0;
  for (const Step& s : m.graph().steps()) {
    const Node& n = m.graph().graph()[s.node];
    if (!n.op->macs) continue;
    std::vector<TensorType> types;
    for (const Tensor* t : s.in) types.push_back(t ? t->type() : TensorType{});
    for (const Tensor* t : s.out) types.push_back(t->type());
    std::vector<const TensorType*> in, out;
    for (size_t i = 0; i < types.size(); ++i) (i < s.in.size() ? in : out).push_back(i < s.in.size() && !s.in[i] ? nullptr : &types[i]);
    const Dim d = n.op->macs({n.attrs, in, out});
    all += d.known() ? std::clamp<int64_t>(d.value(), 0, int64_t{1} << 40) : 0;
  }
  return all;
}

// The file with its small constants of integers as inputs: axes, sizes and positions that are known only when running.
std::shared_ptr<const std::string> with_open_constants(const std::shared_ptr<const std::string>& file) {
  auto m = read_tflite(file, *file);
  if (!m) return nullptr;
  Graph& g = m->main();
  size_t opened = 0;
  for (NodeId id : g.topological()) {
    const TensorType t = g[id].is<Const>() ? g.type({id, 0}) : TensorType{};
    if ((t.dtype != DType::I32 && t.dtype != DType::I64) || t.quant || g[id].constant->elements() > 16) continue;
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
    dispatch(t.dtype, [&]<class T>(T) {
      for (T& v : t.as_mutable<T>()) v = static_cast<T>(static_cast<int>(random() % 8) - 2);
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
  if (!m.allocate() || macs_of(m) > int64_t{1} << 25) return;
  std::mt19937 random(static_cast<unsigned>(std::hash<std::string>{}(*file)));
  for (int round = 0; round < 3; ++round) {
    for (Value v : m.graph().graph().inputs)
      if (!m.graph().is_constant(v)) fill(m.graph().tensor(v), random);
    size_t steps = 2000;
    (void)m.invoke(0, false, [&] { return steps-- > 0; });
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
