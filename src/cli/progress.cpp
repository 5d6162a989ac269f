#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

namespace toucanet::cli {
namespace {

std::string duration(double seconds) {
  const auto s = static_cast<int64_t>(seconds + 0.5);
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {} s", s / 60, s % 60);
  return fmt::format("{} h {} min", s / 3600, s / 60 % 60);
}

}  // namespace

void Progress::operator()(uint64_t done, uint64_t of) {
  if (!begun_) first_ = done, begun_ = true;
  const auto now = Clock::now();
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  if (terminal_.quiet || elapsed < 2 || done == first_) return;
  const double rate = static_cast<double>(done - first_) / elapsed;
  std::string line = of ? fmt::format("{} of {} {}", done, of, unit_) : fmt::format("{} {}", done, unit_);
  line += fmt::format(", {:.3g} a second", rate);
  if (of > done) line += fmt::format(", {} left", duration(static_cast<double>(of - done) / rate));
  if (isatty(STDERR_FILENO)) {
    if (now - shown_ < std::chrono::milliseconds(100) && done != of) return;
    shown_ = now, on_line_ = true;
    std::cerr << "\r" << line << "\x1b[K" << std::flush;
  } else if (const uint64_t tenth = of ? done * 10 / of : static_cast<uint64_t>(elapsed / 10); tenth > tenth_) {
    tenth_ = tenth;
    std::cerr << line << "\n";
  }
}

void Progress::end() {
  if (on_line_) std::cerr << "\r\x1b[K" << std::flush;
  on_line_ = false;
}

}  // namespace toucanet::cli
