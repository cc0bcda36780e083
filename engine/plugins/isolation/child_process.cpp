#include "plugins/isolation/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>

namespace relance::isolation {
namespace {

constexpr size_t kMostWaiting = 2 * kMostFrameBytes;
constexpr int kAboveTheChilds = 10;  // descriptors that the child's 3 and 4 cannot meet

Error unstarted(const std::string& what, int problem) {
  return {
      Code::plugin_open,
      "no process can be started for an isolated plugin: " + what + ": " + std::strerror(problem),
      {},
      "relance-plugin-host lies beside relance"};
}

// Beside this program, as the shipped plugins are.
std::string program() {
  std::error_code unreadable;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", unreadable);
  return (self.parent_path() / "relance-plugin-host").string();
}

int spawn(pid_t& pid, int socket, int plugin, const ChildProcess::Limits& limits) {
  const std::string path = program(), memory = std::to_string(limits.memory_bytes),
                    files = std::to_string(limits.files);
  std::string words[] = {path, memory, files};
  char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
  char* environment[] = {nullptr};  // no secrets
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, socket, 3);
  posix_spawn_file_actions_adddup2(&actions, plugin, 4);
  const int problem = posix_spawn(&pid, path.c_str(), &actions, nullptr, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  return problem;
}

}  // namespace

Result<std::unique_ptr<ChildProcess>> ChildProcess::begin(int plugin, const Limits& limits) {
  std::unique_ptr<ChildProcess> child(new ChildProcess());
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    return unstarted("socketpair", errno);
  child->socket_ = pair[0];
  child->wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  const int theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, kAboveTheChilds);
  const int file = fcntl(plugin, F_DUPFD_CLOEXEC, kAboveTheChilds);
  close(pair[1]);
  const bool ready = child->wake_ >= 0 && theirs >= 0 && file >= 0;
  const int problem = ready ? spawn(child->pid_, theirs, file, limits) : errno;
  if (theirs >= 0) close(theirs);
  if (file >= 0) close(file);
  if (problem != 0) {
    child->pid_ = -1;
    return unstarted(program(), problem);
  }
  return child;
}

ChildProcess::~ChildProcess() {
  end();
  if (socket_ >= 0) close(socket_);
  if (wake_ >= 0) close(wake_);
}

std::string ChildProcess::end() {
  if (pid_ < 0) return "not running";
  // One that has ended by itself tells how; the signal does not reach it any more.
  int status = 0;
  pid_t found = waitpid(pid_, &status, WNOHANG);
  if (found == 0) {
    kill(pid_, SIGKILL);
    while ((found = waitpid(pid_, &status, 0)) < 0 && errno == EINTR) {
    }
  }
  pid_ = -1;
  if (found > 0 && WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
  return "exit " + std::to_string(WEXITSTATUS(status));
}

bool ChildProcess::send(Call call, uint64_t number, std::string_view body) {
  const std::string bytes = frame_bytes(static_cast<uint8_t>(call), number, body);
  const std::lock_guard lock(mutex_);
  if (body.size() > kMostFrameBytes || waiting_.size() + bytes.size() > kMostWaiting) return false;
  const bool first = waiting_.empty();
  waiting_ += bytes;
  if (first) flush();
  if (!waiting_.empty()) wake();
  return true;
}

void ChildProcess::flush() {
  size_t sent = 0;
  while (sent < waiting_.size()) {
    const ssize_t wrote = ::send(socket_, waiting_.data() + sent, waiting_.size() - sent,
                                 MSG_DONTWAIT | MSG_NOSIGNAL);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) break;  // full, or gone: receive() sees which
    sent += static_cast<size_t>(wrote);
  }
  waiting_.erase(0, sent);
}

void ChildProcess::wake() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t wrote = write(wake_, &one, sizeof one);
}

ChildProcess::Seen ChildProcess::receive(Frame& frame, int timeout_ms) {
  if (frames_.next(frame)) return Seen::frame;
  if (frames_.junk()) return Seen::junk;
  short wanted = POLLIN;
  {
    const std::lock_guard lock(mutex_);
    if (!waiting_.empty()) wanted |= POLLOUT;
  }
  pollfd files[] = {{socket_, wanted, 0}, {wake_, POLLIN, 0}};
  if (poll(files, 2, timeout_ms) <= 0) return Seen::nothing;
  if (files[1].revents != 0) {
    uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = read(wake_, &count, sizeof count);
  }
  if ((files[0].revents & POLLOUT) != 0) {
    const std::lock_guard lock(mutex_);
    flush();
  }
  if ((files[0].revents & (POLLIN | POLLHUP | POLLERR)) == 0) return Seen::nothing;
  char block[1u << 16];
  const ssize_t got = recv(socket_, block, sizeof block, MSG_DONTWAIT);
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return Seen::nothing;
  if (got <= 0) return Seen::gone;
  frames_.add(block, static_cast<size_t>(got));
  if (frames_.next(frame)) return Seen::frame;
  return frames_.junk() ? Seen::junk : Seen::nothing;
}

}  // namespace relance::isolation
