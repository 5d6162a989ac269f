#include "ops/random_uniform/random_uniform.h"

#include "import/graphdef/tf_node.h"
#include "ops/shapes.h"

namespace toucanet {
namespace ops::random_uniform {
Status infer(InferContext& c) {
  if (c.dtype(0) != DType::I32 && c.dtype(0) != DType::I64) return c.error("the shape is {}", name(c.dtype(0)));
  if (c.shape(0).ranked() && c.shape(0).rank() != 1) return c.error("the shape has the shape [{}]", c.shape(0).str());
  Dims d;
  if (const auto known = known_ints(c, 0)) d.assign(known->begin(), known->end());
  else if (c.ints(0)) d = *c.ints(0);
  else
    return c.out(DType::F32, c.shape(0).ranked() && c.shape(0)[0].known()
                                 ? Shape::of_rank(static_cast<size_t>(std::clamp<int64_t>(c.shape(0)[0].value(), 0, 64)))
                                 : Shape::unranked()),
           ok();
  for (const Dim& k : d)
    if (k.known() && k.value() < 0) return c.error("a dimension is {}", k.value());
  c.out(DType::F32, Shape(std::move(d)));
  return ok();
}
Status eval(EvalContext& c) {
  c.executor().uniform(c.out<float>().data(), c.out<float>().size());
  return ok();
}
Expected<std::vector<Value>> from_tf(TfNode& n) {
  const Value shape = n.in(0);
  if (!is_float(n.dtype("dtype", DType::F32))) n.refuse("dtype {} is not supported", tf_name(n.dtype("dtype", DType::F32)));
  return std::vector<Value>{n.add<RandomUniform>({n.as_i32(shape)}, {.seed = n.integer("seed", 0), .seed2 = n.integer("seed2", 0)})};
}
constexpr TfImport imports[] = {{"RandomUniform", from_tf}};
}  // namespace ops::random_uniform

constinit const OpDef RandomUniform::def = {
    .name = "random_uniform",
    .summary = "random numbers in [0, 1)",
    .traits = Random,
    .inputs = "shape",
    .outputs = "y",
    .attrs = &attr_ops<RandomUniform::Attrs>,
    .import_tf = ops::random_uniform::imports,
    .infer = ops::random_uniform::infer,
    .eval = ops::random_uniform::eval,
    .tflite = {.builtin = "RANDOM_UNIFORM", .options = "RandomOptions", .types = {DType::I32}},
};

}  // namespace toucanet
