// A program that can be fed, stopped and killed: started, given lines, waited for up to a time.
//
// Threads: one. Owns the process: it is killed and collected at the end.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace relance::test {

class ChildProcess {
 public:
  struct Options {
    std::string log;                       // what it says on stderr is added to this file
    std::vector<std::string> environment;  // NAME=VALUE, over this process's own
    bool fed = false;                      // by feed(); else it has no stdin
  };
  // stdout is dropped.
  ChildProcess(const std::vector<std::string>& command, const Options& options);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // As many of the bytes as it has room for at this moment.
  size_t feed(std::string_view bytes);
  void end_of_feed();

  // True: it has ended by itself within this time.
  bool ends_within(int wait_ms);
  void signal(int number);
  void kill();
  bool running() const { return pid_ >= 0; }
  int pid() const { return pid_; }
  // Once it has ended: its exit code, or minus the signal.
  int exit() const { return exit_; }

 private:
  void collect();

  int pid_ = -1, handle_ = -1, feed_ = -1;
  int exit_ = 0;
};

}  // namespace relance::test
