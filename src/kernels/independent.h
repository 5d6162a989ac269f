#pragma once

// Before a loop of which no iteration reads what another one writes.
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wpass-failed"  // without optimisation there is nothing to perform
#define TOUCANET_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define TOUCANET_INDEPENDENT _Pragma("GCC ivdep")
#endif
