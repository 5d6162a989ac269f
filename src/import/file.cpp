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

static Diag unreadable(const std::string& path, int error) { return diag("TN1001", "cannot read '{}': {}", path, std::strerror(error)); }

Expected<std::shared_ptr<const MappedFile>> map_file(int fd, const std::string& path) {
  struct stat st {};
  if (fstat(fd, &st) != 0) return unreadable(path, errno);
  if (S_ISDIR(st.st_mode)) return unreadable(path, EISDIR);
  const auto size = static_cast<size_t>(st.st_size);
  void* p = nullptr;
  if (size) {
    p = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED) return unreadable(path, errno);
  }
  return std::shared_ptr<const MappedFile>(std::make_shared<MappedFile>(p, size));
}

Expected<std::shared_ptr<const MappedFile>> map_file(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return unreadable(path, errno);
  auto mapped = map_file(fd, path);
  close(fd);
  return mapped;
}

}  // namespace toucanet
