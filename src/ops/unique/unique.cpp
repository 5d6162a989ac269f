#include "ops/unique/unique.h"

#include <unordered_map>

#include "ops/movement.h"

namespace toucanet {
namespace ops::unique {

Status infer(InferContext& c) {
  const DType t = c.attrs<Unique>().idx_out_type;
  const Shape& x = c.shape(0);
  if (t != DType::I32 && t != DType::I64) return c.error("the index type is {}", name(t));
  if (x.ranked() && x.rank() != 1) return c.error("x [{}] must be a vector", x.str());
  c.out(c.dtype(0), Shape({Dim::unknown()}));
  c.out(t, x.ranked() ? x : Shape({Dim::unknown()}));
  return ok();
}
Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  std::vector<int64_t> place;
  Status allocated = ok();
  const bool done = dispatch(x.dtype, [&]<class T>(T) {
    std::unordered_map<T, int64_t> seen;
    std::vector<T> values;
    std::vector<int64_t> first;
    const auto v = x.as<T>();
    for (size_t i = 0; i < v.size(); ++i) {
      const auto [it, fresh] = seen.try_emplace(v[i], static_cast<int64_t>(first.size()));
      if (fresh) first.push_back(static_cast<int64_t>(i));
      place.push_back(it->second);
    }
    allocated = c.allocate(0, {static_cast<int64_t>(first.size())});
    if (!allocated) return;
    for (size_t i = 0; i < first.size(); ++i) c.out<T>(0)[i] = v[at(first[i])];
  });
  if (!done) return c.no_kernel(x.dtype);
  CHECK_OK(std::move(allocated));
  for (size_t i = 0; i < place.size(); ++i) {
    if (c.out(1).dtype == DType::I32) c.out<int32_t>(1)[i] = static_cast<int32_t>(place[i]);
    else c.out<int64_t>(1)[i] = place[i];
  }
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  const Value x = n.in(0);
  const DType t = n.dtype("out_idx", DType::I32);
  if (n.op() == "UniqueV2" && n.inputs() > 1) {
    const auto axis = n.const_ints(1, "the axis");
    if (!axis.empty() && !(axis[0] == 0 && !n.failed() && n.type(x).shape.ranked() && n.type(x).shape.rank() == 1))
      n.refuse("only vectors are supported, not slices along an axis");
  }
  return n.add_all<Unique>({x}, {.idx_out_type = t});
}
constexpr TfImport imports[] = {{"Unique", from_tf, "y,idx", Narrow::Same}, {"UniqueV2", from_tf, "y,idx", Narrow::Same}};
}  // namespace ops::unique

constinit const OpDef Unique::def = {
    .name = "unique",
    .summary = "the different elements of a vector",
    .inputs = "x",
    .outputs = "y, idx",
    .attrs = &attr_ops<Unique::Attrs>,
    .import_tf = ops::unique::imports,
    .infer = ops::unique::infer,
    .eval = ops::unique::eval,
    .eval_quantized = ops::unique::eval,
    .tflite = {.builtin = "UNIQUE",
               .options = "UniqueOptions",
               .types = {DType::F32, DType::U8, DType::I8, DType::I16, DType::I32, DType::I64},
               .quantized = {DType::I8, DType::U8, DType::I16, DType::I32}},
};

}  // namespace toucanet
