#include "ops/table_8bit.h"

#include <array>

#include "runtime/execute.h"

namespace toucanet {
namespace {

struct Table : KernelState {
  std::array<uint32_t, 256> words{};  // of results of 4 bytes
  std::array<uint8_t, 256> bytes{};
};

bool is_8bit(DType t) { return t == DType::I8 || t == DType::U8; }
size_t scales(const Tensor& t) { return t.quant ? t.quant->scale.size() : 1; }

Expected<Tensor> all_results(const KernelUse& u) {
  static const Module none;
  Tensor all = Tensor::zeros(u.in[0]->dtype, {256});
  for (size_t i = 0; i < 256; ++i) all.as_mutable<uint8_t>()[i] = static_cast<uint8_t>(i);
  all.quant = u.in[0]->quant;
  TRY(auto results, evaluate(u.node, none, {&all}, Semantics::TfLite));
  return std::move(results[0]);
}

std::string refuses(const KernelUse& u) {
  const Tensor &x = *u.in[0], &y = *u.out[0];
  if (!is_8bit(x.dtype)) return fmt::format("needs 8 bits, here {}", tf_name(x.dtype));
  if (!is_8bit(y.dtype) && y.dtype != DType::F32) return fmt::format("needs a result of 8 bits or float32, here {}", tf_name(y.dtype));
  if (u.in.size() > 1 || x.elements() != y.elements()) return "needs one operand";
  if (scales(x) > 1 || scales(y) > 1) return fmt::format("needs one scale, here {}", std::max(scales(x), scales(y)));
  const auto all = all_results(u);
  return all ? "" : all.error()[0].what;
}

std::unique_ptr<KernelState> plan(KernelPlan& p) {
  auto s = std::make_unique<Table>();
  const auto all = all_results(p);
  void* to = p.out[0]->dtype == DType::F32 ? static_cast<void*>(s->words.data()) : s->bytes.data();
  std::memcpy(to, all->raw(), all->bytes());
  return s;
}

template <class T>
void look_up(const std::array<T, 256>& table, const uint8_t* x, size_t n, T* y) {
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    uint64_t eight;
    std::memcpy(&eight, x + i, 8);
    for (size_t k = 0; k < 8; ++k) y[i + k] = table[eight >> 8 * k & 0xFF];
  }
  for (; i < n; ++i) y[i] = table[x[i]];
}

void run(const KernelState* state, KernelRun& r) noexcept {
  constexpr size_t piece = 16384;
  const auto& s = static_cast<const Table&>(*state);
  const size_t n = r.in[0]->bytes();
  const uint8_t* x = r.input<uint8_t>(0);
  const bool words = r.out[0]->dtype == DType::F32;
  r.threads.parallel((n + piece - 1) / piece, [&](size_t task, size_t) {
    const size_t from = task * piece, count = std::min(piece, n - from);
    words ? look_up(s.words, x + from, count, r.output<uint32_t>() + from) : look_up(s.bytes, x + from, count, r.output<uint8_t>() + from);
  });
}

}  // namespace

const Kernel table_8bit{.name = "table_8bit", .refuses = refuses, .plan = plan, .run = run, .in_place = 1};

}  // namespace toucanet
