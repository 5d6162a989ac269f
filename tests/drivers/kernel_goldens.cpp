#include "kernel_goldens.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "import/tflite/read_tflite.h"
#include "runtime/execute.h"

namespace toucanet {
namespace {

/// Reads a container from its start; past its end everything is empty and ok() is false.
class Cursor {
  const std::string& bytes_;
  size_t at_ = 0;
  bool ok_ = true;

 public:
  explicit Cursor(const std::string& bytes) : bytes_(bytes) {}
  bool ok() const { return ok_; }
  bool done() const { return at_ == bytes_.size(); }
  std::string take(size_t n) {
    if (n > bytes_.size() - at_) return ok_ = false, std::string();
    at_ += n;
    return bytes_.substr(at_ - n, n);
  }
  template <class T>
  T number() {
    const std::string raw = take(sizeof(T));
    T value{};
    if (raw.size() == sizeof(T)) std::memcpy(&value, raw.data(), sizeof(T));
    return value;
  }
  std::string blob() { return take(number<uint32_t>()); }
  Tensor tensor() {
    const auto dtype = dtype_from_name(blob());
    std::vector<int64_t> dims;
    for (uint32_t rank = number<uint32_t>(); rank && ok_; --rank) dims.push_back(number<uint32_t>());
    const std::string data = blob();
    Tensor t = Tensor::zeros(dtype.value_or(DType::F32), dims);
    if (!dtype || t.bytes() != data.size()) return ok_ = false, Tensor();
    if (t.bytes()) std::memcpy(t.raw_mutable(), data.data(), data.size());
    return t;
  }
};

KernelGolden read_golden(Cursor& c) {
  KernelGolden g;
  g.name = c.blob();
  g.types = c.blob();
  g.resolver = c.blob();
  g.model = c.blob();
  g.refusal = c.blob();
  for (auto* list : {&g.inputs, &g.outputs})
    for (uint32_t n = c.number<uint32_t>(); n && c.ok(); --n) list->push_back(c.tensor());
  for (size_t i = 0; i < g.outputs.size(); ++i) g.bounds.push_back(c.number<double>());
  return g;
}

}  // namespace

std::vector<KernelGolden> load_kernel_goldens() {
  std::vector<std::filesystem::path> files;
  std::error_code missing;
  for (const auto& file : std::filesystem::directory_iterator(TOUCANET_SOURCE_DIR "/tests/oracle/kernel_goldens", missing)) files.push_back(file.path());
  std::sort(files.begin(), files.end());
  std::vector<KernelGolden> out;
  for (const auto& path : files) {
    std::ifstream f(path, std::ios::binary);
    std::stringstream all;
    all << f.rdbuf();
    const std::string bytes = all.str();
    Cursor c(bytes);
    EXPECT_EQ(c.take(8), "TNKGOLD1") << path;
    for (uint32_t n = c.number<uint32_t>(); n && c.ok(); --n) {
      out.push_back(read_golden(c));
      out.back().op = path.stem().string();
    }
    EXPECT_TRUE(c.ok() && c.done()) << path << " does not end where it should";
  }
  return out;
}

std::string differs_from_golden(const Tensor& want, const Tensor& got, double bound) {
  if (want.dtype != got.dtype) return fmt::format("{} instead of {}", name(got.dtype), name(want.dtype));
  if (want.dims != got.dims) return fmt::format("[{}] instead of [{}]", Shape::of(got.dims).str(), Shape::of(want.dims).str());
  if (want.bytes() == got.bytes() && (!want.bytes() || !std::memcmp(want.raw(), got.raw(), want.bytes()))) return "";
  for (int64_t i = 0; i < want.elements(); ++i) {
    const double x = want.number(i), y = got.number(i);
    if (x == y || (std::isnan(x) && std::isnan(y)) || (std::isfinite(x) && std::fabs(x - y) <= bound)) continue;
    return fmt::format("{} instead of {} at element {}", y, x, i);
  }
  return is_float(want.dtype) ? "" : "different values";
}

namespace {

struct Tally {
  int right = 0, wrong = 0, refused = 0, both_refuse = 0, only_litert_refuses = 0;
};

void run(const KernelGolden& g, Tally& tally, std::string& first_wrong) {
  auto bytes = std::make_shared<const std::string>(g.model);
  auto module = read_tflite(bytes, *bytes);
  auto got = module ? execute(*module, 0, g.inputs, {.semantics = Semantics::TfLite}) : Expected<std::vector<Tensor>>(module.error());
  if (!got) {
    ++(g.refusal.empty() ? tally.refused : tally.both_refuse);
    return;
  }
  if (!g.refusal.empty()) return void(++tally.only_litert_refuses);
  std::string why = got->size() == g.outputs.size() ? "" : "another number of results";
  if (g.op != "RANDOM_UNIFORM")
    for (size_t i = 0; i < g.outputs.size() && why.empty(); ++i) why = differs_from_golden(g.outputs[i], (*got)[i], g.bounds[i]);
  ++(why.empty() ? tally.right : tally.wrong);
  if (!why.empty() && first_wrong.empty()) first_wrong = g.name + ": " + why;
}

TEST(KernelGoldens, TheRecordHoldsEveryOperatorWithItsAnswers) {
  const auto all = load_kernel_goldens();
  std::map<std::string, int> operators;
  for (const auto& g : all) {
    ++operators[g.op];
    EXPECT_FALSE(g.model.empty()) << g.name;
    EXPECT_EQ(g.outputs.empty(), !g.refusal.empty()) << g.name;
  }
  EXPECT_GE(operators.size(), 120u);
  EXPECT_GE(all.size(), 1000u);
}

TEST(KernelGoldens, PlainEvaluationRefusesOrGivesLiteRtsNumbers) {
  std::map<std::string, Tally> tallies;
  std::map<std::string, std::string> wrong;
  for (const auto& g : load_kernel_goldens()) {
    SCOPED_TRACE(g.name);
    const std::string key = g.op + " " + g.types;
    run(g, tallies[key], wrong[key]);
  }
  Tally sum;
  for (const auto& [key, t] : tallies) {
    EXPECT_EQ(wrong[key], "") << key << ": " << t.wrong << " wrong";
    sum.right += t.right, sum.refused += t.refused, sum.both_refuse += t.both_refuse, sum.only_litert_refuses += t.only_litert_refuses;
  }
  // What is refused is counted, so that a lost operator shows.
  std::printf("kernel goldens: %d right, %d refused; LiteRT refuses %d more\n", sum.right, sum.refused, sum.both_refuse + sum.only_litert_refuses);
  EXPECT_GE(sum.right, 760);
}

}  // namespace
}  // namespace toucanet
