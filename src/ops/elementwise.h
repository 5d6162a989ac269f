#pragma once
// Makers of the element-wise families: unary, binary, comparison, logical.
// An operator gives a function object; types, broadcasting and shapes are the same for all.
#include <cmath>
#include <limits>

#include "import/graphdef/tf_node.h"
#include "ops/shapes.h"

namespace toucanet {

inline constexpr DTypes float_types{DType::F32};
inline constexpr DTypes signed_types{DType::F32, DType::I32, DType::I64};
inline constexpr DTypes number_types{DType::F32, DType::I8, DType::I16, DType::I32, DType::I64, DType::U8, DType::U16, DType::U32, DType::U64};

/// Result type = first operand's type.
inline Status infer_like_input(InferContext& c) {
  c.out(TensorType{c.dtype(0), c.shape(0), nullptr}, nullptr);
  return ok();
}

/// y[i] = Fn(x[i]) for the types that Fn::types holds.
template <class Fn>
Status eval_unary(EvalContext& c) {
  const DType t = c.in(0).dtype;
  bool done = false;
  dispatch(t, [&]<class T>(T) {
    if constexpr (Fn::types.has(dtype_of<T>())) {
      const auto x = c.in<T>(0);
      auto y = c.out<T>();
      for (size_t i = 0; i < y.size(); ++i) y[i] = static_cast<T>(Fn{}(x[i]));
      done = true;
    }
  });
  if (!done) return c.no_kernel(t);
  return ok();
}

constexpr OpDef unary(std::string_view name, std::string_view summary, std::span<const TfImport> imports, Status (*eval)(EvalContext&), TfliteForm tflite) {
  return OpDef{.name = name,
               .summary = summary,
               .traits = Elementwise,
               .inputs = "x",
               .outputs = "y",
               .import_tf = imports,
               .infer = infer_like_input,
               .eval = eval,
               .tflite = tflite};
}

/// Partial integers of an element-wise result, by `f` on Dims; nullptr where nothing is known.
template <class F>
std::shared_ptr<const Dims> map_ints(const InferContext& c, F f) {
  const Dims *a = c.ints(0), *b = c.ints(1);
  if (!a || !b || a->empty() || b->empty()) return nullptr;
  const size_t n = std::max(a->size(), b->size());
  if ((a->size() != n && a->size() != 1) || (b->size() != n && b->size() != 1)) return nullptr;
  auto out = std::make_shared<Dims>();
  for (size_t i = 0; i < n; ++i) out->push_back(f((*a)[a->size() == 1 ? 0 : i], (*b)[b->size() == 1 ? 0 : i]));
  return out;
}

inline Status check_same_types(InferContext& c) {
  if (c.dtype(0) != c.dtype(1)) return c.error("the operands have the types {} and {}", name(c.dtype(0)), name(c.dtype(1)));
  return ok();
}

/// Broadcast result of the operands' type; Fn::dims, where given, computes partially known integers.
template <class Fn>
Status infer_binary(InferContext& c) {
  CHECK_OK(check_same_types(c));
  TRY(Shape s, broadcast(c, c.shape(0), c.shape(1)));
  std::shared_ptr<const Dims> ints;
  if constexpr (requires(Dim d) { Fn::dims(d, d); })
    if (s.ranked() && s.rank() <= 1) ints = map_ints(c, [](const Dim& a, const Dim& b) { return Fn::dims(a, b); });
  c.out(TensorType{c.dtype(0), std::move(s), nullptr}, std::move(ints));
  return ok();
}

template <class Fn, class T>
concept Checked = requires(T v) {
  Fn::check(v, v);
};
/// Why Fn has no result for some pair of elements; nullptr where it has all.
template <class Fn, class T>
const char* check_pairs(EvalContext& c, const T* x, const T* y) {
  const char* problem = nullptr;
  if constexpr (Checked<Fn, T>)
    for_each_broadcast(c.out().dims, c.in(0).dims, c.in(1).dims, [&](int64_t, int64_t i, int64_t j) {
      if (const char* p = Fn::check(x[i], y[j])) problem = p;
    });
  return problem;
}

/// z = Fn(x, y) with broadcasting. Fn may fail through `error()` for values that have no result.
template <class Fn>
Status eval_binary(EvalContext& c) {
  const DType t = c.in(0).dtype;
  bool done = false;
  const char* problem = nullptr;
  dispatch(t, [&]<class T>(T) {
    if constexpr (Fn::types.has(dtype_of<T>())) {
      const T* x = c.in<T>(0).data();
      const T* y = c.in<T>(1).data();
      T* z = c.out<T>().data();
      problem = check_pairs<Fn>(c, x, y);
      done = true;
      if (problem) return;
      for_each_broadcast(c.out().dims, c.in(0).dims, c.in(1).dims, [&](int64_t o, int64_t i, int64_t j) { z[o] = static_cast<T>(Fn{}(x[i], y[j])); });
    }
  });
  if (!done) return c.no_kernel(t);
  if (problem) return c.error("{}", problem);
  return ok();
}

constexpr OpDef binary(std::string_view name, std::string_view summary, uint32_t traits, std::span<const TfImport> imports, Status (*infer)(InferContext&),
                       Status (*eval)(EvalContext&), TfliteForm tflite) {
  return OpDef{.name = name,
               .summary = summary,
               .traits = Elementwise | traits,
               .inputs = "x, y",
               .outputs = "z",
               .import_tf = imports,
               .infer = infer,
               .eval = eval,
               .tflite = tflite};
}

/// Broadcast result of type bool.
inline Status infer_compare(InferContext& c) {
  CHECK_OK(check_same_types(c));
  TRY(Shape s, broadcast(c, c.shape(0), c.shape(1)));
  c.out(DType::Bool, std::move(s));
  return ok();
}
template <class Fn>
Status eval_compare(EvalContext& c) {
  const DType t = c.in(0).dtype;
  if (t == DType::String) {
    if constexpr (requires(std::string s) { Fn{}(s, s); }) {
      const auto x = c.in(0).string_values(), y = c.in(1).string_values();
      auto z = c.out<bool>();
      for_each_broadcast(c.out().dims, c.in(0).dims, c.in(1).dims,
                         [&](int64_t o, int64_t i, int64_t j) { z[static_cast<size_t>(o)] = Fn{}(x[static_cast<size_t>(i)], y[static_cast<size_t>(j)]); });
      return ok();
    }
  }
  const bool done = dispatch(t, [&]<class T>(T) {
    const T* x = c.in<T>(0).data();
    const T* y = c.in<T>(1).data();
    bool* z = c.out<bool>().data();
    for_each_broadcast(c.out().dims, c.in(0).dims, c.in(1).dims, [&](int64_t o, int64_t i, int64_t j) { z[o] = Fn{}(x[i], y[j]); });
  });
  if (!done) return c.no_kernel(t);
  return ok();
}

}  // namespace toucanet
