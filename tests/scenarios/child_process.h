// A program that can be killed at an instant: started, waited for up to a time, ended by SIGKILL.
//
// Threads: one. Owns the process: it is killed and collected at the end.
#pragma once

#include <string>
#include <vector>

namespace relance::test {

class ChildProcess {
 public:
  // stdout is dropped, stderr is added to the file `log`.
  ChildProcess(const std::vector<std::string>& command, const std::string& log);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // True: it has ended by itself within this time.
  bool ends_within(int wait_ms);
  void kill();
  // Once it has ended: its exit code, or minus the signal.
  int exit() const { return exit_; }

 private:
  void collect();

  int pid_ = -1, handle_ = -1;
  int exit_ = 0;
};

}  // namespace relance::test
