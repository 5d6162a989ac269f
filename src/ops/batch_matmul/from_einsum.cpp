#include "ops/batch_matmul/from_einsum.h"

#include "ops/batch_matmul/batch_matmul.h"
#include "ops/concatenation/concatenation.h"
#include "ops/identity/identity.h"
#include "ops/movement.h"
#include "ops/mul/mul.h"
#include "ops/reshape/reshape.h"
#include "ops/shape_of/shape_of.h"
#include "ops/slice/slice.h"
#include "ops/squeeze/squeeze.h"
#include "ops/sum/sum.h"
#include "ops/transpose/transpose.h"

namespace toucanet::ops::batch_matmul {
namespace {

// A value and what its axes are called. Axes behind an ellipsis are called '\1', '\2', …, the last one '\1'.
struct Term {
  Value value;
  std::string axes;
};
bool has(const std::string& axes, char a) { return axes.find(a) != axes.npos; }
std::string select(const std::string& axes, const auto& keep) {
  std::string out;
  for (char a : axes)
    if (keep(a)) out += a;
  return out;
}

// The axes of one side of the equation; `rank` of an operand, none for the result.
std::optional<std::string> axes_of(TfNode& n, std::string_view text, std::optional<size_t> rank, size_t& ellipsis) {
  std::string out;
  const size_t dots = text.find("...");
  for (size_t i = 0; i < text.size(); ++i) {
    if (i == dots) {
      const size_t letters = text.size() - 3;
      if (rank) ellipsis = std::max(ellipsis, *rank - std::min(*rank, letters));
      for (size_t k = rank ? *rank - std::min(*rank, letters) : ellipsis; k > 0; --k) out += static_cast<char>(k);
      i += 2;
    } else if (std::isalpha(static_cast<unsigned char>(text[i])) && !has(out, text[i])) {
      out += text[i];
    } else {
      n.refuse("'{}' is not supported: each axis must be one letter, once", text);
      return std::nullopt;
    }
  }
  if (rank && out.size() != *rank) {
    n.refuse("'{}' does not fit rank {}", text, *rank);
    return std::nullopt;
  }
  return out;
}

// Sums over the axes that are not kept.
void sum_others(TfNode& n, Term& t, const auto& keep) {
  std::vector<int64_t> gone;
  for (size_t i = 0; i < t.axes.size(); ++i)
    if (!keep(t.axes[i])) gone.push_back(static_cast<int64_t>(i));
  if (gone.empty()) return;
  t.value = n.add<Sum>({t.value, n.ints_constant(gone)});
  t.axes = select(t.axes, keep);
}

void transpose(TfNode& n, Term& t, const std::string& order) {
  if (t.axes == order) return;
  std::vector<int64_t> permutation;
  for (char a : order) permutation.push_back(static_cast<int64_t>(t.axes.find(a)));
  t.value = n.add<Transpose>({t.value, n.ints_constant(permutation)});
  t.axes = order;
}

struct EinsumProduct {
  TfNode& n;
  const Term given_x, given_y;
  std::string both, rows, columns, inner;  // axes of x and y and the result, of x, of y, of x and y only
  std::map<char, Dim> size;
  Term x = given_x, y = given_y;

  // The size of an axis when running, [1].
  Value extent(char a) const {
    const bool of_x = has(given_x.axes, a) && (!has(given_y.axes, a) || same(n.type(given_x.value).shape[given_x.axes.find(a)], size.at(a)));
    const Term& t = of_x ? given_x : given_y;
    return n.add<Slice>({n.add<ShapeOf>({t.value}), n.ints_constant({static_cast<int64_t>(t.axes.find(a))}), n.ints_constant({1})});
  }
  // To these sizes, each of which is all of a group of axes.
  Value reshape(Value v, const Dims& to, const std::vector<std::string>& groups) const {
    if (n.failed()) return {};
    std::vector<int64_t> numbers;
    for (const Dim& d : to) numbers.push_back(d.known() ? d.value() : -1);
    if (std::count(numbers.begin(), numbers.end(), -1) <= 1) return n.add<Reshape>({v, n.ints_constant(numbers)});
    std::vector<Value> parts;
    for (size_t i = 0; i < to.size(); ++i) {
      Value part = to[i].known() ? n.ints_constant({to[i].value()}) : extent(groups[i][0]);
      for (size_t k = 1; k < groups[i].size() && !to[i].known(); ++k) part = n.add<Mul>({part, extent(groups[i][k])});
      parts.push_back(part);
    }
    return n.add<Reshape>({v, n.add<Concatenation>(std::move(parts))});
  }
  static std::vector<std::string> one_by_one(const std::string& axes) {
    std::vector<std::string> groups;
    for (char a : axes) groups.emplace_back(1, a);
    return groups;
  }

  Dims dims(const std::string& axes) const {
    Dims d;
    for (char a : axes) d.push_back(size.at(a));
    return d;
  }
  Dim all(const std::string& axes) const {
    Dim d = 1;
    for (char a : axes) d = d * size.at(a);
    return d;
  }
  // The operand as [both…, first, second], one axis each; true: transposed, as [both…, second, first].
  bool as_matrices(Term& t, const std::string& first, const std::string& second) {
    const bool turned = t.axes == both + second + first && t.axes != both + first + second;
    if (!turned) transpose(n, t, both + first + second);
    const std::string &a = turned ? second : first, &b = turned ? first : second;
    if (a.size() == 1 && b.size() == 1) return turned;
    const Shape s = n.type(t.value).shape;  // an axis that is broadcast is 1 here
    Dims d(s.dims().begin(), s.dims().begin() + static_cast<std::ptrdiff_t>(both.size()));
    d.push_back(all(a));
    d.push_back(all(b));
    auto groups = one_by_one(both);
    groups.insert(groups.end(), {a, b});
    t.value = reshape(t.value, d, groups);
    return turned;
  }
  // Rows whose number is not known stay apart: they are batches of x, for each of which y is the same.
  bool rows_stay() const {
    return both.empty() && std::count_if(rows.begin(), rows.end(), [&](char a) { return !size.at(a).known(); }) > 1;
  }
  Term with_batches_of_rows() {
    transpose(n, x, rows + inner);
    Dims d = dims(rows);
    auto groups = one_by_one(rows);
    d.push_back(all(inner));
    groups.push_back(inner);
    if (inner.size() != 1) x.value = reshape(x.value, d, groups);
    if (n.failed()) return {};
    const bool adj_y = as_matrices(y, inner, columns);
    Term z{n.add<BatchMatmul>({x.value, y.value}, {.adj_y = adj_y}), rows + columns};
    if (columns.empty()) z.value = n.add<Squeeze>({z.value}, {.squeeze_dims = {static_cast<int64_t>(rows.size())}});
    else if (columns.size() > 1) z.value = reshape(z.value, dims(z.axes), one_by_one(z.axes));
    return z;
  }
  Term run() {
    if (rows_stay()) return with_batches_of_rows();
    const bool adj_x = as_matrices(x, rows, inner);
    if (n.failed()) return {};
    const bool adj_y = as_matrices(y, inner, columns);
    Term z{n.add<BatchMatmul>({x.value, y.value}, {.adj_x = adj_x, .adj_y = adj_y}), both + rows + columns};
    if (rows.size() != 1 || columns.size() != 1) z.value = reshape(z.value, dims(z.axes), one_by_one(z.axes));
    return z;
  }
};

}  // namespace

Expected<std::vector<Value>> from_einsum(TfNode& n) {
  n.ignore("N");
  const auto equation = std::string(n.string("equation", ""));
  std::string text = select(equation, [](char c) { return c != ' '; });
  const size_t arrow = text.find("->");
  if (arrow == text.npos || n.inputs() < 1 || n.inputs() > 2) {
    n.refuse("the equation '{}' of {} operands is not supported", equation, n.inputs());
    return std::vector<Value>{};
  }
  std::vector<Term> terms;
  size_t ellipsis = 0, from = 0;
  for (size_t i = 0; i < n.inputs(); ++i) {
    const size_t to = i + 1 < n.inputs() ? std::min(text.find(',', from), arrow) : arrow;
    const Value v = n.in(i);
    if (!n.failed() && !n.type(v).shape.ranked()) n.refuse("the rank of operand {} must be known", i);
    if (n.failed()) return std::vector<Value>{};
    const auto axes = axes_of(n, std::string_view(text).substr(from, to - from), n.type(v).shape.rank(), ellipsis);
    if (!axes) return std::vector<Value>{};
    terms.push_back({v, *axes});
    from = to + 1;
  }
  const auto out = axes_of(n, std::string_view(text).substr(arrow + 2), std::nullopt, ellipsis);
  if (!out) return std::vector<Value>{};
  const auto in_result = [&](char a) { return has(*out, a); };
  std::map<char, Dim> size;
  for (const Term& t : terms)
    for (size_t i = 0; i < t.axes.size(); ++i) {
      const Dim& d = n.type(t.value).shape[i];
      Dim& s = size.try_emplace(t.axes[i], d).first->second;
      if (t.axes[i] < ' ' ? s.is(1) : !s.known()) s = d;
      if (t.axes[i] > ' ' && differ(s, d)) n.refuse("axis '{}' of '{}' is {} and {}", t.axes[i], equation, s.str(), d.str());
    }
  for (char a : *out)
    if (!size.count(a)) n.refuse("axis '{}' of '{}' is of no operand", a, equation);
  if (n.failed()) return std::vector<Value>{};
  Term z;
  if (terms.size() == 1) {
    z = terms[0];
    sum_others(n, z, in_result);
  } else {
    const std::string x = terms[0].axes, y = terms[1].axes;
    sum_others(n, terms[0], [&](char a) { return in_result(a) || has(y, a); });
    sum_others(n, terms[1], [&](char a) { return in_result(a) || has(x, a); });
    EinsumProduct p{n, terms[0], terms[1], {}, {}, {}, {}, size};
    p.both = select(x, [&](char a) { return has(y, a) && in_result(a); });
    p.rows = select(x, [&](char a) { return !has(y, a) && in_result(a); });
    p.columns = select(y, [&](char a) { return !has(x, a) && in_result(a); });
    p.inner = select(x, [&](char a) { return has(y, a) && !in_result(a); });
    z = p.run();
  }
  if (n.failed()) return std::vector<Value>{};
  transpose(n, z, *out);
  if (terms.size() == 1 && z.value == n.in(0)) z.value = n.add<Identity>({z.value});
  return std::vector<Value>{z.value};
}

}  // namespace toucanet::ops::batch_matmul
