#pragma once
// Maker of ARG_MAX and ARG_MIN.
#include <limits>

#include "import/graphdef/tf_node.h"
#include "ops/shapes.h"

namespace toucanet {

template <class Op>
Status infer_arg(InferContext& c) {
  const DType t = c.attrs<Op>().output_type;
  if (t != DType::I32 && t != DType::I64) return c.error("the result type is {}", name(t));
  if (!is_int(c.dtype(1))) return c.error("the axis is {}", name(c.dtype(1)));
  if (const Shape& a = c.shape(1); a.ranked() && a.rank() != 0 && !a.elements().is(1)) return c.error("the axis has the shape [{}]", a.str());
  const Shape& x = c.shape(0);
  if (!x.ranked()) return c.out(t, x), ok();
  if (x.rank() == 0) return c.error("x is a scalar");
  const auto known = known_ints(c, 1);
  if (!known) return c.out(t, Shape::of_rank(x.rank() - 1)), ok();
  const auto axis = known->size() == 1 ? normal_axis(known->at(0), x.rank()) : std::nullopt;
  if (!axis) return c.error("the axis is out of range for [{}]", x.str());
  Dims d = x.dims();
  d.erase(d.begin() + static_cast<std::ptrdiff_t>(*axis));
  c.out(t, Shape(std::move(d)));
  return ok();
}

/// The first index of the best element; better(a, b): a replaces b. TensorFlow starts from the worst finite
/// number (NaN is never chosen), TensorFlow Lite from the first element.
template <bool Max, bool Tflite>
Status eval_arg(EvalContext& c) {
  const Tensor& x = c.in(0);
  const auto axis = normal_axis(c.in(1).integer(0), x.rank());
  if (!axis) return c.error("the axis is out of range");
  int64_t inner = 1;
  for (size_t i = *axis + 1; i < x.rank(); ++i) inner *= x.dims[i];
  const int64_t n = x.dims[*axis], results = c.out().elements();
  if (n == 0 && results) return c.error("an axis of no elements has no best one");
  const bool done = dispatch(x.dtype, [&]<class T>(T) {
    const T* from = x.as<T>().data();
    for (int64_t o = 0; o < results; ++o) {
      const T* at = from + o / inner * n * inner + o % inner;
      T best = Tflite ? at[0] : Max ? std::numeric_limits<T>::lowest() : std::numeric_limits<T>::max();
      int64_t found = 0;
      for (int64_t i = 0; i < n; ++i) {
        const T v = at[i * inner];
        if (Max ? v > best : v < best) best = v, found = i;
      }
      if (c.out().dtype == DType::I32) c.out<int32_t>()[static_cast<size_t>(o)] = static_cast<int32_t>(found);
      else c.out<int64_t>()[static_cast<size_t>(o)] = found;
    }
  });
  if (!done) return c.no_kernel(x.dtype);
  return ok();
}

template <class Op>
Expected<std::vector<Value>> import_arg(TfNode& n) {
  const Value x = n.in(0), axis = n.in(1);
  const DType t = n.dtype("output_type", DType::I64);
  if (t != DType::I32 && t != DType::I64) n.refuse("output_type {} is not supported", tf_name(t));
  return std::vector<Value>{n.add<Op>({x, n.as_i32(axis)}, {.output_type = t})};
}

template <class Op, bool Max>
constexpr OpDef arg_reduction(std::string_view name, std::string_view summary, std::span<const TfImport> imports, TfliteForm tflite) {
  return OpDef{.name = name,
               .summary = summary,
               .traits = Wide,
               .inputs = "x, axis",
               .outputs = "y",
               .attrs = &attr_ops<typename Op::Attrs>,
               .import_tf = imports,
               .infer = infer_arg<Op>,
               .eval = eval_arg<Max, false>,
               .eval_tflite = eval_arg<Max, true>,
               .eval_quantized = eval_arg<Max, true>,
               .tflite = tflite};
}

}  // namespace toucanet
