// Seam 5 of 5: the process itself, so that tests can die at named points and read another
// environment. (Seams 3 and 4, the store and the net, have rooms of their own.)
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

namespace relance {

class Process {
 public:
  virtual ~Process() = default;
  virtual std::optional<std::string> environment(std::string_view name) const = 0;
  // Called at the points where a crash would hurt most ("intent_committed"); the real process does
  // nothing.
  virtual void crash_point(std::string_view name) = 0;
  // Names this boot of the machine: what lies in its memory lives no longer. Empty: unknown.
  virtual std::string boot_id() const { return {}; }
};

// Threads: any. With RELANCE_CRASH_AT=NAME[:N] the process kills itself (SIGKILL) at the N-th visit
// of that point: the crash tests' own switch.
class SystemProcess final : public Process {
 public:
  SystemProcess();
  std::optional<std::string> environment(std::string_view name) const override;
  void crash_point(std::string_view name) override;
  std::string boot_id() const override;

 private:
  std::string crash_at_;
  std::atomic<long> visits_left_ = 0;
};

class SimulatedProcess final : public Process {
 public:
  std::optional<std::string> environment(std::string_view) const override { return std::nullopt; }
  void crash_point(std::string_view) override {}
};

}  // namespace relance
