#include "export/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace toucanet {
namespace {
std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == path.npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}
std::string descriptor_path(int fd) { return fmt::format("/proc/self/fd/{}", fd); }

// The file that the name stands for, through symbolic links.
std::string target_of(const std::string& path) {
  char resolved[PATH_MAX];
  return realpath(path.c_str(), resolved) ? resolved : path;
}
}  // namespace

Diag OutputFile::problem() const {
  return diag("TN5004", "cannot write '{}': {}", path_, std::strerror(error_)).note("nothing was written; free some space or choose another place");
}

Expected<std::unique_ptr<OutputFile>> OutputFile::create(const std::string& path) {
  auto f = std::make_unique<OutputFile>();
  f->path_ = target_of(path);
  struct stat st {};
  const bool exists = stat(f->path_.c_str(), &st) == 0;
  if (exists && S_ISDIR(st.st_mode)) return f->error_ = EISDIR, f->problem();
  f->direct_ = exists && !S_ISREG(st.st_mode);
  if (f->direct_) {
    f->fd_ = open(f->path_.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
#ifdef O_TMPFILE
    f->fd_ = open(folder_of(f->path_).c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
    if (f->fd_ >= 0 && access(descriptor_path(f->fd_).c_str(), F_OK) != 0) close(std::exchange(f->fd_, -1));
#endif
    if (f->fd_ < 0) {
      f->temporary_ = f->path_ + ".XXXXXX";
      f->fd_ = mkostemp(f->temporary_.data(), O_CLOEXEC);
      if (f->fd_ < 0) f->temporary_.clear();
      const mode_t mask = umask(0);
      umask(mask);
      if (f->fd_ >= 0 && fchmod(f->fd_, 0666 & ~mask) != 0) f->error_ = errno;
    }
  }
  if (f->fd_ < 0) return f->error_ = errno, f->problem();
  return f;
}

OutputFile::~OutputFile() {
  if (fd_ >= 0) close(fd_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

bool OutputFile::write(const void* p, size_t n) {
  const auto* at = static_cast<const char*>(p);
  while (n && !error_) {
    const ssize_t k = ::write(fd_, at, std::min(n, size_t{1} << 30));
    if (k < 0 && errno == EINTR) continue;
    if (k <= 0) error_ = k < 0 ? errno : ENOSPC;
    else at += k, n -= static_cast<size_t>(k);
  }
  return !error_;
}

Status OutputFile::failure() const { return error_ ? Status(problem()) : ok(); }

Expected<std::shared_ptr<const MappedFile>> OutputFile::map() const {
  if (direct_) return diag("TN5004", "'{}' is no regular file: what is written cannot be read back", path_).note("give --no-verify, or the name of a file");
  return map_file(fd_, path_);
}

Status OutputFile::commit() {
  if (!error_ && !direct_ && temporary_.empty()) {
    // A link never replaces a file, a rename does.
    const std::string from = descriptor_path(fd_);
    const auto link = [&](const std::string& to) { return linkat(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), AT_SYMLINK_FOLLOW) == 0; };
    if (!link(path_)) {
      for (int i = 0; errno == EEXIST && temporary_.empty() && i < 1000; ++i)
        if (const auto to = fmt::format("{}.{}.{}", path_, getpid(), i); link(to)) temporary_ = to;
      if (temporary_.empty()) error_ = errno;
    }
  }
  if (close(std::exchange(fd_, -1)) != 0 && !error_) error_ = errno;
  if (!error_ && !temporary_.empty()) {
    if (std::rename(temporary_.c_str(), path_.c_str()) == 0) temporary_.clear();
    else error_ = errno;
  }
  return failure();
}

Status write_file(const std::string& path, std::string_view bytes) {
  TRY(auto file, OutputFile::create(path));
  if (!file->write(bytes.data(), bytes.size())) return file->failure();
  return file->commit();
}

}  // namespace toucanet
