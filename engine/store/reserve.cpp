#include "store/reserve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace relance {
namespace {

bool has_room_for(const std::string& path, uint64_t bytes) {
  struct stat about {};
  constexpr uint64_t kBlock = 512;
  return ::stat(path.c_str(), &about) == 0 &&
         static_cast<uint64_t>(about.st_blocks) * kBlock >= bytes;
}

}  // namespace

// What an earlier process kept counts, so that a store on a full disk can be opened.
Reserve::Reserve(std::string path, uint64_t bytes)
    : path_(std::move(path)), bytes_(bytes), whole_(bytes > 0 && has_room_for(path_, bytes)) {}

bool Reserve::fill() {
  if (whole()) return true;
  const int file = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const auto size = static_cast<off_t>(bytes_);
  whole_ = ::posix_fallocate(file, 0, 2 * size) == 0 && ::ftruncate(file, size) == 0;
  ::close(file);
  if (!whole_) ::unlink(path_.c_str());
  return whole_;
}

bool Reserve::give_up() {
  if (!whole_) return false;
  whole_ = false;
  return ::unlink(path_.c_str()) == 0;
}

}  // namespace relance
