#include "ops/reshape/reshape.h"

#include "import/graphdef/tf_node.h"
#include "ir/quant_rule.h"
#include "ops/movement.h"
#include "ops/shapes.h"

namespace toucanet {
namespace ops::reshape {

Status infer(InferContext& c) {
  const Shape& x = c.shape(0);
  const Shape& s = c.shape(1);
  if (s.ranked() && s.rank() != 1) return c.error("the shape operand [{}] must be a vector", s.str());
  if (c.dtype(1) != DType::I32 && c.dtype(1) != DType::I64) return c.error("the shape operand is {}", name(c.dtype(1)));
  const Dims* want = c.ints(1);
  if (!want && c.constant(1)) return c.error("the shape has {} dimensions", c.constant(1)->elements());
  if (!want) {
    const bool ranked = s.ranked() && s[0].known();
    return c.out(c.dtype(0), ranked ? Shape::of_rank(static_cast<size_t>(s[0].value())) : Shape::unranked()), ok();
  }
  Dims d = *want;
  std::optional<size_t> hole;
  Dim rest = 1;
  for (size_t i = 0; i < d.size(); ++i) {
    if (d[i].known() && d[i].value() < -1) return c.error("the shape has the dimension {}", d[i].value());
    if (d[i].is(-1)) {
      if (hole) return c.error("the shape has more than one -1");
      hole = i;
    } else {
      rest = rest * d[i];
    }
  }
  const Dim all = x.elements();
  if (hole) {
    if (all.known() && rest.known()) {
      if (rest.value() == 0 ? all.value() != 0 : all.value() % rest.value() != 0)
        return c.error("{} elements do not divide into [{}]", all.value(), Shape(d).str());
      d[*hole] = rest.value() ? all.value() / rest.value() : 0;
    } else {
      d[*hole] = rest.is(0) ? Dim::unknown() : floor_div(all, rest);
    }
  } else if (differ(all, rest)) {
    return c.error("[{}] has {} elements, [{}] has {}", x.str(), all.str(), Shape(d).str(), rest.str());
  } else if (all.known() && !rest.is_unknown()) {
    // One unknown dimension follows from the number of elements.
    std::optional<size_t> open;
    Dim others = 1;
    size_t n = 0;
    for (size_t i = 0; i < d.size(); ++i) d[i].known() ? void(others = others * d[i]) : void((open = i, ++n));
    if (n == 1 && others.known() && others.value() > 0 && all.value() % others.value() == 0) d[*open] = all.value() / others.value();
  }
  std::shared_ptr<const Dims> ints;
  if (c.ints(0) && d.size() <= 1) ints = std::make_shared<const Dims>(*c.ints(0));
  c.out(TensorType{c.dtype(0), Shape(std::move(d)), nullptr}, std::move(ints));
  return ok();
}
Status eval(EvalContext& c) {
  c.set(0, c.in(0).reshaped(c.out().dims));
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  const Value x = n.in(0), shape = n.in(1);
  return std::vector<Value>{n.add<Reshape>({x, n.as_i32(shape)})};
}
constexpr TfImport imports[] = {{"Reshape", from_tf, {}, Narrow::Same}};
}  // namespace ops::reshape

constinit const OpDef Reshape::def = {
    .name = "reshape",
    .summary = "the same elements under another shape",
    .traits = Movement,
    .inputs = "x, shape",
    .outputs = "y",
    .import_tf = ops::reshape::imports,
    .infer = ops::reshape::infer,
    .eval = ops::reshape::eval,
    .tflite = {.builtin = "RESHAPE", .options = "ReshapeOptions", .last_operand = "new_shape"},
    .kernels = view_kernels,
    .quant = &quant_rules::same,
};

}  // namespace toucanet
