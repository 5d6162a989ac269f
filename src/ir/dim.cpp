#include "ir/dim.h"

#include <algorithm>
#include <charconv>

namespace toucanet {

// Canonical sum of terms; a term is coefficient × sorted atoms; an atom is a symbol or f(a, b).
struct DimAtom {
  std::string text;  // canonical spelling, also the sort key: "n", "ceil(n,2)"
  std::string fn;    // empty for a symbol
  std::shared_ptr<const std::pair<Dim, Dim>> args;
};
struct DimTerm {
  int64_t factor = 0;
  std::vector<DimAtom> atoms;
  std::string key() const {
    std::string s;
    for (const auto& a : atoms) s += (s.empty() ? "" : "*") + a.text;
    return s;
  }
};
struct DimExpr {
  std::vector<DimTerm> terms;  // sorted by key, no zero factors, empty: unknown
  static Dim make(std::vector<DimTerm> ts);
  static std::vector<DimTerm> terms_of(const Dim& d) {
    if (d.expr_) return d.expr_->terms;
    return d.value_ ? std::vector<DimTerm>{{d.value_, {}}} : std::vector<DimTerm>{};
  }
  static Dim apply(std::string_view fn, const Dim& a, const Dim& b);
};

static int64_t wrap_add(int64_t a, int64_t b) { return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b)); }
static int64_t wrap_mul(int64_t a, int64_t b) { return static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b)); }

Dim DimExpr::make(std::vector<DimTerm> ts) {
  std::stable_sort(ts.begin(), ts.end(), [](const auto& x, const auto& y) { return x.key() < y.key(); });
  std::vector<DimTerm> out;
  for (auto& t : ts) {
    if (!out.empty() && out.back().key() == t.key()) out.back().factor = wrap_add(out.back().factor, t.factor);
    else out.push_back(std::move(t));
  }
  std::erase_if(out, [](const auto& t) { return t.factor == 0; });
  if (out.empty()) return Dim(0);
  if (out.size() == 1 && out[0].atoms.empty()) return Dim(out[0].factor);
  if (out.size() > 16) return Dim::unknown();
  return Dim(std::make_shared<const DimExpr>(DimExpr{std::move(out)}));
}

Dim DimExpr::apply(std::string_view fn, const Dim& a, const Dim& b) {
  DimAtom atom{std::string(fn) + "(" + a.str() + "," + b.str() + ")", std::string(fn), std::make_shared<const std::pair<Dim, Dim>>(a, b)};
  if (atom.text.size() > 200) return Dim::unknown();
  return make({{1, {std::move(atom)}}});
}

Dim Dim::unknown() {
  static const auto none = std::make_shared<const DimExpr>();
  return Dim(none);
}
Dim Dim::symbol(std::string_view name) { return DimExpr::make({{1, {{std::string(name), {}, {}}}}}); }
bool Dim::is_unknown() const { return expr_ && expr_->terms.empty(); }

Dim operator+(const Dim& a, const Dim& b) {
  if (a.known() && b.known()) return wrap_add(a.value_, b.value_);
  if (a.is_unknown() || b.is_unknown()) return Dim::unknown();
  auto ts = DimExpr::terms_of(a);
  for (auto& t : DimExpr::terms_of(b)) ts.push_back(t);
  return DimExpr::make(std::move(ts));
}
Dim operator-(const Dim& a, const Dim& b) { return a + Dim(-1) * b; }
Dim operator*(const Dim& a, const Dim& b) {
  if (a.known() && b.known()) return wrap_mul(a.value_, b.value_);
  if (a.is(0) || b.is(0)) return 0;
  if (a.is_unknown() || b.is_unknown()) return Dim::unknown();
  std::vector<DimTerm> ts;
  for (const auto& x : DimExpr::terms_of(a))
    for (const auto& y : DimExpr::terms_of(b)) {
      DimTerm t{wrap_mul(x.factor, y.factor), x.atoms};
      t.atoms.insert(t.atoms.end(), y.atoms.begin(), y.atoms.end());
      if (t.atoms.size() > 32) return Dim::unknown();
      std::sort(t.atoms.begin(), t.atoms.end(), [](auto& p, auto& q) { return p.text < q.text; });
      ts.push_back(std::move(t));
    }
  return DimExpr::make(std::move(ts));
}

static int64_t floor_quotient(int64_t a, int64_t b) { return a / b - ((a % b != 0) && ((a < 0) != (b < 0))); }

// Exact division where every term of a is a multiple of b.
static std::optional<Dim> exact(const Dim& a, const Dim& b) {
  if (same(a, b)) return Dim(1);
  auto ts = DimExpr::terms_of(a);
  if (b.known()) {
    for (auto& t : ts) {
      if (t.factor % b.value()) return std::nullopt;
      t.factor /= b.value();
    }
    return DimExpr::make(std::move(ts));
  }
  const auto bs = DimExpr::terms_of(b);
  if (bs.size() != 1 || bs[0].factor <= 0) return std::nullopt;
  for (auto& t : ts) {
    if (t.factor % bs[0].factor) return std::nullopt;
    t.factor /= bs[0].factor;
    for (const auto& atom : bs[0].atoms) {
      auto it = std::find_if(t.atoms.begin(), t.atoms.end(), [&](auto& x) { return x.text == atom.text; });
      if (it == t.atoms.end()) return std::nullopt;
      t.atoms.erase(it);
    }
  }
  return DimExpr::make(std::move(ts));
}

static Dim divide(std::string_view fn, const Dim& a, const Dim& b) {
  if (a.is_unknown() || b.is_unknown() || (b.known() && b.value() <= 0) || a.is(INT64_MIN)) return Dim::unknown();
  if (a.known() && b.known()) return fn == "ceil" ? -floor_quotient(-a.value(), b.value()) : floor_quotient(a.value(), b.value());
  if (b.is(1)) return a;
  if (auto e = exact(a, b)) return *e;
  return DimExpr::apply(fn, a, b);
}
Dim ceil_div(const Dim& a, const Dim& b) { return divide("ceil", a, b); }
Dim floor_div(const Dim& a, const Dim& b) { return divide("floor", a, b); }
Dim max(const Dim& a, const Dim& b) {
  if (a.is_unknown() || b.is_unknown()) return Dim::unknown();
  if (a.known() && b.known()) return std::max(a.value_, b.value_);
  if (a == b) return a;
  return DimExpr::apply("max", a, b);
}
Dim min(const Dim& a, const Dim& b) {
  if (a.is_unknown() || b.is_unknown()) return Dim::unknown();
  if (a.known() && b.known()) return std::min(a.value_, b.value_);
  if (a == b) return a;
  return DimExpr::apply("min", a, b);
}

bool operator==(const Dim& a, const Dim& b) {
  if (a.known() || b.known()) return a.known() && b.known() && a.value_ == b.value_;
  if (a.expr_ == b.expr_) return true;
  const auto &x = a.expr_->terms, &y = b.expr_->terms;
  if (x.size() != y.size()) return false;
  for (size_t i = 0; i < x.size(); ++i)
    if (x[i].factor != y[i].factor || x[i].key() != y[i].key()) return false;
  return true;
}

bool differ(const Dim& a, const Dim& b) {
  if (a.is_unknown() || b.is_unknown()) return false;
  const Dim d = a - b;
  return d.known() && d.value() != 0;
}

std::string Dim::str() const {
  if (known()) return std::to_string(value_);
  if (is_unknown()) return "?";
  std::string s;
  for (const auto& t : expr_->terms) {
    std::string k = t.key();
    std::string term = k.empty() ? std::to_string(t.factor) : t.factor == 1 ? k : t.factor == -1 ? "-" + k : std::to_string(t.factor) + "*" + k;
    s += (s.empty() || term[0] == '-' ? "" : "+") + term;
  }
  return s;
}

namespace {
// expr := term (('+'|'-') term)* ; term := factor ('*' factor)* ; factor := int | '?' | name | fn '(' expr ',' expr ')'
struct Reader {
  std::string_view s;
  size_t i = 0;
  int depth = 0;
  bool bad = false;
  char peek() const { return i < s.size() ? s[i] : '\0'; }
  bool eat(char c) { return peek() == c ? (++i, true) : false; }
  Dim fail() {
    bad = true;
    return 0;
  }
  Dim expr() {
    if (++depth > 64) return fail();
    Dim d = eat('-') ? Dim(0) - term() : term();
    while (!bad && (peek() == '+' || peek() == '-')) d = eat('+') ? d + term() : (++i, d - term());
    --depth;
    return d;
  }
  Dim term() {
    Dim d = factor();
    while (!bad && eat('*')) d = d * factor();
    return d;
  }
  Dim factor() {
    if (eat('?')) return Dim::unknown();
    const size_t from = i;
    if (peek() >= '0' && peek() <= '9') {
      uint64_t v = 0;  // 2^63 is what str() writes behind the sign of the least number
      auto r = std::from_chars(s.data() + i, s.data() + s.size(), v);
      if (r.ec != std::errc{} || v > uint64_t{1} << 63) return fail();
      i = static_cast<size_t>(r.ptr - s.data());
      return static_cast<int64_t>(v);
    }
    auto word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.'; };
    while (word(peek())) ++i;
    const auto id = s.substr(from, i - from);
    if (id.empty()) return fail();
    if (!eat('(')) return Dim::symbol(id);
    Dim a = expr();
    if (!eat(',')) return fail();
    Dim b = expr();
    if (bad || !eat(')')) return fail();
    if (id == "ceil") return ceil_div(a, b);
    if (id == "floor") return floor_div(a, b);
    if (id == "max") return max(a, b);
    if (id == "min") return min(a, b);
    return fail();
  }
};
}  // namespace

std::optional<Dim> Dim::parse(std::string_view text) {
  Reader r{text};
  Dim d = r.expr();
  if (r.bad || r.i != text.size()) return std::nullopt;
  return d;
}

Dim Dim::substitute(const std::vector<std::pair<std::string, int64_t>>& values) const {
  if (known() || is_unknown()) return *this;
  Dim sum = 0;
  for (const auto& t : expr_->terms) {
    Dim product = t.factor;
    for (const auto& a : t.atoms) {
      Dim f = unknown();
      if (a.fn.empty()) {
        for (const auto& [n, v] : values)
          if (n == a.text) f = v;
      } else {
        const Dim x = a.args->first.substitute(values), y = a.args->second.substitute(values);
        f = a.fn == "ceil" ? ceil_div(x, y) : a.fn == "floor" ? floor_div(x, y) : a.fn == "max" ? max(x, y) : min(x, y);
      }
      product = product * f;
    }
    sum = sum + product;
  }
  return sum;
}

}  // namespace toucanet
