#pragma once
// Networks and samples for the tests of calibration.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "ir/text.h"
#include "quantize/calibrate.h"
#include "quantize/calibration_file.h"

namespace toucanet {

// Takes batches: no shape is constant but for the first axis.
inline constexpr const char* convolutions = R"(graph main
  %x = input "x" : f32[n,9,9,3]
  %w1 = const : f32[32,3,3,3]
  %b1 = const : f32[32]
  %c = conv_2d(%x, %w1, %b1) {fused_activation_function=relu6} "conv"
  %w2 = const : f32[1,3,3,32]
  %d = depthwise_conv_2d(%c, %w2, %b1) {depth_multiplier=1} "depthwise"
  %p = max_pool_2d(%d) {filter_height=2, filter_width=2, stride_h=2, stride_w=2} "pool"
  %q = softmax(%p) {beta=1} "softmax"
  return %q "softmax"
)";

inline Module parsed(const char* text) {
  auto m = parse_module(text);
  EXPECT_TRUE(m) << str(m.error());
  return std::move(*m);
}

inline Tensor sample_of(uint64_t seed, std::vector<int64_t> dims = {1, 9, 9, 3}) {
  std::mt19937 random(static_cast<unsigned>(seed));
  Tensor t = Tensor::zeros(DType::F32, std::move(dims));
  for (float& f : t.as_mutable<float>()) f = static_cast<float>(random() % 2001) / 1000.0f - 1.0f;
  return t;
}

/// Samples made of their index; those from `bad` on hold a NaN.
class MadeSamples : public SampleSource {
  uint64_t size_, bad_;

 public:
  explicit MadeSamples(uint64_t n, uint64_t bad = UINT64_MAX) : size_(n), bad_(bad) {}
  std::optional<uint64_t> size() const override { return size_; }
  std::string description() const override { return "made"; }
  Expected<std::optional<std::vector<Tensor>>> sample(uint64_t i) override {
    if (i >= size_) return std::optional<std::vector<Tensor>>{};
    Tensor t = sample_of(i);
    if (i >= bad_) t.as_mutable<float>()[7] = std::numeric_limits<float>::quiet_NaN();
    return std::optional(std::vector<Tensor>{std::move(t)});
  }
};

class InFolder : public testing::Test {
 protected:
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / fmt::format("toucanet_{}_{}", testing::UnitTest::GetInstance()->current_test_info()->name(), getpid());
  void SetUp() override { std::filesystem::create_directories(folder); }
  void TearDown() override { std::filesystem::remove_all(folder); }
  std::string path(const std::string& name) const { return (folder / name).string(); }
  std::string bytes(const std::string& name) const {
    std::ifstream f(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(f), {}};
  }
  void put(const std::string& name, std::string_view b) const { std::ofstream(path(name), std::ios::binary | std::ios::trunc) << b; }

  /// Calibrates into a file; its bytes.
  std::string calibrated(const Module& m, SampleSource& source, const std::string& name, CalibrateOptions o) const {
    o.path = path(name);
    const auto done = calibrate(m, source, o);
    EXPECT_TRUE(done) << str(done.error());
    return bytes(name);
  }
};

}  // namespace toucanet
