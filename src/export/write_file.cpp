#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "export/write_tflite.h"

namespace toucanet {

Expected<WrittenModel> write_tflite_file(const Module& m, const std::string& path) {
  std::string temporary = path + ".XXXXXX";
  const int fd = mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return diag("TN5004", "cannot write '{}': {}", path, std::strerror(errno));
  int error = 0;
  auto w = write_tflite(m, [&](const void* p, size_t n) {
    const auto* at = static_cast<const char*>(p);
    while (n) {
      const ssize_t k = ::write(fd, at, std::min(n, size_t{1} << 30));
      if (k < 0 && errno == EINTR) continue;
      if (k <= 0) return error = errno ? errno : ENOSPC, false;
      at += k, n -= static_cast<size_t>(k);
    }
    return true;
  });
  const mode_t mask = umask(0);
  umask(mask);
  if (w && fchmod(fd, 0666 & ~mask) != 0) error = errno;
  if (close(fd) != 0 && !error) error = errno;
  if (!error && w && std::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (!w || error) unlink(temporary.c_str());
  if (error) return diag("TN5004", "cannot write '{}': {}", path, std::strerror(error)).note("nothing was written; free some space or choose another place");
  return w;
}

}  // namespace toucanet
