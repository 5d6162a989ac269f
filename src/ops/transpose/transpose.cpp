#include "ops/transpose/transpose.h"

#include "import/graphdef/tf_node.h"
#include "ir/quant_rule.h"
#include "ops/movement.h"

namespace toucanet {
namespace ops::transpose {

Status infer(InferContext& c) {
  const Shape& x = c.shape(0);
  const auto perm = known_ints(c, 1);
  if (!perm) return c.out(c.dtype(0), x.ranked() ? Shape::of_rank(x.rank()) : Shape::unranked()), ok();
  if (!x.ranked()) return c.out(c.dtype(0), Shape::of_rank(perm->size())), ok();
  if (perm->size() != x.rank()) return c.error("perm has {} entries, x [{}] has rank {}", perm->size(), x.str(), x.rank());
  Dims d;
  std::vector<bool> seen(x.rank());
  for (int64_t p : *perm) {
    const auto axis = normal_axis(p, x.rank());
    if (!axis || seen[*axis]) return c.error("perm is not a permutation");
    seen[*axis] = true;
    d.push_back(x[*axis]);
  }
  c.out(c.dtype(0), Shape(std::move(d)));
  return ok();
}

template <size_t Size>
void permute(const Tensor& x, int64_t first, Tensor& y, const std::vector<int64_t>& step) {
  struct Element {
    std::byte b[Size];
  };
  const auto* from = reinterpret_cast<const Element*>(x.raw());
  auto* to = reinterpret_cast<Element*>(y.raw_mutable());
  // Planes over y's last axis and the axis that is x's last: both are read and written in whole cache lines.
  const size_t last = y.rank() - 1;
  size_t across = 0;
  while (across < last && (step[across] != 1 || y.dims[across] == 1)) ++across;
  std::vector<int64_t> outer = y.dims, sy = strides_of(y.dims);
  outer[last] = outer[across] = 1;
  const int64_t columns = y.dims[last], dc = step[last];
  const int64_t rows = across == last ? 1 : y.dims[across], dr = across == last ? 0 : step[across], to_row = across == last ? 0 : sy[across];
  constexpr int64_t tile = std::max<int64_t>(8, 64 / Size);
  const auto plane = [&](int64_t a, int64_t b) {
    const Element* p = from + a;
    Element* q = to + b;
    if (rows == 1 && dc == 1) {
      std::memcpy(q, p, static_cast<size_t>(columns) * Size);
      return;
    }
    for (int64_t j = 0; j < columns; j += tile)
      for (int64_t i = 0; i < rows; i += tile) {
        const int64_t m = std::min(tile, rows - i), n = std::min(tile, columns - j);
        const Element* from_tile = p + i * dr + j * dc;
        Element* to_tile = q + i * to_row + j;
        if (dr == 1 && m == tile && n == tile) {
          Element block[tile][tile];
          for (int64_t c = 0; c < tile; ++c) std::memcpy(block[c], from_tile + c * dc, sizeof block[c]);
          for (int64_t r = 0; r < tile; ++r) {
            Element line[tile];
            for (int64_t c = 0; c < tile; ++c) line[c] = block[c][r];
            std::memcpy(to_tile + r * to_row, line, sizeof line);
          }
        } else {
          for (int64_t r = 0; r < m; ++r)
            for (int64_t c = 0; c < n; ++c) to_tile[r * to_row + c] = from_tile[r * dr + c * dc];
        }
      }
  };
  walk_rows(outer, first, step, 0, sy, [&](int64_t a, int64_t b, int64_t) { plane(a, b); });
}

// Steps in x along each axis of y.
std::vector<int64_t> steps(const Tensor& x, const Tensor& perm) {
  const auto sx = strides_of(x.dims);
  std::vector<int64_t> step;
  for (int64_t i = 0; i < perm.elements(); ++i) step.push_back(sx[*normal_axis(perm.integer(i), x.rank())]);
  return step;
}
// y from element `first` of x on; false for a type whose elements have no size.
bool permute(const Tensor& x, int64_t first, Tensor& y, const std::vector<int64_t>& step) {
  switch (byte_size(x.dtype)) {
    case 1: return permute<1>(x, first, y, step), true;
    case 2: return permute<2>(x, first, y, step), true;
    case 4: return permute<4>(x, first, y, step), true;
    case 8: return permute<8>(x, first, y, step), true;
    case 16: return permute<16>(x, first, y, step), true;
    default: return false;
  }
}
Status eval(EvalContext& c) {
  const Tensor& x = c.in(0);
  Tensor& y = c.out();
  if (x.rank() == 0) return c.set(0, x), ok();
  if (y.elements() == 0) return ok();
  if (!permute(x, 0, y, steps(x, c.in(1)))) return c.no_kernel(x.dtype);
  return ok();
}
// Rows of y are slices of x: a large constant is turned on its way to the file.
Tensor eval_later(std::span<const Tensor* const> in) {
  const Tensor& x = *in[0];
  const auto step = steps(x, *in[1]);
  std::vector<int64_t> dims;
  for (int64_t i = 0; i < in[1]->elements(); ++i) dims.push_back(x.dims[*normal_axis(in[1]->integer(i), x.rank())]);
  auto rows = std::make_shared<LaterRows>();
  rows->count = dims[0];
  rows->row_bytes = x.bytes() / static_cast<size_t>(dims[0]);
  rows->hash = x.content_hash() ^ in[1]->content_hash() * 0x9e3779b97f4a7c15u;
  rows->compute = [x, dims, step](int64_t first, int64_t n, std::byte* to) {
    auto part = dims;
    part[0] = n;
    Tensor y = Tensor::borrow(x.dtype, part, to);
    permute(x, first * step[0], y, step);
  };
  return Tensor::later(x.dtype, std::move(dims), std::move(rows));
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  const Value x = n.in(0);
  return std::vector<Value>{n.add<Transpose>({x, n.as_i32(n.in(1))})};
}
constexpr TfImport imports[] = {{"Transpose", from_tf, {}, Narrow::Same}};
int version(const OpView& v) {
  return v.rank(0) > 6              ? 8
         : v.rank(0) > 5            ? 6
         : v.type(0) == DType::I16  ? 5
         : v.rank(0) > 4            ? 4
         : v.type(0) == DType::Bool ? 3
         : v.type(0) == DType::I8   ? 2
                                    : 1;
}
}  // namespace ops::transpose

constinit const OpDef Transpose::def = {
    .name = "transpose",
    .summary = "permutes axes",
    .traits = Movement,
    .inputs = "x, perm",
    .outputs = "y",
    .import_tf = ops::transpose::imports,
    .infer = ops::transpose::infer,
    .eval = ops::transpose::eval,
    .eval_later = ops::transpose::eval_later,
    .tflite = {.builtin = "TRANSPOSE",
               .options = "TransposeOptions",
               .types = {DType::F32, DType::I8, DType::I16, DType::I32, DType::I64, DType::U8, DType::Bool},
               .max_rank = 6,
               .version = ops::transpose::version},
    .quant = &quant_rules::same,
};

}  // namespace toucanet
