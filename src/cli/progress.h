#pragma once
// What long work has done so far, on stderr.
#include <chrono>
#include <string>

#include "cli/verbs.h"

namespace toucanet::cli {

/// On a terminal one line with rate and time left, which vanishes at the end; otherwise a line for each tenth. Nothing in
/// the first two seconds, nothing where the terminal is quiet.
class Progress {
  using Clock = std::chrono::steady_clock;
  const Terminal& terminal_;
  std::string what_;
  size_t total_;
  Clock::time_point start_ = Clock::now(), shown_at_ = start_;
  size_t tenth_ = 0;
  bool on_terminal_, shown_ = false;

 public:
  /// `what` names the things counted: "photos".
  Progress(const Terminal&, std::string what, size_t total);
  Progress(const Progress&) = delete;
  ~Progress();
  void at(size_t done);
};

/// "3 s", "2 min 10 s", "1 h 5 min".
std::string duration_text(double seconds);

}  // namespace toucanet::cli
