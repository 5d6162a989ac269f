#pragma once
#include <memory>
#include <string>

#include "import/file.h"

namespace toucanet {

/// A file that is written whole or not at all: it appears under its name on commit(); nothing is left otherwise.
/// What is no regular file (a pipe, a device) is written directly.
class OutputFile {
  std::string path_, temporary_;  // temporary_: empty where the file has no name yet
  int fd_ = -1, error_ = 0;
  bool direct_ = false;

  Diag problem() const;

 public:
  /// TN5004 where no file can be made there.
  static Expected<std::unique_ptr<OutputFile>> create(const std::string& path);
  OutputFile() = default;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  /// Appends; false where that fails, and failure() tells why.
  bool write(const void*, size_t);
  Status failure() const;
  /// What was written so far.
  Expected<std::shared_ptr<const MappedFile>> map() const;
  /// TN5004 where something could not be written.
  Status commit();
};

/// The bytes as a file, whole or not at all. TN5004.
Status write_file(const std::string& path, std::string_view bytes);

}  // namespace toucanet
