#include "plugins/check/runner.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/clock.h"
#include "base/text.h"

namespace relance::conformance {
namespace {

constexpr int kTickMs = 50;

Duration since_boot() { return SystemClock().since_boot(); }

struct Child {
  size_t finding = 0;
  pid_t pid = -1;
  int pipe = -1;
  Duration began;
  std::string said;
  bool silent = false;  // its end of the pipe is closed
  bool killed = false;
  bool over = false;
};

// In the child, between fork and exec: nothing but system calls.
[[noreturn]] void become(const std::vector<char*>& arguments, int pipe) {
  setpgid(0, 0);
  const int nothing = open("/dev/null", O_RDWR);
  for (int fd = 0; fd < 3; ++fd) dup2(nothing, fd);
  if (pipe != kPipe) dup2(pipe, kPipe);
  execv(arguments[0], arguments.data());
  _exit(127);
}

Child begin(const CheckOptions& options, const Rule& rule, size_t finding) {
  std::vector<std::string> words{options.program};
  for (std::string& word : child_arguments(options.subject, rule.id)) words.push_back(word);
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  int ends[2] = {-1, -1};
  Child child;
  child.finding = finding;
  child.began = since_boot();
  if (pipe2(ends, O_CLOEXEC) != 0) return child;
  child.pipe = ends[0];
  child.pid = fork();
  if (child.pid == 0) {
    fcntl(ends[1], F_SETFD, 0);  // may be kPipe already
    become(pointers, ends[1]);
  }
  close(ends[1]);
  if (child.pid < 0) close(ends[0]);
  return child;
}

std::string last_line(const std::string& said, std::string_view word) {
  std::string found;
  for (const std::string_view line : split(said, '\n'))
    if (line.starts_with(word)) found = line.substr(word.size());
  return found;
}

Outcome outcome_of(const Child& child, int status, Duration limit) {
  const std::string found = last_line(child.said, "found ");
  const size_t space = found.find(' ');
  for (const Verdict verdict : {Verdict::passed, Verdict::failed, Verdict::not_applicable})
    if (space != std::string::npos && found.substr(0, space) == verdict_name(verdict))
      return {verdict, found.substr(space + 1)};
  const std::string doing = last_line(child.said, "doing ");
  const std::string during = doing.empty() ? "" : " during " + doing;
  if (child.killed)
    return failed("it did not end within " + std::to_string(limit.ms / 1000) +
                  " seconds and was killed," + (during.empty() ? " at its start" : during));
  if (WIFSIGNALED(status))
    return failed("the process died of signal " + std::to_string(WTERMSIG(status)) + " (" +
                  strsignal(WTERMSIG(status)) + ")" + during);
  return failed("the process ended by itself with exit code " +
                std::to_string(WEXITSTATUS(status)) + during);
}

// The children under way, and what they found.
class Nursery {
 public:
  Nursery(const CheckOptions& options, Report& report) : options_(options), report_(report) {}

  void add(size_t finding) {
    Child child = begin(options_, *report_.findings[finding].rule, finding);
    if (child.pid > 0)
      children_.push_back(std::move(child));
    else
      report_.findings[finding].outcome = failed("no process could be begun for it");
  }
  size_t count() const { return children_.size(); }

  // Waits until something happened or a while has passed; keeps what is over.
  void wait() {
    std::vector<pollfd> pipes;
    bool ending = false;
    for (const Child& child : children_) {
      pipes.push_back({child.silent ? -1 : child.pipe, POLLIN, 0});
      ending = ending || child.silent;
    }
    poll(pipes.data(), pipes.size(), ending ? 1 : kTickMs);
    for (size_t i = 0; i < children_.size(); ++i) {
      Child& child = children_[i];
      if (pipes[i].revents != 0 && !hear(child)) child.silent = true;
      if (since_boot() - child.began > options_.limit && !child.killed) {
        kill(-child.pid, SIGKILL);
        child.killed = child.silent = true;
      }
      // A plugin may have closed the pipe and go on: then the time limit ends it.
      if (child.silent) end(child);
    }
    std::erase_if(children_, [](const Child& child) { return child.over; });
  }

 private:
  // false: it will say no more.
  static bool hear(Child& child) {
    char bytes[4096];
    const ssize_t length = read(child.pipe, bytes, sizeof bytes);
    if (length > 0) child.said.append(bytes, static_cast<size_t>(length));
    return length > 0 || (length < 0 && errno == EINTR);
  }

  // Where its process has ended.
  void end(Child& child) {
    int status = 0;
    if (waitpid(child.pid, &status, WNOHANG) == 0) return;
    kill(-child.pid, SIGKILL);  // processes that it began and left
    close(child.pipe);
    child.over = true;
    Finding& finding = report_.findings[child.finding];
    finding.took = since_boot() - child.began;
    finding.outcome = outcome_of(child, status, options_.limit);
  }

  const CheckOptions& options_;
  Report& report_;
  std::vector<Child> children_;
};

}  // namespace

std::vector<std::string> child_arguments(const Subject& subject, std::string_view rule) {
  std::vector<std::string> arguments{"plugin", "judge", subject.plugin, std::string(rule)};
  if (!subject.config.empty()) arguments.insert(arguments.end(), {"--config", subject.config});
  if (!subject.scene.empty()) arguments.insert(arguments.end(), {"--scene", subject.scene});
  return arguments;
}

Report run_check(const CheckOptions& options) {
  Report report;
  report.path = options.subject.plugin;
  report.plugin = std::filesystem::path(options.subject.plugin).stem().string();
  for (const Rule& rule : rules()) {
    const auto& only = options.only;
    if (only.empty() || std::find(only.begin(), only.end(), rule.id) != only.end())
      report.findings.push_back({&rule, {}, {}});
  }
  Nursery nursery(options, report);
  for (size_t next = 0; next < report.findings.size() || nursery.count() > 0;) {
    while (next < report.findings.size() &&
           nursery.count() < static_cast<size_t>(std::max(1, options.at_once)))
      nursery.add(next++);
    nursery.wait();
  }
  return report;
}

}  // namespace relance::conformance
