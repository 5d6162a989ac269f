#include "ops/top_k/top_k.h"

#include <numeric>

#include "ir/limits.h"
#include "ir/quant_rule.h"
#include "ops/cast/cast.h"
#include "ops/movement.h"
#include "runtime/execute.h"

namespace toucanet {
namespace ops::top_k {

Status infer(InferContext& c) {
  const Shape& x = c.shape(0);
  if (c.dtype(1) != DType::I32) return c.error("k is {}", name(c.dtype(1)));
  if (c.shape(1).ranked() && differ(c.shape(1).elements(), 1)) return c.error("k [{}] must be a scalar", c.shape(1).str());
  if (x.ranked() && x.rank() < 1) return c.error("x is a scalar");
  Shape s = x;
  if (x.ranked()) {
    Dims d = x.dims();
    const Dims* known = c.ints(1);
    const Tensor* t = c.constant(1);
    const Dim k = known && known->size() == 1 ? (*known)[0] : t && t->elements() == 1 ? Dim(t->integer(0)) : Dim::unknown();
    if (k.known() && (k.value() < 0 || (d.back().known() && k.value() > d.back().value())))
      return c.error("there are no {} largest in [{}]", k.value(), x.str());
    d.back() = k;
    s = Shape(std::move(d));
  }
  c.out(c.dtype(0), s);
  c.out(DType::I32, s);
  return ok();
}
Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  const int64_t n = x.dims.back(), k = c.out(0).dims.back(), rows = product(x.dims, 0, x.rank() - 1);
  if (c.out(0).elements() == 0) return ok();
  const bool done = dispatch(x.dtype, [&]<class T>(T) {
    std::vector<int32_t> order(at(n));
    for (int64_t r = 0; r < rows; ++r) {
      const T* v = x.as<T>().data() + r * n;
      std::iota(order.begin(), order.end(), 0);
      // NaN goes last, so that the order is one.
      const auto before = [&](int32_t a, int32_t b) {
        if (v[a] > v[b]) return true;
        if (v[b] > v[a]) return false;
        const bool na = v[a] != v[a], nb = v[b] != v[b];
        return na != nb ? nb : a < b;
      };
      std::partial_sort(order.begin(), order.begin() + k, order.end(), before);
      for (int64_t i = 0; i < k; ++i) {
        c.out<T>(0)[at(r * k + i)] = v[order[at(i)]];
        c.out<int32_t>(1)[at(r * k + i)] = order[at(i)];
      }
    }
  });
  if (!done) return c.no_kernel(x.dtype);
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  const Value x = n.in(0);
  Value k;
  if (n.op() == "TopK") {
    const int64_t count = n.integer("k", 0);
    if (count < 0 || count > INT32_MAX) n.refuse("k is {}", count);
    k = n.constant(Tensor::scalar_i32(static_cast<int32_t>(count)));
  } else {
    const Value operand = n.in(1);
    if (!n.failed()) k = n.as_i32(operand);
  }
  const DType t = n.dtype("index_type", DType::I32);
  // Without `sorted` the order is open, but for k of 1, and for k of the whole axis, where TensorFlow returns x as it is.
  if (!n.flag("sorted", true)) {
    const auto count = k ? constant_value(n.graph(), k) : nullptr;
    const Shape& s = n.type(x).shape;
    const int64_t wanted = count && count->elements() == 1 ? count->integer(0) : -1;
    if (wanted != 1) {
      const auto elements = s.is_static() ? limits::product(s.to_vector(), limits::spelled_out) : std::nullopt;
      if (!elements || s.rank() == 0 || !s.dims().back().is(wanted)) {
        n.refuse("with sorted=false the order of the results is open");
        return std::vector<Value>{};
      }
      Tensor order = Tensor::zeros(t == DType::I64 ? t : DType::I32, s.to_vector());
      dispatch(order.dtype, [&]<class T>(T) {
        auto to = order.as_mutable<T>();
        for (size_t i = 0; i < to.size(); ++i) to[i] = static_cast<T>(i % at(wanted));
      });
      return std::vector<Value>{x, n.constant(std::move(order))};
    }
  }
  auto out = n.add_all<TopK>({x, k});
  if (out.size() == 2 && t != DType::I32) out[1] = n.add<Cast>({out[1]}, {.in_data_type = DType::I32, .out_data_type = t});
  return out;
}
constexpr TfImport imports[] = {{"TopK", from_tf, "values,indices", Narrow::Same}, {"TopKV2", from_tf, "values,indices", Narrow::Same}};
int version(const OpView& v) { return v.type(0) == DType::I16 ? 3 : v.type(0) == DType::I8 ? 2 : 1; }
}  // namespace ops::top_k

constinit const OpDef TopK::def = {
    .name = "top_k",
    .summary = "the k largest elements along the last axis",
    .traits = Wide,
    .inputs = "x, k",
    .outputs = "values, indices",
    .import_tf = ops::top_k::imports,
    .infer = ops::top_k::infer,
    .eval = ops::top_k::eval,
    .eval_quantized = ops::top_k::eval,
    .tflite = {.builtin = "TOPK_V2",
               .options = "TopKV2Options",
               .types = {DType::F32, DType::U8, DType::I8, DType::I16, DType::I32, DType::I64},
               .quantized = {DType::I8, DType::U8, DType::I16},
               .version = ops::top_k::version},
    .quant = &quant_rules::same_int8,
};

}  // namespace toucanet
