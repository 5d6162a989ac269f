#include "ops/bucketize/bucketize.h"

#include "ops/elementwise.h"

namespace toucanet {
namespace ops::bucketize {
constexpr DTypes types{DType::F32, DType::I32, DType::I64};

Status infer(InferContext& c) {
  const auto& b = c.attrs<Bucketize>().boundaries;
  for (size_t i = 0; i < b.size(); ++i)
    if (b[i] != b[i] || (i && b[i] < b[i - 1])) return c.error("the boundaries do not ascend");
  if (!types.has(c.dtype(0))) return c.error("x is {}", name(c.dtype(0)));
  c.out(DType::I32, c.shape(0));
  return ok();
}
Status eval(EvalContext& c) {
  const auto& b = c.attrs<Bucketize>().boundaries;
  auto y = c.out<int32_t>();
  dispatch(c.in(0).dtype, [&]<class T>(T) {
    if constexpr (types.has(dtype_of<T>())) {
      const auto x = c.in<T>(0);
      // A NaN is below no boundary.
      for (size_t i = 0; i < y.size(); ++i)
        y[i] = static_cast<int32_t>(std::upper_bound(b.begin(), b.end(), x[i], [](T v, float e) { return static_cast<double>(v) < static_cast<double>(e); }) -
                                    b.begin());
    }
  });
  return ok();
}
Expected<std::vector<Value>> from_tf(TfNode& n) { return std::vector<Value>{n.add<Bucketize>({n.in(0)}, {.boundaries = n.floats("boundaries")})}; }
constexpr TfImport imports[] = {{"Bucketize", from_tf}};
}  // namespace ops::bucketize

constinit const OpDef Bucketize::def = {
    .name = "bucketize",
    .summary = "the number of boundaries that are not above x",
    .traits = Elementwise,
    .inputs = "x",
    .outputs = "y",
    .attrs = &attr_ops<Bucketize::Attrs>,
    .import_tf = ops::bucketize::imports,
    .infer = ops::bucketize::infer,
    .eval = ops::bucketize::eval,
    .legal_until = Stage::Lower,
};

}  // namespace toucanet
