#pragma once
// How far long work has come: a line that changes on a terminal, a line for each tenth elsewhere, nothing when quiet or
// while it takes no more than two seconds.
#include <chrono>

#include "cli/verbs.h"

namespace toucanet::cli {

class Progress {
  using Clock = std::chrono::steady_clock;
  const Terminal& terminal_;
  std::string unit_;
  Clock::time_point start_ = Clock::now(), shown_ = start_;
  uint64_t first_ = 0, tenth_ = 0;
  bool begun_ = false, on_line_ = false;

 public:
  Progress(const Terminal& t, std::string unit) : terminal_(t), unit_(std::move(unit)) {}
  Progress(const Progress&) = delete;
  ~Progress() { end(); }
  /// `of` 0: not known.
  void operator()(uint64_t done, uint64_t of);
  /// Leaves the terminal's line.
  void end();
};

}  // namespace toucanet::cli
