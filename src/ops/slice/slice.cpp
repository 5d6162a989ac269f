#include "ops/slice/slice.h"

#include "ir/quant_rule.h"
#include "ops/movement.h"

namespace toucanet {
namespace ops::slice {

Status infer(InferContext& c) {
  const Shape& x = c.shape(0);
  std::optional<size_t> rank;
  if (x.ranked()) rank = x.rank();
  for (size_t i : {size_t{1}, size_t{2}}) {
    CHECK_OK(check_list(c, i));
    const Shape& s = c.shape(i);
    if (!s.ranked()) continue;
    if (!s[0].known()) continue;
    if (rank && s[0].value() != static_cast<int64_t>(*rank)) return c.error("operand {} has {} entries, x has rank {}", i, s[0].value(), *rank);
    rank = at(s[0].value());
  }
  if (!rank) return c.out(c.dtype(0), Shape::unranked()), ok();
  const auto list = [&](size_t i) {
    auto d = ints_of(c, i);
    return d && d->size() == *rank ? *d : Dims(*rank, Dim::unknown());
  };
  const Dims begin = list(1), size = list(2);
  Dims d;
  for (size_t i = 0; i < *rank; ++i) {
    const Dim n = x.ranked() ? x[i] : Dim::unknown();
    if (begin[i].known() && begin[i].value() < 0) return c.error("begin {} is negative", begin[i].value());
    if (size[i].known() && size[i].value() < -1) return c.error("size {} is negative", size[i].value());
    if (begin[i].known() && n.known() && begin[i].value() > n.value() - std::max<int64_t>(0, size[i].known() ? size[i].value() : 0))
      return c.error("axis {} of [{}] has no {} elements from {}", i, x.str(), size[i].str(), begin[i].value());
    d.push_back(!size[i].is(-1) ? size[i] : n - begin[i]);
  }
  std::shared_ptr<const Dims> ints;
  if (*rank == 1 && c.ints(0) && begin[0].known() && d[0].known() && d[0].value() >= 0 &&
      begin[0].value() <= static_cast<int64_t>(c.ints(0)->size()) - d[0].value())
    ints = std::make_shared<const Dims>(c.ints(0)->begin() + begin[0].value(), c.ints(0)->begin() + begin[0].value() + d[0].value());
  c.out(TensorType{c.dtype(0), Shape(std::move(d)), nullptr}, std::move(ints));
  return ok();
}

Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  Tensor& y = c.out();
  if (!movable(x)) return c.no_kernel(x.dtype);
  const auto step = strides_of(x.dims);
  int64_t from = 0;
  for (size_t i = 0; i < x.rank(); ++i) {
    const int64_t begin = c.in(1).integer(static_cast<int64_t>(i));
    if (begin < 0 || begin > x.dims[i] - y.dims[i]) return c.error("{} elements from {} are not in an axis of {}", y.dims[i], begin, x.dims[i]);
    from += begin * step[i];
  }
  copy_view(x, from, step, y, 0, strides_of(y.dims), y.dims);
  return ok();
}

constexpr TfImport imports[] = {{"Slice", import_plain<Slice>, {}, Narrow::Same}};
int version(const OpView& v) {
  const DType t = v.type(0);
  return t == DType::U32 ? 6 : v.rank(0) > 4 ? 5 : t == DType::I16 ? 4 : t == DType::String ? 3 : t == DType::I8 ? 2 : 1;
}
}  // namespace ops::slice

constinit const OpDef Slice::def = {
    .name = "slice",
    .summary = "a block of a tensor",
    .traits = Movement,
    .inputs = "x, begin, size",
    .outputs = "y",
    .import_tf = ops::slice::imports,
    .infer = ops::slice::infer,
    .eval = ops::slice::eval,
    .tflite = {.builtin = "SLICE",
               .options = "SliceOptions",
               .types = moved_types | DTypes{DType::U32, DType::String},
               .max_rank = 5,
               .version = ops::slice::version},
    .quant = &quant_rules::same,
};

}  // namespace toucanet
