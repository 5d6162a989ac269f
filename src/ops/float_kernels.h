#pragma once
// Kernels of the element-wise operators on float32.
#include "kernels/elementwise_f32/elementwise_f32_table.h"
#include "ops/broadcast_rows.h"
#include "ops/indirect_gemm.h"
#include "runtime/choose_isa.h"

namespace toucanet {

struct UnaryFloat : KernelState {
  const ElementwiseF32* micro = nullptr;
  FloatRange range;  ///< what the operation takes as a and b
};
std::string refuses_unary_f32(const KernelUse&);
void run_unary_f32(const UnaryFloat&, UnaryF32, KernelRun&) noexcept;

inline FloatRange no_range(const KernelUse&) { return {}; }

template <UnaryF32 operation, FloatRange (*range)(const KernelUse&) = no_range>
constexpr Kernel unary_f32(std::string_view name) {
  return {.name = name,
          .refuses = refuses_unary_f32,
          .plan = [](KernelPlan& p) -> std::unique_ptr<KernelState> {
            auto s = std::make_unique<UnaryFloat>();
            s->micro = &choose_isa(p, elementwise_f32_table());
            s->range = range(p);
            return s;
          },
          .run = [](const KernelState* s, KernelRun& r) noexcept { run_unary_f32(static_cast<const UnaryFloat&>(*s), operation, r); },
          .in_place = 1};
}

struct BinaryFloat : KernelState {
  const ElementwiseF32* micro = nullptr;
  FloatRange range;
  BroadcastRows rows;
  std::vector<float> x, y;  ///< constants, where they are repeated
};
std::string refuses_binary_f32(const KernelUse&, Activation);
std::unique_ptr<KernelState> plan_binary_f32(KernelPlan&, Activation);
void run_binary_f32(const BinaryFloat&, BinaryF32, KernelRun&) noexcept;

/// The activation of an operator that may have one.
template <class Op>
Activation fused_activation(const KernelUse& u) {
  if constexpr (requires(typename Op::Attrs a) { a.fused_activation_function; }) return u.attrs<Op>().fused_activation_function;
  else return Activation::None;
}

template <class Op, BinaryF32 operation>
constexpr Kernel binary_f32(std::string_view name) {
  return {.name = name,
          .refuses = [](const KernelUse& u) { return refuses_binary_f32(u, fused_activation<Op>(u)); },
          .plan = [](KernelPlan& p) { return plan_binary_f32(p, fused_activation<Op>(p)); },
          .run = [](const KernelState* s, KernelRun& r) noexcept { run_binary_f32(static_cast<const BinaryFloat&>(*s), operation, r); },
          .in_place = 3};
}

constexpr OpDef with_kernels(OpDef d, std::span<const Kernel* const> kernels) {
  d.kernels = kernels;
  return d;
}

}  // namespace toucanet
