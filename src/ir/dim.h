#pragma once
// A dimension (or an element of an integer tensor used as a shape): a number, a symbolic expression, or unknown.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace toucanet {

struct DimExpr;

class Dim {
  int64_t value_ = 0;                    // meaningful if !expr_
  std::shared_ptr<const DimExpr> expr_;  // polynomial over symbols and divisions; "unknown" has no terms
  explicit Dim(std::shared_ptr<const DimExpr> e) : expr_(std::move(e)) {}
  friend struct DimExpr;

 public:
  Dim() = default;
  Dim(int64_t v) : value_(v) {}
  static Dim unknown();
  static Dim symbol(std::string_view name);

  bool known() const { return !expr_; }
  bool is(int64_t v) const { return known() && value_ == v; }
  bool is_unknown() const;
  /// The number; only if known().
  int64_t value() const { return value_; }

  friend Dim operator+(const Dim&, const Dim&);
  friend Dim operator-(const Dim&, const Dim&);
  friend Dim operator*(const Dim&, const Dim&);
  /// ⌈a/b⌉ and ⌊a/b⌋ for b > 0; exact division where it can be proven.
  friend Dim ceil_div(const Dim& a, const Dim& b);
  friend Dim floor_div(const Dim& a, const Dim& b);
  friend Dim max(const Dim& a, const Dim& b);
  friend Dim min(const Dim& a, const Dim& b);

  /// Structural equality: `unknown` equals `unknown`. For proofs use same().
  friend bool operator==(const Dim&, const Dim&);
  std::string str() const;
  /// Reads what str() wrote.
  static std::optional<Dim> parse(std::string_view text);
  /// Replaces symbols by numbers; unknown where one is missing.
  Dim substitute(const std::vector<std::pair<std::string, int64_t>>& values) const;
};

Dim ceil_div(const Dim& a, const Dim& b);
Dim floor_div(const Dim& a, const Dim& b);
Dim max(const Dim& a, const Dim& b);
Dim min(const Dim& a, const Dim& b);

/// Provably equal.
inline bool same(const Dim& a, const Dim& b) { return !a.is_unknown() && a == b; }
/// Provably different.
bool differ(const Dim& a, const Dim& b);

using Dims = std::vector<Dim>;

}  // namespace toucanet
