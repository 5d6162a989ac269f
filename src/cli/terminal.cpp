#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "cli/verbs.h"

namespace toucanet::cli {

bool Terminal::color() const { return isatty(STDERR_FILENO) && !std::getenv("NO_COLOR"); }
void Terminal::say(const std::string& line) const {
  if (!quiet) std::cerr << line << "\n";
}
void Terminal::report(const Diags& problems) const {
  for (const auto& d : problems) {
    std::string text = d.str();
    if (color() && text.starts_with("error[")) {
      const size_t end = text.find(':');
      text = "\x1b[1;31m" + text.substr(0, end) + "\x1b[0m" + text.substr(end);
    }
    std::cerr << text << "\n";
  }
}

}  // namespace toucanet::cli
