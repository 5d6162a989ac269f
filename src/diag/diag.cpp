#include "diag/diag.h"

#include <algorithm>
#include <numeric>

namespace toucanet {

std::string Diag::str() const {
  std::string s = fmt::format("error[{}]: {}", code, what);
  if (!node.empty()) s += fmt::format("\n  at node '{}'", node);
  if (!rewrite.empty()) s += fmt::format("\n  after rewrite '{}'", rewrite);
  for (const auto& n : notes) s += "\n  note: " + n;
  return s;
}

std::string str(const Diags& ds) {
  std::string s;
  for (const auto& d : ds) s += (s.empty() ? "" : "\n") + d.str();
  return s;
}

static size_t edit_distance(std::string_view a, std::string_view b, size_t cap) {
  if (a.size() > b.size() + cap || b.size() > a.size() + cap) return cap + 1;
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t up = row[j + 1];
      const bool same = std::tolower(static_cast<unsigned char>(a[i])) == std::tolower(static_cast<unsigned char>(b[j]));
      row[j + 1] = std::min({up + 1, row[j] + 1, diagonal + (same ? 0 : 1)});
      diagonal = up;
    }
  }
  return row[b.size()];
}

std::string nearest(std::string_view name, const std::vector<std::string_view>& candidates) {
  const size_t cap = std::max<size_t>(2, name.size() / 3);
  size_t best = cap + 1;
  std::string_view found;
  for (auto c : candidates) {
    if (const size_t d = edit_distance(name, c, cap); d < best) best = d, found = c;
  }
  if (!found.empty()) return std::string(found);
  const auto last = [](std::string_view s) { return s.substr(s.rfind('/') + 1); };
  for (auto c : candidates)
    if (edit_distance(last(name), last(c), 2) <= 2 && last(name).size() > 3) return std::string(c);
  return {};
}

}  // namespace toucanet
