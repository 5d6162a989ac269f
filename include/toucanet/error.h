#pragma once
// Errors as values. User input never asserts or throws across the API; the library never prints or exits.
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "toucanet/api.h"

namespace toucanet {

/// One problem (or notice): what is wrong, at which node of the user's model, and what to do next.
struct Diag {
  std::string code;                     ///< "TN1203", stable, with a paragraph in doc/diagnostics.md
  std::string what;                     ///< one sentence
  std::string node = {};                ///< the user's own node name, empty where there is none
  std::string rewrite = {};             ///< the rewrite after which it was seen, empty where there is none
  std::vector<std::string> notes = {};  ///< next steps
  std::vector<std::string> nodes = {};  ///< all nodes concerned, when one problem has many

  Diag&& at(std::string_view n) && {
    if (node.empty()) node = n;
    return std::move(*this);
  }
  Diag&& note(std::string n) && {
    notes.push_back(std::move(n));
    return std::move(*this);
  }
  TOUCANET_API std::string str() const;
};
using Diags = std::vector<Diag>;
TOUCANET_API std::string str(const Diags&);

struct Unit {};

/// A value, or all the problems that prevented it.
template <class T>
class [[nodiscard]] Expected {
  std::variant<T, Diags> v_;

 public:
  using value_type = T;
  Expected(T v) : v_(std::in_place_index<0>, std::move(v)) {}
  Expected(Diag d) : v_(std::in_place_index<1>, Diags{std::move(d)}) {}
  Expected(Diags d) : v_(std::in_place_index<1>, std::move(d)) {}
  explicit operator bool() const { return v_.index() == 0; }
  T& operator*() { return std::get<0>(v_); }
  const T& operator*() const { return std::get<0>(v_); }
  T* operator->() { return &std::get<0>(v_); }
  const T* operator->() const { return &std::get<0>(v_); }
  Diags& error() { return std::get<1>(v_); }
  const Diags& error() const { return std::get<1>(v_); }
};
using Status = Expected<Unit>;
inline Status ok() { return Unit{}; }

}  // namespace toucanet
