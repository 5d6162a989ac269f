#pragma once
// Maker of operators that take complex64, pairs of float32, and give float32: Fn(real, imaginary).
#include <cmath>

#include "import/graphdef/tf_node.h"
#include "runtime/eval_context.h"

namespace toucanet {

inline Status infer_of_complex(InferContext& c) {
  if (c.dtype(0) != DType::C64) return c.error("x is {}, not c64", name(c.dtype(0)));
  c.out(DType::F32, c.shape(0));
  return ok();
}

template <class Fn>
Status eval_of_complex(EvalContext& c) {
  const auto x = c.in<float>(0);
  auto y = c.out<float>();
  for (size_t i = 0; i < y.size(); ++i) y[i] = Fn{}(x[2 * i], x[2 * i + 1]);
  return ok();
}

template <class Op>
Expected<std::vector<Value>> import_of_complex(TfNode& n) {
  const Value x = n.in(0);
  if (n.dtype("T", DType::C64) != DType::C64) n.refuse("T {} is not supported, only complex64 is", tf_name(n.dtype("T", DType::C64)));
  if (n.dtype("Tout", DType::F32) != DType::F32) n.refuse("Tout {} is not supported, only float32 is", tf_name(n.dtype("Tout", DType::F32)));
  return std::vector<Value>{n.add<Op>({x})};
}

template <class Fn>
constexpr OpDef of_complex(std::string_view name, std::string_view summary, std::span<const TfImport> imports, std::string_view builtin) {
  return OpDef{.name = name,
               .summary = summary,
               .traits = Elementwise,
               .inputs = "x",
               .outputs = "y",
               .import_tf = imports,
               .infer = infer_of_complex,
               .eval = eval_of_complex<Fn>,
               .tflite = {.builtin = builtin, .types = {DType::C64}}};
}

}  // namespace toucanet
