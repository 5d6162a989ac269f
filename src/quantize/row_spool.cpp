#include "quantize/row_spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace toucanet {

Expected<std::unique_ptr<RowSpool>> RowSpool::create(const std::string& folder, size_t columns) {
  const char* temporary = std::getenv("TMPDIR");
  const std::string in = !folder.empty() ? folder : temporary && *temporary ? temporary : "/tmp";
  int fd = -1;
#ifdef O_TMPFILE
  fd = open(in.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
#endif
  if (fd < 0) {
    std::string name = in + "/toucanet.XXXXXX";
    fd = mkostemp(name.data(), O_CLOEXEC);
    if (fd < 0) return diag("TN5004", "cannot write to the folder '{}': {}", in, std::strerror(errno)).note("TMPDIR names another place for temporary files");
    unlink(name.c_str());
  }
  return std::unique_ptr<RowSpool>(new RowSpool(fd, in, columns));
}

RowSpool::~RowSpool() { close(fd_); }

Status RowSpool::put(uint64_t at, std::span<const Extremes> rows) const {
  const auto* p = reinterpret_cast<const char*>(rows.data());
  size_t n = rows.size_bytes();
  auto offset = static_cast<off_t>(at * columns_ * sizeof(Extremes));
  while (n) {
    const ssize_t k = pwrite(fd_, p, n, offset);
    if (k < 0 && errno == EINTR) continue;
    if (k <= 0) return diag("TN5004", "cannot write to the folder '{}': {}", folder_, std::strerror(k < 0 ? errno : ENOSPC)).note("free some space there");
    p += k, offset += k, n -= static_cast<size_t>(k);
  }
  return ok();
}

Expected<SampleRows> RowSpool::map(uint64_t first, uint64_t count, uint64_t at) const {
  TRY(auto file, map_file(fd_, folder_));
  return SampleRows{first, count, reinterpret_cast<const Extremes*>(file->bytes().data()) + at * columns_, file};
}

}  // namespace toucanet
