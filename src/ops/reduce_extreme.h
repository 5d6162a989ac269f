#pragma once
// Maker of the largest and the smallest along axes.
#include "ir/quant_rule.h"
#include "ops/quantized_reduce.h"

namespace toucanet {

template <bool largest>
struct Extreme {
  static constexpr DTypes types = number_types;
  template <class T>
  using Acc = T;
  template <class T>
  static T start() {
    using Limits = std::numeric_limits<T>;
    if constexpr (std::is_floating_point_v<T>) return largest ? -Limits::infinity() : Limits::infinity();
    else return largest ? Limits::lowest() : Limits::max();
  }
  template <class T>
  static void add(T& a, T x) {
    if ((largest ? a < x : a > x) || x != x) a = x;
  }
  static auto finish(auto a, int64_t) { return a; }
  static std::optional<Dim> none() { return std::nullopt; }
  static Dim dims(const Dim& a, const Dim& b) { return largest ? max(a, b) : min(a, b); }
};

/// NaN never replaces a number, and nothing gives the type's least or greatest.
template <bool largest>
struct TfliteExtreme : Extreme<largest> {
  template <class T>
  static T start() {
    return largest ? std::numeric_limits<T>::lowest() : std::numeric_limits<T>::max();
  }
  template <class T>
  static void add(T& a, T x) {
    if (largest ? x > a : x < a) a = x;
  }
};

inline int extreme_version(const OpView& v) { return v.type(0) == DType::I16 ? 3 : v.type(0) == DType::I8 ? 2 : 1; }

template <class Op, bool largest>
constexpr OpDef extreme(std::string_view name, std::string_view summary, std::span<const TfImport> imports, std::string_view builtin) {
  const OpDef d = reduction<Op, Extreme<largest>>(name, summary, None, imports,
                                                  {.builtin = builtin,
                                                   .options = "ReducerOptions",
                                                   .types = {DType::F32, DType::I8, DType::I16, DType::I32, DType::I64, DType::U8},
                                                   .version = extreme_version});
  return with_quant(
      with_quantized(with_tflite(d, eval_reduce<TfliteExtreme<largest>>), eval_reduce<TfliteExtreme<largest>>, {DType::I8, DType::I16, DType::U8}),
      quant_rules::same);
}

}  // namespace toucanet
