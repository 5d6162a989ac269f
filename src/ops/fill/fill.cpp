#include "ops/fill/fill.h"

#include "import/graphdef/tf_node.h"
#include "ops/shape_of/shape_of.h"
#include "ops/shapes.h"

namespace toucanet {
namespace ops::fill {
Status infer(InferContext& c) {
  if (c.dtype(0) != DType::I32 && c.dtype(0) != DType::I64) return c.error("dims are {}", name(c.dtype(0)));
  if (c.shape(0).ranked() && c.shape(0).rank() != 1) return c.error("dims have the shape [{}]", c.shape(0).str());
  if (c.shape(1).ranked() && c.shape(1).rank() != 0) return c.error("the value has the shape [{}]", c.shape(1).str());
  Dims d;
  if (const auto known = known_ints(c, 0)) d.assign(known->begin(), known->end());
  else if (c.ints(0)) d = *c.ints(0);
  else
    return c.out(c.dtype(1), c.shape(0).ranked() && c.shape(0)[0].known()
                                 ? Shape::of_rank(static_cast<size_t>(std::clamp<int64_t>(c.shape(0)[0].value(), 0, 64)))
                                 : Shape::unranked()),
           ok();
  for (const Dim& k : d)
    if (k.known() && k.value() < 0) return c.error("a dimension is {}", k.value());
  std::shared_ptr<const Dims> ints;
  if (const Dims* v = c.ints(1); v && v->size() == 1 && d.size() <= 1 && (d.empty() || (d[0].known() && d[0].value() <= 64)))
    ints = std::make_shared<const Dims>(d.empty() ? 1 : static_cast<size_t>(d[0].value()), (*v)[0]);
  c.out(TensorType{c.dtype(1), Shape(std::move(d)), nullptr}, std::move(ints));
  return ok();
}
Status eval(EvalContext& c) {
  const Tensor& value = c.in(1);
  if (value.dtype == DType::String) {
    std::vector<int64_t> dims;
    int64_t n = 1;
    for (int64_t i = 0; i < c.in(0).elements(); ++i) dims.push_back(c.in(0).integer(i)), n *= dims.back();
    if (n > (1 << 24) || value.string_values().empty()) return c.error("{} strings", n);
    return c.set(0, Tensor::strings(dims, std::vector<std::string>(static_cast<size_t>(n), value.string_values().at(0)))), ok();
  }
  const size_t size = byte_size(value.dtype);
  if (!size) return c.no_kernel(value.dtype);
  std::byte* to = c.out().raw_mutable();
  for (size_t i = 0; i < c.out().bytes(); i += size) std::memcpy(to + i, value.raw(), size);
  return ok();
}
Expected<std::vector<Value>> from_ones_like(TfNode& n) {
  const Value x = n.in(0);
  if (n.failed()) return std::vector<Value>{};
  Tensor one = Tensor::zeros(n.type(x).dtype, {});
  if (!dispatch(one.dtype, [&]<class T>(T) { one.as_mutable<T>()[0] = T(1); })) {
    n.refuse("there is no one of type {}", tf_name(one.dtype));
    return std::vector<Value>{};
  }
  const Value shape = n.add<ShapeOf>({x}, {.out_type = DType::I32});
  return std::vector<Value>{n.add<Fill>({shape, n.constant(std::move(one))})};
}
int version(const OpView& v) {
  return v.type(1) == DType::F16 ? 4 : v.type(1) == DType::I8 || v.type(1) == DType::I16 ? 3 : v.type(1) == DType::Bool || v.type(1) == DType::String ? 2 : 1;
}
constexpr TfImport imports[] = {{"Fill", import_plain<Fill>, {}, Narrow::Same}, {"OnesLike", from_ones_like, {}, Narrow::Same}};
}  // namespace ops::fill

constinit const OpDef Fill::def = {
    .name = "fill",
    .summary = "a tensor of one repeated value",
    .traits = Wide,
    .inputs = "dims, value",
    .outputs = "y",
    .import_tf = ops::fill::imports,
    .infer = ops::fill::infer,
    .eval = ops::fill::eval,
    .eval_quantized = ops::fill::eval,
    .tflite = {.builtin = "FILL",
               .options = "FillOptions",
               .types = {DType::F32, DType::F16, DType::I8, DType::I16, DType::I32, DType::I64, DType::Bool, DType::String},
               .quantized = {DType::I8, DType::U8, DType::I16},
               .typed_operand = 1,
               .version = ops::fill::version},
};

}  // namespace toucanet
