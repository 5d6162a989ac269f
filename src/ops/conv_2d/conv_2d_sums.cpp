// Convolutions over the int8 matrix product whose operands or results are not int8.
#include "kernels/gemm_i8/gemm_i8_table.h"
#include "kernels/gemm_i8/pack_gemm_i8.h"
#include "ops/conv_2d/conv_2d_kernels.h"
#include "ops/conv_2d/conv_2d_quantized.h"
#include "ops/conv_2d/conv_2d_window.h"
#include "ops/sums.h"

namespace toucanet::ops::conv_2d {
namespace {

constexpr size_t aligned(size_t bytes) { return (bytes + 63) / 64 * 64; }

struct SumConvolution : Convolution<int8_t> {
  const GemmI8* gemm = nullptr;
  size_t sums_at = 0;      // in a tile's memory
  size_t input_bytes = 0;  // of operands as int8, in the shared memory

  void pack(KernelPlan& p, int32_t zero_point, const int8_t* filter, const int32_t* bias, const FixedMultiplier* multipliers) {
    weights = PackedWeights(gemm_i8_packed_bytes(*gemm, tiles.cols, repeats * taps, depth));
    panel_bytes = gemm_i8_panel_bytes(*gemm, repeats * taps, depth);
    std::vector<int8_t> zeros;
    pack_gemm_i8(*gemm, tiles.cols, repeats * taps, depth, padded(filter, tiles.cols * repeats, zeros), bias, zero_point, multipliers, weights.as<void>());
    p.packed = {1, 2};
  }
  size_t sum_bytes() const { return tiles.mr * tiles.nr * sizeof(int32_t); }
  // Room for `times` tiles of sums behind what fill() writes.
  void add_sums(size_t times) { sums_at = tiles.tile_bytes, tiles.tile_bytes += aligned(times * sum_bytes()); }
  int32_t* sums(std::byte* tile) const { return reinterpret_cast<int32_t*>(tile + sums_at); }
  void multiply(std::byte* pointers, size_t rows, size_t panel, size_t cols, int32_t* to) const {
    gemm->run_acc(rows, cols, repeats * taps, depth, reinterpret_cast<const int8_t* const*>(pointers), weights.as<std::byte>() + panel * panel_bytes, to,
                  tiles.nr);
  }
};

// float32 with a filter of int8: images become int8 one by one, each with a padding of its own.
struct HybridConvolution : SumConvolution {
  HybridSums finish;
  bool asymmetric = false;
  size_t pad_at = 0, rows_at = 0;  // in the shared memory
};
std::string refuses_hybrid(const KernelUse& u) {
  if (std::string why = refuses(u, DType::F32, DType::I8); !why.empty()) return why;
  if (u.has(2) && u.in[2]->dtype != DType::F32) return "needs a float32 bias";
  const auto scales = channel_scales(*u.node.op, *u.in[1], u.in[1]->dims[0], "the filter");
  return scales ? "" : scales.error()[0].what;
}
std::unique_ptr<KernelState> plan_hybrid(KernelPlan& p) {
  auto s = std::make_unique<HybridConvolution>();
  s->gemm = &choose_isa(p, gemm_i8_table());
  s->set_shape(p, s->gemm->mr, s->gemm->nr, 0);
  s->add_sums(1);
  const int8_t* filter = p.in[1]->as<int8_t>().data();
  s->asymmetric = scales_differ(*p.in[1]->quant);
  s->finish = HybridSums::of(*channel_scales(*p.node.op, *p.in[1], p.in[1]->dims[0], "the filter"), p.has(2) ? p.in[2] : nullptr,
                             p.attrs<Conv2D>().fused_activation_function);
  s->finish.weights = weight_sums(filter, s->tiles.cols, p.in[1]->bytes() / std::max<size_t>(1, s->tiles.cols));
  s->pack(p, 0, filter, nullptr, nullptr);
  s->pad_at = aligned(s->elements());
  s->rows_at = aligned(s->pad_at + static_cast<size_t>(s->window.batch) * s->padding.size());
  p.shared = s->rows_at + static_cast<size_t>(s->window.batch) * sizeof(HybridRow);
  p.scratch = s->tiles.scratch();
  return s;
}
void run_hybrid(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const HybridConvolution&>(*state);
  const float* x = r.input<float>(0);
  float* y = r.output<float>();
  auto* q = reinterpret_cast<int8_t*>(r.shared());
  auto* pad = q + s.pad_at;
  auto* rows = reinterpret_cast<HybridRow*>(r.shared() + s.rows_at);
  const auto image = static_cast<size_t>(s.image_elements());
  r.threads.parallel(static_cast<size_t>(s.window.batch), [&](size_t n, size_t) {
    rows[n] = s.finish.quantize(x + n * image, image, q + n * image, s.asymmetric);
    std::fill_n(pad + n * s.padding.size(), s.padding.size(), static_cast<int8_t>(rows[n].zero_point));
  });
  s.tiles.run(
      r, [&](std::byte* m, size_t first, size_t count) { s.fill(q, pad, s.padding.size(), m, first, count); },
      [&](std::byte* m, size_t first, size_t count, size_t panel, size_t cols) {
        s.multiply(m, count, panel, cols, s.sums(m));
        const size_t channel = panel * s.tiles.nr;
        for (size_t i = 0; i < count; ++i)
          s.finish.finish(rows[s.image_of(first + i)], channel, cols, s.sums(m) + i * s.tiles.nr, y + (first + i) * s.tiles.cols + channel);
      });
}

// int8 as XNNPACK rounds it.
struct EvenConvolution : SumConvolution {
  IntegerSums finish;
};
std::string refuses_even(const KernelUse& u) {
  if (std::string why = refuses(u, DType::I8, DType::I8); !why.empty()) return why;
  const auto a = accumulation_for(u);
  if (!a) return a.error()[0].what;
  return a->to_even.empty() ? "XNNPACK's rounding is not asked for" : "";
}
std::unique_ptr<KernelState> plan_even(KernelPlan& p) {
  auto s = std::make_unique<EvenConvolution>();
  const auto a = accumulation_for(p);
  s->gemm = &choose_isa(p, gemm_i8_table());
  s->set_shape(p, s->gemm->mr, s->gemm->nr, static_cast<int8_t>(a->x_zero));
  s->add_sums(1);
  s->finish = IntegerSums::of(*a, SumRounding::ToEven);
  s->pack(p, a->x_zero, p.in[1]->as<int8_t>().data(), nullptr, nullptr);
  p.scratch = s->tiles.scratch();
  return s;
}
void run_even(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const EvenConvolution&>(*state);
  const int8_t* x = r.input<int8_t>(0);
  int8_t* y = r.output<int8_t>();
  s.tiles.run(
      r, [&](std::byte* m, size_t first, size_t rows) { s.fill(x, m, first, rows); },
      [&](std::byte* m, size_t first, size_t rows, size_t panel, size_t cols) {
        s.multiply(m, rows, panel, cols, s.sums(m));
        const size_t channel = panel * s.tiles.nr;
        const FinishInteger f = s.finish.at(channel);
        for (size_t i = 0; i < rows; ++i) s.finish.micro->to_i8(cols, s.sums(m) + i * s.tiles.nr, f, y + (first + i) * s.tiles.cols + channel);
      });
}

// uint8 as int8 with the other sign bit.
struct FlippedConvolution : SumConvolution {
  RequantI8 requant{};
};
std::string refuses_u8(const KernelUse& u) {
  if (std::string why = refuses(u, DType::U8, DType::U8); !why.empty()) return why;
  const auto a = accumulation_for(u);
  return a ? "" : a.error()[0].what;
}
std::unique_ptr<KernelState> plan_u8(KernelPlan& p) {
  auto s = std::make_unique<FlippedConvolution>();
  const auto a = accumulation_for(p);
  const Tensor& w = *p.in[1];
  s->gemm = &choose_isa(p, gemm_i8_table());
  const auto channels = static_cast<size_t>(w.dims[0]);
  const auto filter = SplitWeights::of(w.as<uint8_t>().data(), channels, w.bytes() / std::max<size_t>(1, channels), a->w_zero);
  s->set_shape(p, s->gemm->mr, s->gemm->nr, flipped(a->x_zero), filter.parts);
  s->requant = {a->y.zero_point - 128, a->range.low - 128, a->range.high - 128};
  s->pack(p, a->x_zero - 128, filter.values.data(), p.has(2) ? p.in[2]->as<int32_t>().data() : nullptr, a->multipliers.data());
  p.shared = s->elements();
  p.scratch = s->tiles.scratch();
  return s;
}
void run_u8(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const FlippedConvolution&>(*state);
  auto* y = r.output<uint8_t>();
  flip_sign_bits(r.threads, r.input<uint8_t>(0), s.elements(), reinterpret_cast<uint8_t*>(r.shared()));
  s.tiles.run(
      r, [&](std::byte* m, size_t first, size_t rows) { s.fill(reinterpret_cast<const int8_t*>(r.shared()), m, first, rows); },
      [&](std::byte* m, size_t first, size_t rows, size_t panel, size_t cols) {
        uint8_t* to = y + first * s.tiles.cols + panel * s.tiles.nr;
        s.gemm->run(rows, cols, s.repeats * s.taps, s.depth, reinterpret_cast<const int8_t* const*>(m), s.weights.as<std::byte>() + panel * s.panel_bytes,
                    reinterpret_cast<int8_t*>(to), s.tiles.cols, &s.requant);
        for (size_t i = 0; i < rows; ++i) flip_sign_bits(to + i * s.tiles.cols, cols, to + i * s.tiles.cols);
      });
}

// int16 as two int8 numbers, each with a product of its own.
struct WideConvolution : SumConvolution {
  IntegerSums finish;
  std::vector<int8_t> lower_padding;
};
std::string refuses_i16(const KernelUse& u) {
  if (std::string why = refuses(u, DType::I16, DType::I8); !why.empty()) return why;
  const int64_t products = u.in[1]->dims[1] * u.in[1]->dims[2] * u.in[1]->dims[3];
  if (products >= 131072) return fmt::format("needs fewer than 131072 products a sum, here {}", products);
  const auto a = accumulation_for(u);
  return a ? "" : a.error()[0].what;
}
std::unique_ptr<KernelState> plan_i16(KernelPlan& p) {
  auto s = std::make_unique<WideConvolution>();
  const auto a = accumulation_for(p);
  s->gemm = &choose_isa(p, gemm_i8_table());
  s->set_shape(p, s->gemm->mr, s->gemm->nr, 0);
  s->lower_padding.assign(s->padding.size(), -128);
  s->finish = IntegerSums::of(*a, a->wide ? SumRounding::Wide : SumRounding::Twice);
  const int8_t* filter = p.in[1]->as<int8_t>().data();
  const auto sums = weight_sums(filter, s->tiles.cols, p.in[1]->bytes() / std::max<size_t>(1, s->tiles.cols));
  for (size_t i = 0; i < sums.size(); ++i) s->finish.bias[i] += 128 * int64_t{sums[i]};
  s->pack(p, 0, filter, nullptr, nullptr);
  s->sums_at = 2 * s->tiles.tile_bytes;
  s->tiles.tile_bytes = s->sums_at + 2 * aligned(s->sum_bytes());
  p.shared = 2 * s->elements();
  p.scratch = s->tiles.scratch();
  return s;
}
void run_i16(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const WideConvolution&>(*state);
  int16_t* y = r.output<int16_t>();
  auto* upper = reinterpret_cast<int8_t*>(r.shared());
  int8_t* lower = upper + s.elements();
  s.finish.micro->split(s.elements(), r.input<int16_t>(0), upper, lower);
  const size_t half = s.sums_at / 2, next = aligned(s.sum_bytes()) / sizeof(int32_t);
  s.tiles.run(
      r,
      [&](std::byte* m, size_t first, size_t rows) {
        s.fill(upper, m, first, rows);
        s.fill(lower, s.lower_padding.data(), 0, m + half, first, rows);
      },
      [&](std::byte* m, size_t first, size_t rows, size_t panel, size_t cols) {
        int32_t* sums = s.sums(m);
        s.multiply(m, rows, panel, cols, sums);
        s.multiply(m + half, rows, panel, cols, sums + next);
        const FinishInteger f = s.finish.at(panel * s.tiles.nr);
        for (size_t i = 0; i < rows; ++i, sums += s.tiles.nr)
          s.finish.micro->halves_to_i16(cols, sums, sums + next, f, y + (first + i) * s.tiles.cols + panel * s.tiles.nr);
      });
}

}  // namespace

const Kernel conv_2d_hybrid{.name = "conv_2d_hybrid", .refuses = refuses_hybrid, .plan = plan_hybrid, .run = run_hybrid};
const Kernel conv_2d_i8_xnnpack{.name = "conv_2d_i8_xnnpack", .refuses = refuses_even, .plan = plan_even, .run = run_even};
const Kernel conv_2d_u8{.name = "conv_2d_u8", .refuses = refuses_u8, .plan = plan_u8, .run = run_u8};
const Kernel conv_2d_i16{.name = "conv_2d_i16", .refuses = refuses_i16, .plan = plan_i16, .run = run_i16};

}  // namespace toucanet::ops::conv_2d
