#pragma once
// Rows of extremes on their way to a file: in one without a name, so that memory is bounded.
#include "import/file.h"
#include "quantize/observations.h"

namespace toucanet {

class RowSpool {
  int fd_;
  std::string folder_;
  size_t columns_;

  RowSpool(int fd, std::string folder, size_t columns) : fd_(fd), folder_(std::move(folder)), columns_(columns) {}

 public:
  /// In `folder`; empty: where temporary files are. TN5004.
  static Expected<std::unique_ptr<RowSpool>> create(const std::string& folder, size_t columns);
  RowSpool(const RowSpool&) = delete;
  ~RowSpool();
  size_t columns() const { return columns_; }
  /// Rows from `at` on. From several threads at once where they do not overlap. TN5004.
  Status put(uint64_t at, std::span<const Extremes> rows) const;
  /// The first `count` rows, which are those of samples from `first` on.
  Expected<SampleRows> map(uint64_t first, uint64_t count, uint64_t at = 0) const;
};

}  // namespace toucanet
