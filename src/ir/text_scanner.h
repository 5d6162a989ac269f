#pragma once
// Words of the text form, line by line, and the constants written in it.
#include "ir/graph.h"

namespace toucanet {

class Scanner {
  std::string_view text_;
  size_t at_ = 0;

 public:
  size_t line_ = 0;
  std::string_view rest_;  // of the current line

  explicit Scanner(std::string_view t) : text_(t) {}

  template <class... A>
  Diag fail(fmt::format_string<A...> f, A&&... a) {
    return diag("TN1020", "line {}: {}", line_, fmt::format(f, std::forward<A>(a)...));
  }
  bool next_line() {
    while (at_ < text_.size()) {
      const size_t end = std::min(text_.find('\n', at_), text_.size());
      rest_ = text_.substr(at_, end - at_);
      at_ = end + 1;
      ++line_;
      skip();
      while (!rest_.empty() && (rest_.back() == ' ' || rest_.back() == '\r')) rest_.remove_suffix(1);
      if (!rest_.empty() && rest_.front() != '#') return true;
    }
    return false;
  }
  void skip() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }
  bool eat(std::string_view s) {
    skip();
    if (!rest_.starts_with(s)) return false;
    rest_.remove_prefix(s.size());
    return true;
  }
  bool word(std::string_view w) {
    skip();
    if (!rest_.starts_with(w) || (rest_.size() > w.size() && rest_[w.size()] != ' ')) return false;
    rest_.remove_prefix(w.size());
    return true;
  }
  std::string_view token(std::string_view stop = " ,()=") {
    skip();
    const size_t n = std::min(rest_.find_first_of(stop), rest_.size());
    const auto t = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return t;
  }
  std::string string() {
    std::string s;
    if (!eat("\"")) return s;
    while (!rest_.empty() && rest_.front() != '"') {
      char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '\\' && !rest_.empty()) {
        c = rest_.front() == 'n' ? '\n' : rest_.front();
        rest_.remove_prefix(1);
      }
      s += c;
    }
    eat("\"");
    return s;
  }
  // A type has no spaces: read to the next space or comma outside brackets.
  std::string_view type_token() {
    skip();
    int depth = 0;
    size_t i = 0;
    for (; i < rest_.size(); ++i) {
      const char c = rest_[i];
      if (c == '[' || c == '{' || c == '(') ++depth;
      if (c == ']' || c == '}' || c == ')') --depth;
      if (depth == 0 && (c == ' ' || c == ',')) break;
    }
    const auto t = rest_.substr(0, i);
    rest_.remove_prefix(i);
    return t;
  }
};

/// What follows a constant's type: values, bytes, or nothing, which makes values from the name. `filled` counts the
/// elements of all constants, which are limited.
Expected<Tensor> read_constant(Scanner&, const TensorType&, const std::string& name, int64_t& filled);

}  // namespace toucanet
