#pragma once
// Making and passing on the problems of toucanet/error.h.
#include <fmt/format.h>

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "toucanet/error.h"

namespace toucanet {

template <class... A>
Diag diag(std::string_view code, fmt::format_string<A...> f, A&&... a) {
  return Diag{std::string(code), fmt::format(f, std::forward<A>(a)...)};
}

#define TOUCANET_CAT2(a, b) a##b
#define TOUCANET_CAT(a, b) TOUCANET_CAT2(a, b)
#define TOUCANET_TRY_IMPL(tmp, decl, ...)  \
  auto tmp = (__VA_ARGS__);                \
  if (!tmp) return std::move(tmp.error()); \
  decl = std::move(*tmp)
/// `TRY(auto x, f());` unwraps or returns the problems to the caller.
#define TRY(decl, ...) TOUCANET_TRY_IMPL(TOUCANET_CAT(try_, __LINE__), decl, __VA_ARGS__)
/// The same for a Status.
#define CHECK_OK(...) \
  if (auto s_ = (__VA_ARGS__); !s_) return std::move(s_.error())

/// The candidate nearest to `name` by edit distance (or sharing its last path part); empty if none is near.
std::string nearest(std::string_view name, const std::vector<std::string_view>& candidates);

}  // namespace toucanet
