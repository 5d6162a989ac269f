#pragma once
// Kernels of the element-wise operators on quantised int8.
#include "kernels/elementwise_i8/elementwise_i8_table.h"
#include "ops/broadcast_rows.h"
#include "ops/quantized_sum.h"
#include "runtime/choose_isa.h"
#include "runtime/use_context.h"

namespace toucanet {

struct BinaryInteger : KernelState {
  const ElementwiseI8* micro = nullptr;
  SumI8 sum{};
  ProductI8 product{};
  BroadcastRows rows;
  std::vector<int8_t> x, y;  ///< constants, where they are repeated
};
/// Other types than int8.
std::string refuses_binary_i8(const KernelUse&);
std::unique_ptr<BinaryInteger> plan_binary_i8(KernelPlan&);
void run_sum_i8(const KernelState*, KernelRun&) noexcept;
void run_product_i8(const KernelState*, KernelRun&) noexcept;
inline ScaleI8 scale_i8(FixedMultiplier m) { return {m.mantissa, m.exponent}; }

template <class Op>
Expected<QuantizedSum> sum_of(const KernelUse& u) {
  UseContext c(u);
  TRY(const AffinePair by, affine_pair(*c));
  return quantized_sum(*c, by, u.attrs<Op>().fused_activation_function);
}

template <class Op, bool minus>
constexpr Kernel sum_i8(std::string_view name) {
  return {.name = name,
          .refuses =
              [](const KernelUse& u) {
                if (std::string why = refuses_binary_i8(u); !why.empty()) return why;
                const auto sum = sum_of<Op>(u);
                return sum ? std::string() : sum.error()[0].what;
              },
          .plan = [](KernelPlan& p) -> std::unique_ptr<KernelState> {
            auto s = plan_binary_i8(p);
            const QuantizedSum q = *sum_of<Op>(p);
            s->sum = {q.by.x.zero_point, q.by.y.zero_point, q.spare,        minus,
                      scale_i8(q.mx),    scale_i8(q.my),    scale_i8(q.mz), {q.by.z.zero_point, q.range.low, q.range.high}};
            return s;
          },
          .run = run_sum_i8,
          .in_place = 3};
}

}  // namespace toucanet
