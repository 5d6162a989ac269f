#include "ops/cast/cast.h"

#include <cmath>
#include <limits>

#include "import/graphdef/tf_node.h"
#include "ops/table_8bit.h"
#include "runtime/eval_context.h"

namespace toucanet {
namespace ops::cast {

Status infer(InferContext& c) {
  const DType to = c.attrs<Cast>().out_data_type;
  std::shared_ptr<const Dims> ints;
  if (c.ints(0) && (to == DType::I32 || to == DType::I64)) ints = std::make_shared<const Dims>(*c.ints(0));
  c.out(TensorType{to, c.shape(0), nullptr}, std::move(ints));
  return ok();
}

// Out of range, TensorFlow's x86 kernels give the smallest int; TensorFlow Lite saturates, NaN to the largest. Both truncate.
template <class To, class From>
To convert(From x, bool saturate) {
  if constexpr (std::is_same_v<To, bool>) {
    return x != From(0);
  } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    using Limits = std::numeric_limits<To>;
    const auto v = static_cast<double>(x);
    const double lo = static_cast<double>(Limits::lowest()), hi = std::ldexp(1.0, Limits::digits);
    if (saturate) {
      if (std::isnan(v)) return Limits::max();
      if (v <= lo) return Limits::lowest();
      if (v >= hi) return Limits::max();
      return static_cast<To>(v);
    }
    if constexpr (sizeof(To) < 4) {
      const bool fits = v > -2147483649.0 && v < 2147483648.0;
      return static_cast<To>(fits ? static_cast<int32_t>(v) : std::numeric_limits<int32_t>::min());
    } else {
      if (v > lo - 1 && v < hi) return static_cast<To>(v);
      return std::is_signed_v<To> ? Limits::lowest() : static_cast<To>(std::numeric_limits<int64_t>::min());
    }
  } else {
    return static_cast<To>(x);
  }
}

// A complex number is its real part, and a real number has no imaginary part.
Tensor real_parts(const Tensor& x) {
  Tensor y = Tensor::zeros(DType::F32, x.dims);
  auto to = y.as_mutable<float>();
  for (size_t i = 0; i < to.size(); ++i) to[i] = x.as<float>()[2 * i];
  return y;
}
Status to_complex(EvalContext& c, const Tensor& x, Tensor& y) {
  if (!is_float(x.dtype) && !is_int(x.dtype) && x.dtype != DType::Bool) return c.no_kernel(x.dtype);
  auto to = y.as_mutable<float>();
  for (size_t i = 0; i < to.size(); ++i) to[i] = i % 2 ? 0.0f : static_cast<float>(x.number(static_cast<int64_t>(i / 2)));
  return ok();
}

Status convert_all(EvalContext& c, const Tensor& x, bool saturate) {
  Tensor& y = c.out();
  const int64_t n = x.elements();
  if (x.dtype == y.dtype) return c.set(0, x), ok();
  if (y.dtype == DType::C64) return to_complex(c, x, y);
  if (x.dtype == DType::F16 || x.dtype == DType::BF16) {
    const bool done = dispatch(y.dtype, [&]<class To>(To) {
      auto to = y.as_mutable<To>();
      for (int64_t i = 0; i < n; ++i) to[static_cast<size_t>(i)] = convert<To>(static_cast<float>(x.number(i)), saturate);
    });
    if (!done) return c.no_kernel(y.dtype);
    return ok();
  }
  if (y.dtype == DType::F16) {
    auto to = y.as_mutable<uint16_t>();
    for (int64_t i = 0; i < n; ++i) to[static_cast<size_t>(i)] = float_to_half(static_cast<float>(x.number(i)));
    return ok();
  }
  if (y.dtype == DType::BF16) {
    auto to = y.as_mutable<uint16_t>();
    for (int64_t i = 0; i < n; ++i) {
      const auto f = static_cast<float>(x.number(i));
      uint32_t u;
      std::memcpy(&u, &f, 4);
      to[static_cast<size_t>(i)] = std::isnan(f) ? uint16_t{0x7fc0} : static_cast<uint16_t>((u + 0x7fffu + ((u >> 16) & 1u)) >> 16);
    }
    return ok();
  }
  bool done = false;
  dispatch(x.dtype, [&]<class From>(From) {
    done = dispatch(y.dtype, [&]<class To>(To) {
      const auto from = x.as<From>();
      auto to = y.as_mutable<To>();
      for (size_t i = 0; i < to.size(); ++i) to[i] = convert<To>(from[i], saturate);
    });
  });
  if (!done) return c.no_kernel(x.dtype);
  return ok();
}
Status run(EvalContext& c, bool saturate) {
  const bool narrows = c.in(0).dtype == DType::C64 && c.out().dtype != DType::C64;
  return narrows ? convert_all(c, real_parts(c.in(0)), saturate) : convert_all(c, c.in(0), saturate);
}
Status eval(EvalContext& c) { return run(c, false); }
Status eval_tflite(EvalContext& c) { return run(c, true); }

Expected<std::vector<Value>> from_tf(TfNode& n) {
  const DType to = compute_type(n.dtype("DstT", DType::F32));
  const Value x = n.in(0);
  if (n.failed()) return std::vector<Value>{};
  // What passes through a narrower float is rounded to it, though computed in float32.
  const DType given = n.dtype("DstT", DType::F32);
  const bool truncate = n.flag("Truncate", false);  // of interest to narrow floats alone
  if (given == DType::F16 || given == DType::BF16) {
    if (truncate) n.refuse("Truncate is not supported: casts round");
    const Value narrow = n.add<Cast>({x}, {.in_data_type = n.type(x).dtype, .out_data_type = given});
    return std::vector<Value>{n.add<Cast>({narrow}, {.in_data_type = given, .out_data_type = to})};
  }
  return std::vector<Value>{n.add<Cast>({x}, {.in_data_type = n.type(x).dtype, .out_data_type = to})};
}
constexpr TfImport imports[] = {{"Cast", from_tf, {}, Narrow::Same}};

int version(const OpView& v) {
  int n = 1;
  for (DType t : {v.type(0), v.out_type(0)}) {
    const int k = t == DType::BF16 ? 7 : t == DType::F64 || t == DType::F16 ? 5 : t == DType::U16 ? 4 : t == DType::I8 ? 3 : t == DType::U32 ? 2 : 1;
    n = std::max(n, k);
  }
  return n;
}
std::string refuses(const OpView& v) {
  return Cast::def.tflite.types.has(v.out_type(0)) ? std::string{} : fmt::format("CAST does not give {}", tf_name(v.out_type(0)));
}
constexpr const Kernel* kernels[] = {&table_8bit};
}  // namespace ops::cast

constinit const OpDef Cast::def = {
    .name = "cast",
    .summary = "element type conversion; floats truncate towards zero",
    .traits = Elementwise,
    .inputs = "x",
    .outputs = "y",
    .attrs = &attr_ops<Cast::Attrs>,
    .import_tf = ops::cast::imports,
    .infer = ops::cast::infer,
    .eval = ops::cast::eval,
    .eval_tflite = ops::cast::eval_tflite,
    .eval_quantized = ops::cast::eval_tflite,  // stored numbers are cast
    .tflite = {.builtin = "CAST",
               .options = "CastOptions",
               .types = {DType::F32, DType::F64, DType::F16, DType::BF16, DType::I8, DType::I16, DType::I32, DType::I64, DType::U8, DType::U16, DType::U32,
                         DType::Bool, DType::C64},
               .quantized = {DType::I8, DType::U8, DType::I16},
               .version = ops::cast::version,
               .refuses = ops::cast::refuses},
    .kernels = ops::cast::kernels,
};

}  // namespace toucanet
