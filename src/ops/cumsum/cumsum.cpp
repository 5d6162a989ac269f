#include "ops/cumsum/cumsum.h"

#include "import/graphdef/tf_node.h"
#include "ops/shapes.h"

namespace toucanet {
namespace ops::cumsum {
Status infer(InferContext& c) {
  if (!is_int(c.dtype(1))) return c.error("the axis is {}", name(c.dtype(1)));
  if (c.shape(1).ranked() && c.shape(1).rank() != 0) return c.error("the axis has the shape [{}]", c.shape(1).str());
  if (const auto axis = known_ints(c, 1); axis && axis->size() == 1 && c.shape(0).ranked() && !normal_axis(axis->at(0), c.shape(0).rank()))
    return c.error("axis {} is out of range for [{}]", axis->at(0), c.shape(0).str());
  c.out(c.dtype(0), c.shape(0));
  return ok();
}
Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  const auto& a = c.attrs<Cumsum>();
  const auto axis = c.in(1).elements() == 1 ? normal_axis(c.in(1).integer(0), x.rank()) : std::nullopt;
  if (!axis) return c.error("the axis is out of range");
  int64_t inner = 1;
  for (size_t i = *axis + 1; i < x.rank(); ++i) inner *= x.dims[i];
  const int64_t n = x.dims[*axis], block = n * inner;
  bool done = false;
  dispatch(x.dtype, [&]<class T>(T) {
    if constexpr (!std::is_same_v<T, bool>) {
      done = true;
      using Acc = std::conditional_t<std::is_floating_point_v<T>, T, uint64_t>;
      const T* from = x.as<T>().data();
      T* to = c.out<T>().data();
      for (int64_t base = 0; block && base < x.elements(); base += block)
        for (int64_t k = 0; k < inner; ++k) {
          Acc sum = 0;
          for (int64_t i = 0; i < n; ++i) {
            const int64_t at = base + (a.reverse ? n - 1 - i : i) * inner + k;
            const Acc before = sum;
            sum += static_cast<Acc>(from[at]);
            to[at] = static_cast<T>(a.exclusive ? before : sum);
          }
        }
    }
  });
  if (!done) return c.no_kernel(x.dtype);
  return ok();
}
Expected<std::vector<Value>> from_tf(TfNode& n) {
  const Value x = n.in(0), axis = n.in(1);
  return std::vector<Value>{n.add<Cumsum>({x, n.as_i32(axis)}, {.exclusive = n.flag("exclusive", false), .reverse = n.flag("reverse", false)})};
}
constexpr TfImport imports[] = {{"Cumsum", from_tf}};
}  // namespace ops::cumsum

constinit const OpDef Cumsum::def = {
    .name = "cumsum",
    .summary = "running sums along an axis",
    .traits = Wide,
    .inputs = "x, axis",
    .outputs = "y",
    .attrs = &attr_ops<Cumsum::Attrs>,
    .import_tf = ops::cumsum::imports,
    .infer = ops::cumsum::infer,
    .eval = ops::cumsum::eval,
    .tflite = {.builtin = "CUMSUM", .options = "CumsumOptions", .types = {DType::F32, DType::I32, DType::I64}},
};

}  // namespace toucanet
