// Speed of every micro-kernel that this host can run, on data that stay in the inner caches:
// billions of operations a second (a multiplication and an addition are two) and operations a cycle.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <new>
#include <random>
#include <string>
#include <vector>

#include "kernels/depthwise_f32/depthwise_f32_table.h"
#include "kernels/depthwise_f32/pack_depthwise_f32.h"
#include "kernels/depthwise_i8/depthwise_i8_table.h"
#include "kernels/depthwise_i8/pack_depthwise_i8.h"
#include "kernels/gemm_f32/gemm_f32_table.h"
#include "kernels/gemm_f32/pack_gemm_f32.h"
#include "kernels/gemm_i8/gemm_i8_table.h"
#include "kernels/gemm_i8/pack_gemm_i8.h"
#include "kernels/host_isa.h"

namespace toucanet {
namespace {

template <class T>
struct Lines {
  using value_type = T;
  Lines() = default;
  template <class U>
  Lines(const Lines<U>&) {}
  T* allocate(size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t{64})); }
  void deallocate(T* p, size_t) { ::operator delete(p, std::align_val_t{64}); }
  bool operator==(const Lines&) const { return true; }
};

// At the beginning of a cache line, as the runtime's tensors are.
template <class T>
using Buffer = std::vector<T, Lines<T>>;

constexpr RequantI8 requant{0, -128, 127};

// Seconds for one call: the best of many short batches, because other programs may be running.
template <class F>
double seconds(F f) {
  using Clock = std::chrono::steady_clock;
  const auto batch = [&](size_t n) {
    const auto start = Clock::now();
    for (size_t i = 0; i < n; ++i) f();
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  size_t n = 1;
  while (batch(n) < 0.0005) n *= 2;
  double least = batch(n);
  for (int i = 0; i < 150; ++i) least = std::min(least, batch(n));
  return least / static_cast<double>(n);
}

// From a chain of 64-bit multiplications, three cycles each on the x86-64 processors with AVX2.
double gigahertz() {
  constexpr size_t links = 1000;
  uint64_t x = 3;
  const double time = seconds([&] {
    for (size_t i = 0; i < links; ++i) {
      x *= 0x9E3779B97F4A7C15u;
      asm volatile("" : "+r"(x));
    }
  });
  return 3.0 * links / time * 1e-9;
}

void print(const char* family, Isa isa, const std::string& shape, double operations, double time, double ghz) {
  const double giga = operations / time * 1e-9;
  std::printf("%-14s %-11s %-36s %9.1f Gop/s %7.1f op/cycle\n", family, std::string(name(isa)).c_str(), shape.c_str(), giga, giga / ghz);
}

template <class T>
Buffer<T> random_values(size_t count) {
  static std::mt19937 bits(5);
  Buffer<T> v(count);
  for (T& x : v) x = static_cast<T>(static_cast<int>(bits() % 255) - 127);
  return v;
}

// Rows that lie behind one another, cut into tiles of mr.
template <class T>
std::vector<const T*> tile_pointers(const Buffer<T>& a, size_t rows, size_t mr, size_t taps, size_t depth) {
  std::vector<const T*> p;
  for (size_t first = 0; first < rows; first += mr)
    for (size_t t = 0; t < taps; ++t)
      for (size_t m = 0; m < mr; ++m) p.push_back(a.data() + (t * rows + std::min(first + m, rows - 1)) * depth);
  return p;
}

std::string shape(size_t rows, size_t n, size_t taps, size_t depth) {
  return std::to_string(rows) + " rows x " + std::to_string(n) + " cols, " + std::to_string(taps) + " x " + std::to_string(depth);
}

void gemm_f32(size_t rows, size_t n, size_t taps, size_t depth, double ghz) {
  const auto a = random_values<float>(rows * taps * depth), filter = random_values<float>(n * taps * depth);
  Buffer<float> c(rows * n);
  for (const GemmF32* kernel : gemm_f32_table()) {
    if (kernel->isa > host_isa()) continue;
    const auto p = tile_pointers(a, rows, kernel->mr, taps, depth);
    const size_t panel = gemm_f32_panel_floats(*kernel, taps, depth), bytes = gemm_f32_packed_bytes(*kernel, n, taps, depth);
    Buffer<float> packed(bytes / sizeof(float));
    pack_gemm_f32(*kernel, n, taps, depth, filter.data(), nullptr, packed.data());
    const double time = seconds([&] {
      for (size_t col = 0; col < n; col += kernel->nr)
        for (size_t row = 0; row < rows; row += kernel->mr)
          kernel->run(std::min<size_t>(kernel->mr, rows - row), std::min<size_t>(kernel->nr, n - col), taps, depth, p.data() + row * taps,
                      packed.data() + col / kernel->nr * panel, c.data() + row * n + col, n, -1e30f, 1e30f);
    });
    print("gemm_f32", kernel->isa, shape(rows, n, taps, depth), 2.0 * rows * n * taps * depth, time, ghz);
  }
}

void gemm_i8(size_t rows, size_t n, size_t taps, size_t depth, double ghz) {
  const auto a = random_values<int8_t>(rows * taps * depth), filter = random_values<int8_t>(n * taps * depth);
  const std::vector<FixedMultiplier> multipliers(n, quantize_multiplier(0.001));
  Buffer<int8_t> c(rows * n);
  for (const GemmI8* kernel : gemm_i8_table()) {
    if (kernel->isa > host_isa()) continue;
    const auto p = tile_pointers(a, rows, kernel->mr, taps, depth);
    const size_t panel = gemm_i8_panel_bytes(*kernel, taps, depth);
    Buffer<int8_t> packed(gemm_i8_packed_bytes(*kernel, n, taps, depth));
    pack_gemm_i8(*kernel, n, taps, depth, filter.data(), nullptr, 3, multipliers.data(), packed.data());
    const double time = seconds([&] {
      for (size_t col = 0; col < n; col += kernel->nr)
        for (size_t row = 0; row < rows; row += kernel->mr)
          kernel->run(std::min<size_t>(kernel->mr, rows - row), std::min<size_t>(kernel->nr, n - col), taps, depth, p.data() + row * taps,
                      packed.data() + col / kernel->nr * panel, c.data() + row * n + col, n, &requant);
    });
    print("gemm_i8", kernel->isa, shape(rows, n, taps, depth), 2.0 * rows * n * taps * depth, time, ghz);
  }
}

// A row of pixels under a window of three rows, as a convolution points to them.
template <class T>
std::vector<const T*> window_pointers(const Buffer<T>& x, size_t pixels, size_t channels) {
  std::vector<const T*> p;
  for (size_t i = 0; i < pixels; ++i)
    for (size_t t = 0; t < 9; ++t) p.push_back(x.data() + (t / 3 * (pixels + 2) + i + t % 3) * channels);
  return p;
}

void depthwise(size_t pixels, size_t channels, double ghz) {
  const std::string text = std::to_string(pixels) + " pixels x " + std::to_string(channels) + " channels, 3 x 3";
  const double operations = 2.0 * 9 * pixels * channels;
  const auto x = random_values<float>(3 * (pixels + 2) * channels), filter = random_values<float>(9 * channels);
  const auto p = window_pointers(x, pixels, channels);
  Buffer<float> y(pixels * channels);
  for (const DepthwiseF32* kernel : depthwise_f32_table()) {
    if (kernel->isa > host_isa()) continue;
    Buffer<float> packed(depthwise_f32_packed_bytes(*kernel, channels, 9) / sizeof(float));
    pack_depthwise_f32(*kernel, channels, 9, filter.data(), nullptr, packed.data());
    const double time = seconds([&] { kernel->run(pixels, channels, 9, p.data(), packed.data(), y.data(), channels, -1e30f, 1e30f); });
    print("depthwise_f32", kernel->isa, text, operations, time, ghz);
  }
  const auto bytes = random_values<int8_t>(x.size()), weights = random_values<int8_t>(filter.size());
  const auto pointers = window_pointers(bytes, pixels, channels);
  const std::vector<FixedMultiplier> multipliers(channels, quantize_multiplier(0.001));
  Buffer<int8_t> out(pixels * channels);
  for (const DepthwiseI8* kernel : depthwise_i8_table()) {
    if (kernel->isa > host_isa()) continue;
    Buffer<int32_t> packed(depthwise_i8_packed_bytes(*kernel, channels, 9) / sizeof(int32_t));
    pack_depthwise_i8(*kernel, channels, 9, weights.data(), nullptr, 3, multipliers.data(), packed.data());
    const double time = seconds([&] { kernel->run(pixels, channels, 9, pointers.data(), packed.data(), out.data(), channels, &requant); });
    print("depthwise_i8", kernel->isa, text, operations, time, ghz);
  }
}

}  // namespace
}  // namespace toucanet

int main() {
  const double ghz = toucanet::gigahertz();
  std::printf("clock %.2f GHz, widest instruction set %s\n", ghz, std::string(toucanet::name(toucanet::host_isa())).c_str());
  for (const size_t rows : {1, 14, 196}) toucanet::gemm_f32(rows, 64, 1, 256, ghz);
  toucanet::gemm_f32(196, 64, 9, 64, ghz);
  for (const size_t rows : {1, 14, 196}) toucanet::gemm_i8(rows, 64, 1, 256, ghz);
  toucanet::gemm_i8(196, 64, 9, 64, ghz);
  for (const size_t channels : {32, 64, 96}) toucanet::depthwise(28, channels, ghz);
}
