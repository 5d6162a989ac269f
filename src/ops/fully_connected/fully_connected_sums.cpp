// Fully connected layers over the int8 matrix product.
#include <cmath>

#include "kernels/gemm_i8/gemm_i8_table.h"
#include "kernels/gemm_i8/pack_gemm_i8.h"
#include "ops/fully_connected/fully_connected_kernels.h"
#include "ops/fully_connected/fully_connected_product.h"
#include "ops/sums.h"

namespace toucanet::ops::fully_connected {
namespace {

constexpr size_t aligned(size_t bytes) { return (bytes + 63) / 64 * 64; }

struct SumProduct : Product<GemmI8> {
  size_t parts = 1;     // of the weights: the row is read as often
  size_t sums_at = 0;   // in a tile's memory
  size_t elements = 0;  // of the operand

  void set(KernelPlan& p, size_t times) {
    gemm = &choose_isa(p, gemm_i8_table());
    set_shape(p);
    parts = times;
    elements = static_cast<size_t>(p.in[0]->elements());
    tiles.tile_bytes = aligned(gemm->mr * parts * sizeof(void*));
  }
  // `count` tiles of sums behind the pointers.
  void add_sums(size_t count) { sums_at = tiles.tile_bytes, tiles.tile_bytes += count * sum_bytes(); }
  size_t sum_bytes() const { return aligned(tiles.mr * tiles.nr * sizeof(int32_t)); }
  int32_t* sums(std::byte* tile) const { return reinterpret_cast<int32_t*>(tile + sums_at); }
  void pack(KernelPlan& p, int32_t zero_point, const int8_t* w) {
    weights = PackedWeights(gemm_i8_packed_bytes(*gemm, tiles.cols, parts, depth));
    panel_bytes = gemm_i8_panel_bytes(*gemm, parts, depth);
    pack_gemm_i8(*gemm, tiles.cols, parts, depth, w, nullptr, zero_point, nullptr, weights.as<void>());
    p.packed = {1, 2};
    p.scratch = tiles.scratch();
  }
  void point(const int8_t* x, std::byte* memory, size_t first, size_t rows) const {
    for (size_t part = 0; part < parts; ++part) fill(x, memory + part * gemm->mr * sizeof(void*), first, rows);
  }
  void multiply(const std::byte* pointers, size_t rows, size_t p, size_t cols, int32_t* to) const {
    gemm->run_acc(rows, cols, parts, depth, reinterpret_cast<const int8_t* const*>(pointers), panel(p), to, tiles.nr);
  }
};

std::string refuses_integers(const KernelUse& u, DType x, DType w) {
  if (std::string why = refuses(u, x, w); !why.empty()) return why;
  const auto a = accumulation_of(u);
  if (!a) return a.error()[0].what;
  for (const FixedMultiplier& m : a->multipliers)
    if (m.exponent > 30) return fmt::format("needs multipliers below 2^30, here beyond 2^{}", m.exponent - 1);
  return {};
}

struct IntegerProduct : SumProduct {
  IntegerSums finish;
};
IntegerSums integer_sums(const KernelUse& u, const Accumulation& a) {
  return IntegerSums::of(a, rounds_once(*u.in[0], *u.in[1], u.has(2) ? u.in[2] : nullptr) ? SumRounding::Once : SumRounding::Twice);
}
std::string refuses_i8(const KernelUse& u) { return refuses_integers(u, DType::I8, DType::I8); }
std::unique_ptr<KernelState> plan_i8(KernelPlan& p) {
  auto s = std::make_unique<IntegerProduct>();
  const auto a = accumulation_of(p);
  s->set(p, 1);
  s->add_sums(1);
  s->finish = integer_sums(p, *a);
  s->pack(p, a->x_zero, p.in[1]->as<int8_t>().data());
  return s;
}
void run_i8(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const IntegerProduct&>(*state);
  const int8_t* x = r.input<int8_t>(0);
  int8_t* y = r.output<int8_t>();
  s.tiles.run(
      r, [&](std::byte* m, size_t first, size_t rows) { s.point(x, m, first, rows); },
      [&](std::byte* m, size_t first, size_t rows, size_t panel, size_t cols) {
        const size_t unit = panel * s.tiles.nr;
        const FinishInteger f = s.finish.at(unit);
        s.multiply(m, rows, panel, cols, s.sums(m));
        for (size_t i = 0; i < rows; ++i) s.finish.micro->to_i8(cols, s.sums(m) + i * s.tiles.nr, f, y + (first + i) * s.tiles.cols + unit);
      });
}

// float32 with weights of int8: rows become int8 one by one.
struct HybridProduct : SumProduct {
  HybridSums finish;
  bool asymmetric = false;
  size_t rows_at = 0;  // in the shared memory
};
std::string refuses_hybrid(const KernelUse& u) {
  if (std::string why = refuses(u, DType::F32, DType::I8); !why.empty()) return why;
  if (u.has(2) && u.in[2]->dtype != DType::F32) return "needs a float32 bias";
  const auto scales = channel_scales(*u.node.op, *u.in[1], u.in[1]->dims[0], "the weights");
  return scales ? "" : scales.error()[0].what;
}
std::unique_ptr<KernelState> plan_hybrid(KernelPlan& p) {
  auto s = std::make_unique<HybridProduct>();
  const auto& a = p.attrs<FullyConnected>();
  s->set(p, 1);
  s->add_sums(1);
  s->asymmetric = a.asymmetric_quantize_inputs;
  s->finish = HybridSums::of(*channel_scales(*p.node.op, *p.in[1], p.in[1]->dims[0], "the weights"), p.has(2) ? p.in[2] : nullptr, a.fused_activation_function);
  const int8_t* w = p.in[1]->as<int8_t>().data();
  s->finish.weights = weight_sums(w, s->tiles.cols, s->depth);
  s->pack(p, 0, w);
  s->rows_at = aligned(s->elements);
  p.shared = s->rows_at + s->tiles.rows * sizeof(HybridRow);
  return s;
}
void run_hybrid(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const HybridProduct&>(*state);
  const float* x = r.input<float>(0);
  float* y = r.output<float>();
  auto* q = reinterpret_cast<int8_t*>(r.shared());
  auto* rows = reinterpret_cast<HybridRow*>(r.shared() + s.rows_at);
  r.threads.parallel(s.tiles.rows, [&](size_t i, size_t) { rows[i] = s.finish.quantize(x + i * s.depth, s.depth, q + i * s.depth, s.asymmetric); });
  s.tiles.run(
      r, [&](std::byte* m, size_t first, size_t count) { s.point(q, m, first, count); },
      [&](std::byte* m, size_t first, size_t count, size_t panel, size_t cols) {
        const size_t unit = panel * s.tiles.nr;
        s.multiply(m, count, panel, cols, s.sums(m));
        for (size_t i = 0; i < count; ++i) s.finish.finish(rows[first + i], unit, cols, s.sums(m) + i * s.tiles.nr, y + (first + i) * s.tiles.cols + unit);
      });
}

// uint8 as int8 with the other sign bit.
std::string refuses_u8(const KernelUse& u) { return refuses_integers(u, DType::U8, DType::U8); }
std::unique_ptr<KernelState> plan_u8(KernelPlan& p) {
  auto s = std::make_unique<IntegerProduct>();
  const auto a = accumulation_of(p);
  const Tensor& w = *p.in[1];
  const auto weights = SplitWeights::of(w.as<uint8_t>().data(), static_cast<size_t>(w.dims[0]), static_cast<size_t>(w.dims[1]), a->w_zero);
  s->set(p, weights.parts);
  s->add_sums(1);
  s->finish = integer_sums(p, *a);
  FinishInteger& f = s->finish.parameters;
  f.zero_point -= 128, f.low -= 128, f.high -= 128;
  s->pack(p, a->x_zero - 128, weights.values.data());
  p.shared = s->elements;
  return s;
}
void run_u8(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const IntegerProduct&>(*state);
  auto* y = r.output<uint8_t>();
  auto* x = reinterpret_cast<uint8_t*>(r.shared());
  flip_sign_bits(r.threads, r.input<uint8_t>(0), s.elements, x);
  s.tiles.run(
      r, [&](std::byte* m, size_t first, size_t rows) { s.point(reinterpret_cast<const int8_t*>(x), m, first, rows); },
      [&](std::byte* m, size_t first, size_t rows, size_t panel, size_t cols) {
        const size_t unit = panel * s.tiles.nr;
        const FinishInteger f = s.finish.at(unit);
        s.multiply(m, rows, panel, cols, s.sums(m));
        for (size_t i = 0; i < rows; ++i) {
          uint8_t* to = y + (first + i) * s.tiles.cols + unit;
          s.finish.micro->to_i8(cols, s.sums(m) + i * s.tiles.nr, f, reinterpret_cast<int8_t*>(to));
          flip_sign_bits(to, cols, to);
        }
      });
}

// int16 as two int8 numbers, each with a product of its own.
std::string refuses_i16(const KernelUse& u) {
  if (u.in[1]->dims[1] >= 131072) return fmt::format("needs fewer than 131072 products a sum, here {}", u.in[1]->dims[1]);
  if (std::string why = refuses_integers(u, DType::I16, DType::I8); !why.empty()) return why;
  const auto a = accumulation_of(u);
  if (!a->wide) return {};
  // Sums with the bias are of 32 bits here.
  const auto w = u.in[1]->as<int8_t>();
  const auto depth = static_cast<size_t>(u.in[1]->dims[1]);
  for (size_t c = 0; c * depth < w.size(); ++c) {
    double most = std::fabs(static_cast<double>(a->start(static_cast<int64_t>(c))));
    for (size_t k = 0; k < depth; ++k) most += 32768.0 * std::abs(w[c * depth + k]);
    if (most >= 2147483648.0) return fmt::format("needs sums below 2^31, here up to {:.0f}", most);
  }
  return {};
}
std::unique_ptr<KernelState> plan_i16(KernelPlan& p) {
  auto s = std::make_unique<IntegerProduct>();
  const auto a = accumulation_of(p);
  s->set(p, 1);
  s->add_sums(2);
  s->finish = integer_sums(p, *a);
  const int8_t* w = p.in[1]->as<int8_t>().data();
  const auto sums = weight_sums(w, s->tiles.cols, s->depth);
  for (size_t i = 0; i < sums.size(); ++i) s->finish.bias[i] += 128 * int64_t{sums[i]};
  s->pack(p, 0, w);
  p.shared = 2 * s->elements;
  return s;
}
void run_i16(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const IntegerProduct&>(*state);
  int16_t* y = r.output<int16_t>();
  auto* upper = reinterpret_cast<int8_t*>(r.shared());
  s.finish.micro->split(s.elements, r.input<int16_t>(0), upper, upper + s.elements);
  s.tiles.run(
      r, [&](std::byte*, size_t, size_t) {},
      [&](std::byte* m, size_t first, size_t rows, size_t panel, size_t cols) {
        const size_t unit = panel * s.tiles.nr;
        int32_t *high = s.sums(m), *low = high + s.sum_bytes() / sizeof(int32_t);
        s.point(upper, m, first, rows);
        s.multiply(m, rows, panel, cols, high);
        s.point(upper + s.elements, m, first, rows);
        s.multiply(m, rows, panel, cols, low);
        const FinishInteger f = s.finish.at(unit);
        for (size_t i = 0; i < rows; ++i)
          s.finish.micro->halves_to_i16(cols, high + i * s.tiles.nr, low + i * s.tiles.nr, f, y + (first + i) * s.tiles.cols + unit);
      });
}

}  // namespace

const Kernel fully_connected_i8{.name = "fully_connected_i8", .refuses = refuses_i8, .plan = plan_i8, .run = run_i8};
const Kernel fully_connected_hybrid{.name = "fully_connected_hybrid", .refuses = refuses_hybrid, .plan = plan_hybrid, .run = run_hybrid};
const Kernel fully_connected_u8{.name = "fully_connected_u8", .refuses = refuses_u8, .plan = plan_u8, .run = run_u8};
const Kernel fully_connected_i16{.name = "fully_connected_i16", .refuses = refuses_i16, .plan = plan_i16, .run = run_i16};

}  // namespace toucanet::ops::fully_connected
