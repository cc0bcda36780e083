#include "store/writer_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <utility>

namespace relance {

Result<WriterLock> WriterLock::take(const std::string& path) {
  const std::string lock_path = path + "-lock";
  const int file = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) {
    return Error{Code::store_open,
                 fmt::format("{} cannot be opened: {}", lock_path, std::strerror(errno)),
                 {},
                 "is there such a directory, and may this user write to it?"};
  }
  WriterLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    return Error{Code::store_in_use,
                 fmt::format("{} is in use by another writer", path),
                 {},
                 "only one process may write to a store; others may read"};
  }
  return lock;
}

WriterLock::WriterLock(WriterLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

WriterLock& WriterLock::operator=(WriterLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

WriterLock::~WriterLock() {
  if (file_ >= 0) ::close(file_);
}

WriterLock::Mark WriterLock::read() const {
  char text[128] = {};
  if (::pread(file_, text, sizeof text - 1, 0) <= 0) return {};
  char installation[33] = {};
  Mark mark;
  const int fields = std::sscanf(text, "%32s epoch %" SCNu64 " commits %" SCNu64 " worked %" SCNu64,
                                 installation, &mark.epoch, &mark.commits, &mark.worked);
  if (fields < 3) return {};
  if (fields == 3) mark.worked = mark.epoch;  // by a Relance that did not say
  mark.installation = installation;
  return mark;
}

// Always the same length, so that a new mark covers the old one. A mark that cannot be written is
// only a weaker witness later; the commit it stands for is durable.
void WriterLock::write(const Mark& mark) const {
  char text[128];
  const int size = std::snprintf(
      text, sizeof text, "%32s epoch %020" PRIu64 " commits %020" PRIu64 " worked %020" PRIu64 "\n",
      mark.installation.c_str(), mark.epoch, mark.commits, mark.worked);
  [[maybe_unused]] const ssize_t written = ::pwrite(file_, text, static_cast<size_t>(size), 0);
}

}  // namespace relance
