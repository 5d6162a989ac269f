#include "ops/tile/tile.h"

#include "ir/quant_rule.h"
#include "ops/movement.h"

namespace toucanet {
namespace ops::tile {

Status infer(InferContext& c) {
  const Shape &x = c.shape(0), &m = c.shape(1);
  CHECK_OK(check_list(c, 1));
  if (m.ranked() && x.ranked() && differ(m[0], static_cast<int64_t>(x.rank()))) return c.error("there are {} multiples, x has rank {}", m[0].str(), x.rank());
  if (!x.ranked()) {
    const bool counted = m.ranked() && m[0].known() && m[0].value() <= 64;
    return c.out(c.dtype(0), counted ? Shape::of_rank(at(m[0].value())) : Shape::unranked()), ok();
  }
  const auto k = ints_of(c, 1);
  if (!k || k->size() != x.rank()) return c.out(c.dtype(0), Shape::of_rank(x.rank())), ok();
  Dims d;
  for (size_t i = 0; i < x.rank(); ++i) {
    if ((*k)[i].known() && ((*k)[i].value() < 0 || (*k)[i].value() > max_length)) return c.error("the multiple {} is out of range", (*k)[i].value());
    d.push_back(x[i] * (*k)[i]);
  }
  std::optional<Dims> ints;
  if (x.rank() <= 1 && c.ints(0) && !c.ints(0)->empty() && d.size() == x.rank() && (d.empty() || (d[0].known() && d[0].value() <= 64))) {
    ints.emplace();
    const int64_t times = d.empty() ? 1 : (*k)[0].known() ? (*k)[0].value() : 0;
    for (int64_t i = 0; i < times; ++i) ints->insert(ints->end(), c.ints(0)->begin(), c.ints(0)->end());
    if (!d.empty() && static_cast<int64_t>(ints->size()) != d[0].value()) ints.reset();
  }
  c.out(TensorType{c.dtype(0), Shape(std::move(d)), nullptr}, share(std::move(ints)));
  return ok();
}

Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  Tensor& y = c.out();
  if (!movable(x)) return c.no_kernel(x.dtype);
  if (y.elements() == 0) return ok();
  // As a view: axis i is (multiple, length), the multiple with step 0.
  std::vector<int64_t> dims, step;
  const auto sx = strides_of(x.dims);
  for (size_t i = 0; i < x.rank(); ++i) {
    dims.insert(dims.end(), {c.in(1).integer(static_cast<int64_t>(i)), x.dims[i]});
    step.insert(step.end(), {0, sx[i]});
  }
  copy_view(x, 0, step, y, 0, strides_of(dims), dims);
  return ok();
}

constexpr TfImport imports[] = {{"Tile", import_plain<Tile>, {}, Narrow::Same}};
int version(const OpView& v) { return v.type(0) == DType::I8 ? 3 : v.type(0) == DType::String ? 2 : 1; }
constexpr Truth truth[] = {{{DType::I8}, "optimized", "the reference resolver stops at version 2, int8 is version 3"}};
}  // namespace ops::tile

constinit const OpDef Tile::def = {
    .name = "tile",
    .summary = "repeats a tensor along its axes",
    .traits = Movement,
    .inputs = "x, multiples",
    .outputs = "y",
    .import_tf = ops::tile::imports,
    .infer = ops::tile::infer,
    .eval = ops::tile::eval,
    .tflite = {.builtin = "TILE",
               .options = "TileOptions",
               .types = {DType::F32, DType::U8, DType::I8, DType::I32, DType::I64, DType::Bool, DType::String, DType::I16},
               .version = ops::tile::version},
    .truth = ops::tile::truth,
    .quant = &quant_rules::same,
};

}  // namespace toucanet
