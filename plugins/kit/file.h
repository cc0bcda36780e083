// Local files: reading one whole, and appending whole lines that a crash cannot tear.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace kit {

// nullopt: there is no such file. Fails (throws): it cannot be read.
inline std::optional<std::string> read_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0 && errno == ENOENT) return std::nullopt;
  if (file < 0) throw std::runtime_error(path + ": " + std::strerror(errno));
  std::string text;
  char block[65536];
  ssize_t got = 0;
  while ((got = ::read(file, block, sizeof block)) > 0) {
    text.append(block, static_cast<size_t>(got));
  }
  const int problem = errno;
  ::close(file);
  if (got < 0) throw std::runtime_error(path + ": " + std::strerror(problem));
  return text;
}

// One file that only grows. Each line is one write with O_APPEND: several writers, also in several
// processes, do not mix, and a killed process leaves whole lines. Threads: any.
class LineFile {
 public:
  LineFile() = default;
  explicit LineFile(const std::string& path) {
    file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file_ < 0) throw std::runtime_error(path + ": " + std::strerror(errno));
  }
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;
  LineFile(LineFile&& other) noexcept : file_(other.file_) { other.file_ = -1; }
  LineFile& operator=(LineFile&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~LineFile() {
    if (file_ >= 0) ::close(file_);
  }

  bool open() const { return file_ >= 0; }

  // False: nothing, or not all of it, was written (the disk is full).
  bool append(std::string line) const {
    line += '\n';
    ssize_t wrote = 0;
    do {
      wrote = ::write(file_, line.data(), line.size());
    } while (wrote < 0 && errno == EINTR);
    return wrote == static_cast<ssize_t>(line.size());
  }

 private:
  int file_ = -1;
};

// Calls take(line) for each whole line; a last one without its end is not whole.
template <class Take>
void each_line(std::string_view text, Take&& take) {
  for (size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    take(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
}

}  // namespace kit
