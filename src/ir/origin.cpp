#include "ir/origin.h"

#include <unordered_set>

namespace toucanet {

OriginId Origins::source(std::string_view name, std::string_view kind) {
  if (const auto it = ids_.find(name); it != ids_.end()) return {it->second};
  sources_.emplace_back(name);
  kinds_.emplace_back(kind);
  entries_.push_back({static_cast<uint32_t>(sources_.size() - 1), 0, 0, nullptr});
  ids_.emplace(sources_.back(), static_cast<uint32_t>(entries_.size() - 1));
  return {static_cast<uint32_t>(entries_.size() - 1)};
}

OriginId Origins::merge(OriginId a, OriginId b, const char* rewrite) {
  if (a == b && !rewrite) return a;
  if (!rewrite && (!a.index || !b.index)) return a.index ? a : b;
  entries_.push_back({0, a.index, b.index, rewrite});
  return {static_cast<uint32_t>(entries_.size() - 1)};
}

std::vector<std::string_view> Origins::names(OriginId id) const {
  std::vector<std::string_view> out;
  std::unordered_set<uint32_t> seen;
  std::vector<uint32_t> stack{id.index};
  while (!stack.empty()) {
    const uint32_t i = stack.back();
    stack.pop_back();
    if (!i || i >= entries_.size() || !seen.insert(i).second) continue;
    const Entry& e = entries_[i];
    if (e.source) out.push_back(sources_[e.source]);
    stack.push_back(e.b);
    stack.push_back(e.a);
  }
  return out;
}

std::vector<std::string_view> Origins::rewrites(OriginId id) const {
  std::vector<std::string_view> out;
  std::unordered_set<uint32_t> seen;
  std::unordered_set<std::string_view> said;
  std::vector<uint32_t> stack{id.index};
  while (!stack.empty()) {
    const uint32_t i = stack.back();
    stack.pop_back();
    if (!i || !seen.insert(i).second) continue;
    const Entry& e = entries_[i];
    if (e.rewrite && said.insert(e.rewrite).second) out.push_back(e.rewrite);
    stack.push_back(e.a);
    stack.push_back(e.b);
  }
  return out;
}

std::string_view Origins::last(OriginId id) const {
  uint32_t i = id.index;
  while (i) {
    const Entry& e = entries_[i];
    if (e.source) return sources_[e.source];
    i = e.b ? e.b : e.a;
  }
  return {};
}

std::string_view Origins::kind(std::string_view source) const {
  const auto it = ids_.find(source);
  return it == ids_.end() ? std::string_view{} : std::string_view(kinds_[entries_[it->second].source]);
}

std::string Origins::str(OriginId id, size_t limit) const {
  std::string s;
  size_t n = 0;
  for (auto name : names(id)) {
    if (n++ == limit) return s + "+…";
    s += (s.empty() ? "" : "+") + std::string(name);
  }
  return s;
}

}  // namespace toucanet
