#include "cli/line_source.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace relance::cli {
namespace {

constexpr size_t kBufferBytes = 64 * 1024;

}  // namespace

LineSource::LineSource(std::string path, int file, const StopRequest* stop)
    : path_(std::move(path)), file_(file), stop_(stop), buffer_(kBufferBytes, '\0') {}

LineSource::~LineSource() {
  if (file_ != STDIN_FILENO) ::close(file_);
}

// A FIFO is opened without waiting for its writer: poll() does that, and can be told to stop.
Result<std::unique_ptr<LineSource>> LineSource::open(const std::string& path,
                                                     const StopRequest* stop) {
  const bool input = path == "-";
  const int file = input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (file < 0)
    return Error{Code::file_not_found,
                 "the events file " + path + " cannot be opened: " + std::strerror(errno),
                 {},
                 ""};
  return std::unique_ptr<LineSource>(new LineSource(input ? "stdin" : path, file, stop));
}

bool LineSource::next(std::string& line, size_t longest, bool& too_long) {
  line.clear();
  too_long = false;
  while (!unread_.empty() || fill()) {
    begun_ = true;
    const size_t end = std::min(unread_.find('\n'), unread_.size());
    const std::string_view part = unread_.substr(0, end);
    line += part.substr(0, std::min(part.size(), longest + 1 - std::min(line.size(), longest + 1)));
    too_long |= line.size() > longest;
    const bool whole = end < unread_.size();
    unread_.remove_prefix(std::min(end + 1, unread_.size()));
    if (whole) break;
  }
  if (!begun_) return false;
  begun_ = false;
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return true;
}

// False: the source has ended, failed, or nothing more is wanted of it.
bool LineSource::fill() {
  while (true) {
    pollfd handles[] = {{file_, POLLIN, 0}, {stop_ ? stop_->handle() : -1, POLLIN, 0}};
    if (::poll(handles, 2, -1) < 0 && errno != EINTR) break;
    if (handles[1].revents) {
      begun_ = false;  // half a line is its source's, as all that follows
      return false;
    }
    const ssize_t got = ::read(file_, buffer_.data(), buffer_.size());
    if (got == 0) return false;
    if (got > 0) {
      unread_ = std::string_view(buffer_).substr(0, static_cast<size_t>(got));
      return true;
    }
    if (errno != EINTR && errno != EAGAIN) break;
  }
  failure_ =
      Error{Code::file_unreadable, path_ + " cannot be read: " + std::strerror(errno), {}, ""};
  return false;
}

}  // namespace relance::cli
