// Every kernel of every operator beside plain evaluation, for shapes around the widths of vectors.
#include <gtest/gtest.h>

#include <random>

#include "ir/text.h"
#include "kernel_uses.h"
#include "runtime/graph_runner.h"

namespace toucanet {
namespace {

// Ordinary numbers, and now and then one that is not.
void fill(Tensor& t, std::mt19937& random, bool strange) {
  if (t.dtype != DType::F32) {
    const uint32_t span = t.dtype == DType::I32 ? 3 : t.dtype == DType::I16 ? 65536 : 256;
    dispatch(t.dtype, [&]<class T>(T) {
      for (T& v : t.as_mutable<T>()) v = static_cast<T>(random() % span);
    });
    return;
  }
  constexpr float inf = std::numeric_limits<float>::infinity();
  const float rare[] = {0.0f, -0.0f, inf, -inf, std::nanf(""), 1e-40f, -1e-40f, 88.8f, -88.0f, -104.0f, 3e38f, -3e38f, 1.5f, -2.5f};
  for (float& v : t.as_mutable<float>()) {
    v = static_cast<float>(random() % 20001) / 1000.0f - 10.0f;
    if (strange && random() % 8 == 0) v = rare[random() % std::size(rare)];
  }
}

struct Result {
  std::vector<Tensor> outputs;
  std::vector<const Kernel*> kernels;
};

Result run(const Module& m, Resolver resolver, Rounding rounding, size_t thread_count, unsigned seed, bool strange) {
  PlainExecutor executor(m, {.semantics = Semantics::TfLite, .rounding = rounding});
  Threads threads(thread_count);
  GraphRunner runner(m, 0, executor, {.resolver = resolver});
  Result r;
  const auto planned = runner.plan(threads);
  EXPECT_TRUE(planned) << str(planned.error());
  if (!planned) return r;
  std::mt19937 random(seed);
  for (Value v : runner.graph().inputs) fill(runner.tensor(v), random, strange);
  const auto done = runner.run();
  EXPECT_TRUE(done) << str(done.error());
  for (const auto& o : runner.graph().outputs()) r.outputs.push_back(runner.tensor(o.value).copy());
  for (const Step& s : runner.steps())
    if (s.kernel) r.kernels.push_back(s.kernel);
  return r;
}

// Floats as integers in their order.
int64_t place(float v) {
  int32_t bits;
  std::memcpy(&bits, &v, 4);
  return bits < 0 ? int64_t{INT32_MIN} - bits : bits;
}
bool near(float a, float b, const OneOperator& use) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  if (std::isinf(a) || std::isinf(b)) return a == b;
  return std::abs(place(a) - place(b)) <= use.ulps || std::abs(a - b) <= use.distance;
}
void expect_same(const Tensor& want, const Tensor& got, const OneOperator& use) {
  ASSERT_EQ(want.dims, got.dims) << use.text;
  ASSERT_EQ(want.dtype, got.dtype) << use.text;
  if (want.dtype != DType::F32) {
    for (size_t i = 0; i < want.bytes(); ++i) ASSERT_EQ(want.as<uint8_t>()[i], got.as<uint8_t>()[i]) << "byte " << i << " of\n" << use.text;
    return;
  }
  const auto a = want.as<float>(), b = got.as<float>();
  for (size_t i = 0; i < a.size(); ++i) ASSERT_TRUE(near(a[i], b[i], use)) << "element " << i << ": " << a[i] << " and " << b[i] << " of\n" << use.text;
}

std::set<const Kernel*> compared;

// As many threads as may be, the same bits.
void compare(const OneOperator& use, bool strange, Rounding rounding = Rounding::Reference) {
  auto m = parse_module(use.text);
  ASSERT_TRUE(m) << str(m.error()) << use.text;
  for (unsigned seed = 1; seed <= 2; ++seed) {
    const Result plain = run(*m, Resolver::Plain, rounding, 1, seed, strange), one = run(*m, Resolver::Fast, rounding, 1, seed, strange),
                 three = run(*m, Resolver::Fast, rounding, 3, seed, strange);
    ASSERT_EQ(plain.outputs.size(), one.outputs.size());
    ASSERT_FALSE(one.kernels.empty()) << "no kernel takes\n" << use.text;
    compared.insert(one.kernels.begin(), one.kernels.end());
    for (size_t i = 0; i < plain.outputs.size(); ++i) {
      expect_same(plain.outputs[i], one.outputs[i], use);
      ASSERT_TRUE(one.outputs[i].bytes() == 0 || std::memcmp(one.outputs[i].raw(), three.outputs[i].raw(), one.outputs[i].bytes()) == 0) << "threads change\n"
                                                                                                                                         << use.text;
    }
  }
}

TEST(KernelContract, EveryKernelGivesWhatPlainEvaluationGives) {
  for (const auto& uses : {unary_floats(), binaries(), quantizations(), chains()})
    for (const OneOperator& u : uses) ASSERT_NO_FATAL_FAILURE(compare(u, true));
  for (const auto& uses : {tables(), windows(), movements(), images(), products(), softmaxes(), matmuls()})
    for (const OneOperator& u : uses) ASSERT_NO_FATAL_FAILURE(compare(u, false));
  for (const auto& uses : {windows(), products()})
    for (const OneOperator& u : uses) {
      const bool of_i8 = u.text.find("input \"x\" : i8") != std::string::npos;
      if (of_i8) {
        ASSERT_NO_FATAL_FAILURE(compare(u, false, Rounding::Xnnpack));
      }
    }
  for (const OpDef* op : all_ops())
    for (const Kernel* k : op->kernels) EXPECT_TRUE(compared.contains(k)) << "nothing here is taken by " << k->name << " of " << op->name;
}

}  // namespace
}  // namespace toucanet
