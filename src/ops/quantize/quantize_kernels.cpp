#include "ops/quantize/quantize_kernels.h"

#include "kernels/elementwise_f32/elementwise_f32_table.h"
#include "ops/quantized.h"
#include "runtime/choose_isa.h"

namespace toucanet::ops::quantize {
namespace {

struct Quantization : KernelState {
  const ElementwiseF32* micro = nullptr;
  Affine y;
  QuantizedRange range{};
};

std::string refuses(const KernelUse& u) {
  const Tensor& y = *u.out[0];
  if (u.in[0]->dtype != DType::F32) return fmt::format("needs float32, here {}", tf_name(u.in[0]->dtype));
  if (y.dtype != DType::I8 && y.dtype != DType::U8) return fmt::format("needs a result of 8 bits, here {}", tf_name(y.dtype));
  const auto affine = affine_of(*u.node.op, y, "the result");
  if (!affine) return affine.error()[0].what;
  const QuantizedRange r = range_of(y.dtype);
  if (affine->zero_point < r.low || affine->zero_point > r.high) return fmt::format("needs a zero point within 8 bits, here {}", affine->zero_point);
  return {};
}

std::unique_ptr<KernelState> plan(KernelPlan& p) {
  auto s = std::make_unique<Quantization>();
  s->micro = &choose_isa(p, elementwise_f32_table());
  s->y = *affine_of(*p.node.op, *p.out[0], "the result");
  s->range = range_of(p.out[0]->dtype);
  return s;
}

void run(const KernelState* state, KernelRun& r) noexcept {
  constexpr size_t piece = 16384;
  const auto& s = static_cast<const Quantization&>(*state);
  const size_t n = r.out[0]->bytes();
  r.threads.parallel((n + piece - 1) / piece, [&](size_t task, size_t) {
    const size_t from = task * piece;
    s.micro->quantize(std::min(piece, n - from), r.input<float>(0) + from, r.output<uint8_t>() + from, s.y.scale, s.y.zero_point, s.range.low, s.range.high);
  });
}

}  // namespace

const Kernel quantize_8bit{.name = "quantize_8bit", .refuses = refuses, .plan = plan, .run = run};

}  // namespace toucanet::ops::quantize
