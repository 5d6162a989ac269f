#include "kernels/host_isa.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace toucanet {
namespace {

constexpr std::array<std::string_view, 4> names = {"scalar", "avx2", "avx512", "avx512vnni"};

// The built-in function also asks the operating system whether it keeps the wide registers.
Isa detect() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  unsigned a = 0, b = 0, c = 0, d = 0;
  const bool f16c = __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_F16C) != 0;
  const bool avx2 = f16c && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("aes");
  if (!avx2) return Isa::Scalar;
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
  if (!avx512) return Isa::Avx2;
  return __builtin_cpu_supports("avx512vnni") ? Isa::Avx512Vnni : Isa::Avx512;
#else
  return Isa::Scalar;
#endif
}

}  // namespace

std::string_view name(Isa isa) { return names[static_cast<size_t>(isa)]; }

std::optional<Isa> parse_isa(std::string_view text) {
  for (size_t i = 0; i < names.size(); ++i)
    if (names[i] == text) return static_cast<Isa>(i);
  return std::nullopt;
}

std::string_view isa_cap() {
  static const std::string text = [] {
    const char* value = std::getenv("TOUCANET_MAX_ISA");
    return std::string(value ? value : "");
  }();
  return text;
}

Isa host_isa() {
  static const Isa isa = std::min(detect(), parse_isa(isa_cap()).value_or(Isa::Avx512Vnni));
  return isa;
}

}  // namespace toucanet
