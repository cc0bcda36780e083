#include "store/durable_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace relance {
namespace {

Error failed(const std::string& path) {
  return {Code::store_open,
          fmt::format("{} cannot be written: {}", path, std::strerror(errno)),
          {},
          "is there room, and may this user write to its directory?"};
}

// Opened for writing where it must be: some file systems flush nothing through another handle.
Status flush(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) return failed(path);
  const bool flushed = ::fsync(file) == 0;
  const Error why = failed(path);
  ::close(file);
  return flushed ? Status() : Status(why);
}

}  // namespace

Status flush_file(const std::string& path) { return flush(path, O_RDWR); }

Status move_durably(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) return failed(to);
  const auto directory = std::filesystem::path(to).parent_path();
  return flush(directory.empty() ? "." : directory.string(), O_RDONLY | O_DIRECTORY);
}

Status write_durably(const std::string& path, std::string_view bytes) {
  const std::string fresh = path + "-new";
  std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
  file << bytes;
  file.close();
  if (!file.good()) return failed(fresh);
  if (Status flushed = flush_file(fresh); !flushed) return flushed;
  return move_durably(fresh, path);
}

}  // namespace relance
