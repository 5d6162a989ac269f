#include "ops/quantize_and_dequantize/quantize_and_dequantize.h"

#include <cmath>

#include "ops/elementwise.h"

namespace toucanet {

QuantizeLevels levels_of(const QuantizeAndDequantize::Attrs& a) {
  const float least = a.signed_input ? -static_cast<float>(int64_t{1} << (a.num_bits - 1)) + (a.narrow_range ? 1.0f : 0.0f) : 0.0f;
  const float most = static_cast<float>(a.signed_input ? (int64_t{1} << (a.num_bits - 1)) - 1 : (int64_t{1} << a.num_bits) - 1);
  const float none = std::numeric_limits<float>::max();
  const float from_min = least * a.min > 0 ? least / a.min : none, from_max = most * a.max > 0 ? most / a.max : none;
  if (from_min == none && from_max == none) return {0, 0, 0, 0};
  if (from_min < from_max) {
    const float inverse = a.min / least;
    return {a.min, most * inverse, from_min, inverse};
  }
  const float inverse = a.max / most;
  return {least * inverse, a.max, from_max, inverse};
}

namespace ops::quantize_and_dequantize {

Status infer(InferContext& c) {
  const auto& a = c.attrs<QuantizeAndDequantize>();
  if (a.num_bits < 2 || a.num_bits > 24) return c.error("num_bits is {}, not 2 … 24", a.num_bits);
  if (!(a.min <= a.max)) return c.error("the range {} … {} is empty", a.min, a.max);
  return infer_like_input(c);
}

Status eval(EvalContext& c) {
  if (c.in(0).dtype != DType::F32) return c.no_kernel(c.in(0).dtype);
  const auto& a = c.attrs<QuantizeAndDequantize>();
  const QuantizeLevels l = levels_of(a);
  const auto x = c.in<float>(0);
  auto y = c.out<float>();
  for (size_t i = 0; i < y.size(); ++i) {
    const float level = (x[i] < l.least ? l.least : x[i] > l.most ? l.most : x[i]) * l.scale;
    y[i] = (a.half_up ? std::floor(level + 0.5f) : std::nearbyint(level)) * l.inverse;
  }
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  QuantizeAndDequantize::Attrs a{.signed_input = n.flag("signed_input", true), .narrow_range = n.flag("narrow_range", false)};
  const bool third = n.op() == "QuantizeAndDequantizeV3";
  if (third) {
    const auto bits = n.constant(3);
    if (!bits || bits->elements() != 1) n.refuse("num_bits must be a constant");
    else a.num_bits = static_cast<int32_t>(std::clamp<int64_t>(bits->integer(0), 0, 64));
  } else {
    a.num_bits = static_cast<int32_t>(std::clamp<int64_t>(n.integer("num_bits", 8), 0, 64));
    const auto mode = n.string("round_mode", "HALF_TO_EVEN");
    if (mode != "HALF_TO_EVEN" && mode != "HALF_UP") n.refuse("round_mode '{}' is not HALF_TO_EVEN or HALF_UP", mode);
    a.half_up = mode == "HALF_UP";
  }
  if (n.integer("axis", -1) != -1) n.refuse("ranges for each channel (axis {})", n.integer("axis", -1));
  // Without a given range it is that of the values, which a constant alone has before the model runs.
  if (n.flag("range_given", third)) {
    const auto min = n.constant(1), max = n.constant(2);
    if (!min || !max || min->elements() != 1 || max->elements() != 1) {
      n.refuse("input_min and input_max must be constant scalars");
      return std::vector<Value>{};
    }
    a.min = static_cast<float>(min->number(0)), a.max = static_cast<float>(max->number(0));
  } else if (const auto x = n.constant(0); x && x->elements()) {
    a.min = a.max = static_cast<float>(x->number(0));
    for (int64_t i = 1; i < x->elements(); ++i) {
      const auto v = static_cast<float>(x->number(i));
      a.min = std::min(a.min, v), a.max = std::max(a.max, v);
    }
  } else {
    n.refuse("the range of values that are computed is not given (range_given is false)");
    return std::vector<Value>{};
  }
  return std::vector<Value>{n.add<QuantizeAndDequantize>({n.in(0)}, a)};
}
constexpr TfImport imports[] = {{"QuantizeAndDequantizeV2", from_tf}, {"QuantizeAndDequantizeV3", from_tf}, {"QuantizeAndDequantizeV4", from_tf}};

}  // namespace ops::quantize_and_dequantize

constinit const OpDef QuantizeAndDequantize::def = {
    .name = "quantize_and_dequantize",
    .summary = "x rounded to the levels of a scaled integer type",
    .traits = Elementwise,
    .inputs = "x",
    .outputs = "y",
    .attrs = &attr_ops<QuantizeAndDequantize::Attrs>,
    .import_tf = ops::quantize_and_dequantize::imports,
    .infer = ops::quantize_and_dequantize::infer,
    .eval = ops::quantize_and_dequantize::eval,
    .legal_until = Stage::Lower,
};

}  // namespace toucanet
