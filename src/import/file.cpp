#include "import/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace toucanet {

MappedFile::~MappedFile() {
  if (p_) munmap(p_, size_);
}

Expected<std::shared_ptr<const MappedFile>> map_file(const std::string& path) {
  const auto fail = [&](int e) { return diag("TN1001", "cannot read '{}': {}", path, std::strerror(e)); };
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fail(errno);
  struct stat st {};
  const bool known = fstat(fd, &st) == 0;
  const bool directory = known && S_ISDIR(st.st_mode);
  const auto size = static_cast<size_t>(st.st_size);
  void* p = nullptr;
  int error = !known ? errno : directory ? EISDIR : 0;
  if (!error && size) {
    p = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED) error = errno, p = nullptr;
  }
  close(fd);
  if (error) return fail(error);
  return std::shared_ptr<const MappedFile>(std::make_shared<MappedFile>(p, size));
}

}  // namespace toucanet
