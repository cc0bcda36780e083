#include "scenarios/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

namespace relance::test {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (const std::string& one : texts) all.push_back(const_cast<char*>(one.c_str()));
  all.push_back(nullptr);
  return all;
}

// The first of two settings of one name holds.
std::vector<std::string> with_own_environment(std::vector<std::string> settings) {
  for (char** one = environ; *one; ++one) settings.emplace_back(*one);
  return settings;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command, const Options& options) {
  int pipe[2] = {-1, -1};
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  if (options.fed) {
    REQUIRE(::pipe2(pipe, O_CLOEXEC) == 0);
    posix_spawn_file_actions_adddup2(&files, pipe[0], STDIN_FILENO);
  }
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, options.log.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0600);
  const std::vector<std::string> environment = with_own_environment(options.environment);
  const int started = posix_spawn(&pid_, command.front().c_str(), &files, nullptr,
                                  pointers(command).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&files);
  if (options.fed) {
    ::close(pipe[0]);
    feed_ = pipe[1];
    ::fcntl(feed_, F_SETFL, O_NONBLOCK);
    std::signal(SIGPIPE, SIG_IGN);  // it may be gone before its last line
  }
  REQUIRE(started == 0);
  handle_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  REQUIRE(handle_ >= 0);
}

ChildProcess::~ChildProcess() {
  end_of_feed();
  kill();
  ::close(handle_);
}

size_t ChildProcess::feed(std::string_view bytes) {
  const ssize_t taken = feed_ < 0 ? -1 : ::write(feed_, bytes.data(), bytes.size());
  return taken < 0 ? 0 : static_cast<size_t>(taken);
}

void ChildProcess::end_of_feed() {
  if (feed_ >= 0) ::close(feed_);
  feed_ = -1;
}

bool ChildProcess::ends_within(int wait_ms) {
  if (pid_ < 0) return true;
  pollfd ended{handle_, POLLIN, 0};
  if (::poll(&ended, 1, wait_ms) != 1) return false;
  collect();
  return true;
}

void ChildProcess::signal(int number) {
  if (pid_ >= 0) ::kill(pid_, number);
}

void ChildProcess::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  collect();
}

void ChildProcess::collect() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  exit_ = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  pid_ = -1;
}

}  // namespace relance::test
