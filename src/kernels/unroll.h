#pragma once

// Before a loop whose trip count, at most 16, is a constant: its body is repeated and its arrays live in registers.
#if defined(__clang__)
#define TOUCANET_UNROLL _Pragma("clang loop unroll(full)")
#else
#define TOUCANET_UNROLL _Pragma("GCC unroll 16")
#endif
