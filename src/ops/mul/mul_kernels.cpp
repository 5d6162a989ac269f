#include "ops/mul/mul_kernels.h"

#include "ops/integer_kernels.h"
#include "ops/mul/mul.h"

namespace toucanet::ops::mul {
namespace {

Expected<ProductI8> product_of(const KernelUse& u) {
  UseContext c(u);
  TRY(const AffinePair by, affine_pair(*c));
  const FixedMultiplier m = quantize_multiplier(static_cast<double>(factor(*u.in[0]->quant, *u.in[1]->quant, *u.out[0]->quant)));
  const QuantizedRange range = activation_range(u.attrs<Mul>().fused_activation_function, by.z, DType::I8);
  return ProductI8{by.x.zero_point, by.y.zero_point, scale_i8(m), {by.z.zero_point, range.low, range.high}};
}
std::string refuses(const KernelUse& u) {
  if (std::string why = refuses_binary_i8(u); !why.empty()) return why;
  const auto product = product_of(u);
  return product ? "" : product.error()[0].what;
}
std::unique_ptr<KernelState> plan(KernelPlan& p) {
  auto s = plan_binary_i8(p);
  s->product = *product_of(p);
  return s;
}

}  // namespace

const Kernel mul_i8{.name = "mul_i8", .refuses = refuses, .plan = plan, .run = run_product_i8, .in_place = 3};

}  // namespace toucanet::ops::mul
