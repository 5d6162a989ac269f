#pragma once
// Maker of ADD, SUB, MUL and DIV: element-wise arithmetic with a fused activation.
#include "ops/elementwise.h"

namespace toucanet {

template <class Op, class Fn>
Status eval_arithmetic(EvalContext& c) {
  CHECK_OK(eval_binary<Fn>(c));
  const Activation a = c.attrs<Op>().fused_activation_function;
  if (a == Activation::None) return ok();
  dispatch(c.out().dtype, [&]<class T>(T) {
    if constexpr (!std::is_same_v<T, bool>)
      for (T& v : c.out<T>()) v = activate(a, v);
  });
  return ok();
}

/// Whether broadcasting needs more than `rank` dimensions.
inline bool broadcasts_beyond(const OpView& v, size_t rank) { return std::max(v.rank(0), v.rank(1)) > rank && !same(v.in[0]->shape, v.in[1]->shape); }

inline constexpr Truth unclamped[] = {
    {{DType::F32}, "xnnpack", "the others clamp to the largest float where there is no activation; infinity is what users get by default"}};

template <class Op, class Fn>
constexpr OpDef arithmetic(std::string_view name, std::string_view summary, uint32_t traits, std::span<const TfImport> imports, TfliteForm tflite) {
  return OpDef{.name = name,
               .summary = summary,
               .traits = Elementwise | traits,
               .inputs = "x, y",
               .outputs = "z",
               .attrs = &attr_ops<typename Op::Attrs>,
               .import_tf = imports,
               .infer = infer_binary<Fn>,
               .eval = eval_arithmetic<Op, Fn>,
               .tflite = tflite,
               .truth = unclamped};
}

}  // namespace toucanet
