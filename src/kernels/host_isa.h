#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "kernels/isa.h"

namespace toucanet {

// As in file names: "scalar", "avx2", "avx512", "avx512vnni".
std::string_view name(Isa isa);
std::optional<Isa> parse_isa(std::string_view text);

// The widest set that the processor and the operating system support, no wider than TOUCANET_MAX_ISA says. Found once.
Isa host_isa();

// The text of TOUCANET_MAX_ISA, empty when unset. One that parse_isa does not know caps nothing.
std::string_view isa_cap();

// The last entry that this host can run. Tables rise by ISA and begin with Scalar.
template <class Kernel>
const Kernel& best(std::span<const Kernel* const> table) {
  const Kernel* found = table.front();
  for (const Kernel* kernel : table)
    if (kernel->isa <= host_isa()) found = kernel;
  return *found;
}

}  // namespace toucanet
