#include "ops/diagonals.h"

#include "ops/concatenation/concatenation.h"
#include "ops/gather/gather.h"
#include "ops/movement.h"
#include "ops/pad_with_value/pad_with_value.h"
#include "ops/reshape/reshape.h"
#include "ops/select_broadcast/select_broadcast.h"

namespace toucanet::diagonals {
namespace {

constexpr int64_t most_elements = 1 << 24;

// Diagonals low … high of matrices [rows, columns]; row m of their stack is diagonal high − m.
struct Band {
  int64_t low = 0, high = 0, rows = 0, columns = 0;
  bool upper_left = true, lower_left = true;  // which end of a row short diagonals lie at

  int64_t count() const { return high - low + 1; }
  int64_t length(int64_t d) const { return std::min(rows + std::min<int64_t>(d, 0), columns - std::max<int64_t>(d, 0)); }
  int64_t longest() const { return std::min(rows + std::min<int64_t>(high, 0), columns - std::max<int64_t>(low, 0)); }
  int64_t offset(int64_t d) const {
    const bool left = (d >= 0 && upper_left) || (d <= 0 && lower_left);
    return left ? 0 : longest() - length(d);
  }
  bool holds(int64_t d) const { return low <= d && d <= high; }
  // Of element [i, j] in the stack.
  int64_t place(int64_t i, int64_t j) const { return (high - (j - i)) * longest() + std::min(i, j) + offset(j - i); }
};

// k: one diagonal, or the lowest and the highest.
Band band_of(TfNode& n, size_t k_operand) {
  Band b;
  const auto k = n.const_ints(k_operand, "k");
  if (n.failed()) return b;
  if (k.empty() || k.size() > 2 || k.front() > k.back() || std::abs(k.front()) > most_elements || std::abs(k.back()) > most_elements) {
    n.refuse("k must be one diagonal, or the lowest and the highest");
    return b;
  }
  b.low = k.front(), b.high = k.back();
  const auto align = n.string("align", n.op().ends_with("V3") ? "RIGHT_LEFT" : "LEFT_LEFT");
  b.upper_left = align.starts_with("LEFT"), b.lower_left = align.ends_with("LEFT");
  return b;
}

// The last `count` dimensions, which must be known.
std::optional<std::vector<int64_t>> last_dims(TfNode& n, Value v, size_t count) {
  if (n.failed()) return std::nullopt;
  const Shape& s = n.type(v).shape;
  std::vector<int64_t> d;
  if (s.ranked() && s.rank() >= count)
    for (size_t i = s.rank() - count; i < s.rank(); ++i)
      if (s[i].known() && s[i].value() <= most_elements) d.push_back(s[i].value());
  if (d.size() == count) return d;
  n.refuse("the last {} of [{}] must be known", count == 1 ? "dimension" : "two dimensions", s.str());
  return std::nullopt;
}

// The last `count` dimensions as one.
Value flat(TfNode& n, Value v, size_t count) {
  if (n.failed() || count == 1) return v;
  const Shape& s = n.type(v).shape;
  std::vector<int64_t> d;
  int64_t last = 1;
  size_t open = 0;
  for (size_t i = 0; i < s.rank(); ++i) {
    if (i + count >= s.rank()) last *= s[i].value();
    else d.push_back(s[i].known() ? s[i].value() : (++open, -1));
  }
  d.push_back(last);
  if (open > 1 || (open && last == 0)) n.refuse("the shape [{}] must be known", s.str());
  return n.add<Reshape>({v, n.ints_constant(d)});
}

// With one more element behind those of the last axis.
Value with_padding(TfNode& n, Value v, size_t padding_operand) {
  if (n.failed()) return {};
  const size_t rank = n.type(v).shape.rank();
  std::vector<int32_t> amounts(2 * rank, 0);
  amounts.back() = 1;
  return n.add<PadWithValue>({v, n.constant(Tensor::of<int32_t>(DType::I32, {static_cast<int64_t>(rank), 2}, amounts)), n.in(padding_operand)});
}

// indices [dims] into the last axis of v.
Value pick(TfNode& n, Value v, const std::vector<int64_t>& dims, const std::vector<int32_t>& indices) {
  if (n.failed()) return {};
  return n.add<Gather>({v, n.constant(Tensor::of<int32_t>(DType::I32, dims, indices))}, {.axis = static_cast<int32_t>(n.type(v).shape.rank()) - 1});
}

// Rows of the stack, and whether there is an axis for them.
size_t stacked(const Band& b) { return b.count() > 1 ? 2 : 1; }
bool fits(TfNode& n, const Band& b, int64_t elements) {
  if (b.longest() > 0 && b.count() <= most_elements && elements <= most_elements) return true;
  n.refuse("matrices of {} × {} have no diagonals {} … {}", b.rows, b.columns, b.low, b.high);
  return false;
}

}  // namespace

bool all_equal(TfNode& n, size_t i, int64_t want) {
  const auto t = n.constant(i);
  for (int64_t k = 0; t && k < t->elements(); ++k)
    if (t->number(k) != static_cast<double>(want)) return false;
  return t != nullptr;
}

Expected<std::vector<Value>> to_matrix(TfNode& n) {
  const Value x = n.in(0);
  Band b = band_of(n, 1);
  const auto rows = n.const_ints(2, "num_rows"), columns = n.const_ints(3, "num_cols");
  const auto d = last_dims(n, x, stacked(b));
  if (n.failed() || rows.size() != 1 || columns.size() != 1) {
    if (!n.failed()) n.refuse("num_rows and num_cols must be scalars");
    return std::vector<Value>{};
  }
  const int64_t least_rows = d->back() - std::min<int64_t>(b.high, 0), least_columns = d->back() + std::max<int64_t>(b.low, 0);
  const bool square = rows[0] < 0 && columns[0] < 0;
  b.rows = square ? std::max(least_rows, least_columns) : rows[0] < 0 ? least_rows : rows[0];
  b.columns = square ? b.rows : columns[0] < 0 ? least_columns : columns[0];
  if (b.longest() != d->back() || (d->size() == 2 && d->front() != b.count()))
    n.refuse("diagonals [{}] do not fill matrices of {} × {}", n.type(x).shape.str(), b.rows, b.columns);
  if (n.failed() || !fits(n, b, b.rows * b.columns)) return std::vector<Value>{};
  std::vector<int32_t> indices;
  for (int64_t i = 0; i < b.rows; ++i)
    for (int64_t j = 0; j < b.columns; ++j) indices.push_back(static_cast<int32_t>(b.holds(j - i) ? b.place(i, j) : b.count() * b.longest()));
  return std::vector<Value>{pick(n, with_padding(n, flat(n, x, d->size()), 4), {b.rows, b.columns}, indices)};
}

Expected<std::vector<Value>> set(TfNode& n) {
  const Value x = n.in(0), diagonal = n.in(1);
  Band b = band_of(n, 2);
  const auto m = last_dims(n, x, 2), d = last_dims(n, diagonal, stacked(b));
  if (n.failed()) return std::vector<Value>{};
  b.rows = m->front(), b.columns = m->back();
  if (!fits(n, b, b.rows * b.columns)) return std::vector<Value>{};
  if (b.longest() != d->back() || (d->size() == 2 && d->front() != b.count()))
    n.refuse("diagonals [{}] do not fit matrices [{}]", n.type(diagonal).shape.str(), n.type(x).shape.str());
  const Value a = flat(n, x, 2), c = flat(n, diagonal, d->size());
  if (n.failed()) return std::vector<Value>{};
  const Value both = n.add<Concatenation>({a, c}, {.axis = static_cast<int32_t>(n.type(a).shape.rank()) - 1});
  std::vector<int32_t> indices;
  for (int64_t i = 0; i < b.rows; ++i)
    for (int64_t j = 0; j < b.columns; ++j) indices.push_back(static_cast<int32_t>(b.holds(j - i) ? b.rows * b.columns + b.place(i, j) : i * b.columns + j));
  return std::vector<Value>{pick(n, both, {b.rows, b.columns}, indices)};
}

Expected<std::vector<Value>> part(TfNode& n) {
  const bool main_only = n.inputs() == 1;  // before V2
  const Value x = n.in(0);
  Band b = main_only ? Band{} : band_of(n, 1);
  const auto m = last_dims(n, x, 2);
  if (n.failed()) return std::vector<Value>{};
  b.rows = m->front(), b.columns = m->back();
  const int64_t length = b.longest();
  if (!fits(n, b, b.count() * std::max<int64_t>(length, 1))) return std::vector<Value>{};
  std::vector<int32_t> indices(at(b.count() * length), static_cast<int32_t>(b.rows * b.columns));
  for (int64_t i = 0; i < b.rows; ++i)
    for (int64_t j = 0; j < b.columns; ++j)
      if (b.holds(j - i)) indices[at(b.place(i, j))] = static_cast<int32_t>(i * b.columns + j);
  const bool padded = std::count(indices.begin(), indices.end(), static_cast<int32_t>(b.rows * b.columns)) > 0;
  const Value elements = flat(n, x, 2);
  const std::vector<int64_t> dims = b.count() > 1 ? std::vector<int64_t>{b.count(), length} : std::vector<int64_t>{length};
  return std::vector<Value>{pick(n, padded ? with_padding(n, elements, 2) : elements, dims, indices)};
}

Expected<std::vector<Value>> band(TfNode& n) {
  const Value x = n.in(0);
  const auto lower = n.const_ints(1, "num_lower"), upper = n.const_ints(2, "num_upper");
  const auto m = last_dims(n, x, 2);
  if (n.failed() || lower.size() != 1 || upper.size() != 1) {
    if (!n.failed()) n.refuse("num_lower and num_upper must be scalars");
    return std::vector<Value>{};
  }
  if (m->front() * m->back() > most_elements) n.refuse("the matrices [{}] are too large", n.type(x).shape.str());
  if (n.failed()) return std::vector<Value>{};
  Tensor inside = Tensor::zeros(DType::Bool, *m);
  for (int64_t i = 0; i < m->front(); ++i)
    for (int64_t j = 0; j < m->back(); ++j)
      inside.as_mutable<bool>()[at(i * m->back() + j)] = (lower[0] < 0 || i - j <= lower[0]) && (upper[0] < 0 || j - i <= upper[0]);
  return std::vector<Value>{n.add<SelectBroadcast>({n.constant(std::move(inside)), x, n.constant(Tensor::zeros(n.type(x).dtype, {}))})};
}

}  // namespace toucanet::diagonals
