#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <iostream>

namespace toucanet::cli {

std::string duration_text(double seconds) {
  const auto s = static_cast<int64_t>(std::ceil(seconds));
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {} s", s / 60, s % 60);
  return fmt::format("{} h {} min", s / 3600, s / 60 % 60);
}

Progress::Progress(const Terminal& t, std::string what, size_t total)
    : terminal_(t), what_(std::move(what)), total_(total), on_terminal_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (shown_ && on_terminal_) std::cerr << "\r\x1b[K" << std::flush;
}

void Progress::at(size_t done) {
  const auto now = Clock::now();
  const double seconds = std::chrono::duration<double>(now - start_).count();
  if (terminal_.quiet || total_ == 0 || done == 0 || done >= total_ || seconds < 2) return;
  const size_t tenth = done * 10 / total_;
  if (on_terminal_ ? shown_ && now - shown_at_ < std::chrono::milliseconds(100) : tenth <= tenth_) return;
  const double rate = static_cast<double>(done) / seconds;
  const std::string line = fmt::format("{} of {} {}, {:.{}f} a second, {} left", done, total_, what_, rate, rate < 10 ? 1 : 0,
                                       duration_text(static_cast<double>(total_ - std::min(done, total_)) / rate));
  if (on_terminal_) std::cerr << "\r\x1b[K" << line << std::flush;
  else std::cerr << line << "\n";
  shown_ = true, shown_at_ = now, tenth_ = tenth;
}

}  // namespace toucanet::cli
