#include "ops/concatenation/concatenation_kernels.h"

#include <cstring>

#include "ops/concatenation/concatenation.h"
#include "ops/movement.h"

namespace toucanet::ops::concatenation {
namespace {

// A task is some of the rows that the operands' rows make.
struct Join : KernelState {
  size_t rows = 0, row_bytes = 0;
  std::vector<size_t> bytes;  // of each operand's row
};

bool same_numbers(const Tensor& a, const Tensor& b) {
  return !a.quant == !b.quant && (!a.quant || (a.quant->scale == b.quant->scale && a.quant->zero_point == b.quant->zero_point));
}

std::string refuses(const KernelUse& u) {
  if (u.attrs<Concatenation>().fused_activation_function != Activation::None) return "needs no activation";
  if (!movable(*u.out[0])) return fmt::format("needs elements of a fixed size, here {}", tf_name(u.out[0]->dtype));
  for (size_t i = 0; i < u.in.size(); ++i)
    if (!same_numbers(*u.in[i], *u.out[0])) return fmt::format("needs the result's scale, operand {} has another", i);
  return {};
}

std::unique_ptr<KernelState> plan(KernelPlan& p) {
  auto s = std::make_unique<Join>();
  const auto& dims = p.out[0]->dims;
  const size_t axis = *normal_axis(p.attrs<Concatenation>().axis, dims.size());
  s->rows = static_cast<size_t>(product(dims, 0, axis));
  for (const Tensor* t : p.in) s->bytes.push_back(s->rows ? t->bytes() / s->rows : 0);
  s->row_bytes = s->rows ? p.out[0]->bytes() / s->rows : 0;
  return s;
}

void run(const KernelState* state, KernelRun& r) noexcept {
  const auto& s = static_cast<const Join&>(*state);
  if (!s.row_bytes) return;
  const size_t rows_each = std::max<size_t>(1, 65536 / s.row_bytes);
  r.threads.parallel((s.rows + rows_each - 1) / rows_each, [&](size_t task, size_t) {
    const size_t first = task * rows_each, last = std::min(s.rows, first + rows_each);
    std::byte* to = r.output<std::byte>() + first * s.row_bytes;
    for (size_t row = first; row < last; ++row)
      for (size_t i = 0; i < s.bytes.size(); to += s.bytes[i++])
        if (s.bytes[i]) std::memcpy(to, r.input<std::byte>(i) + row * s.bytes[i], s.bytes[i]);
  });
}

}  // namespace

const Kernel join{.name = "concatenation", .refuses = refuses, .plan = plan, .run = run};

}  // namespace toucanet::ops::concatenation
