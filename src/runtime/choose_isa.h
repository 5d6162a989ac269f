#pragma once
// Which machine code of a family of micro-kernels a plan takes, and why not a faster one.
#include "kernels/host_isa.h"
#include "runtime/kernel.h"

namespace toucanet {

template <class Micro>
const Micro& choose_isa(KernelPlan& plan, std::span<const Micro* const> table) {
  const Micro& chosen = best(table);
  plan.isa = name(chosen.isa);
  for (const Micro* m : table)
    if (m->isa > chosen.isa)
      plan.passed_over.push_back(isa_cap().empty() ? fmt::format("{}: this processor lacks it", name(m->isa))
                                                   : fmt::format("{}: TOUCANET_MAX_ISA={}", name(m->isa), isa_cap()));
  return chosen;
}

/// Memory for packed weights: 64-byte aligned, given back with its owner.
class PackedWeights {
  std::unique_ptr<std::byte, void (*)(std::byte*)> memory_{nullptr, [](std::byte* p) { std::free(p); }};

 public:
  explicit PackedWeights(size_t bytes = 0)
      : memory_(bytes ? static_cast<std::byte*>(std::aligned_alloc(64, (bytes + 63) / 64 * 64)) : nullptr, [](std::byte* p) { std::free(p); }) {
    if (bytes && !memory_) throw std::bad_alloc();
  }
  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(memory_.get());
  }
};

}  // namespace toucanet
