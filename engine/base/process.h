// Seam 5 of 5: the process itself, so that tests can die at named points and read another
// environment. (Seams 3 and 4, the store and the net, have rooms of their own.)
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace relance {

class Process {
 public:
  virtual ~Process() = default;
  virtual std::optional<std::string> environment(std::string_view name) const = 0;
  // Called before each effect leaves, so that a simulated process can end there. What the real one
  // can end at stands in base/crash_point.h.
  virtual void crash_point(std::string_view) {}
  // Names this boot of the machine: what lies in its memory lives no longer. Empty: unknown.
  virtual std::string boot_id() const { return {}; }
};

// Threads: any. With RELANCE_CRASH_AT=NAME[:N] the process kills itself (SIGKILL) at the N-th visit
// of that crash point (base/crash_point.h): the crash tests' own switch.
class SystemProcess final : public Process {
 public:
  SystemProcess();
  std::optional<std::string> environment(std::string_view name) const override;
  std::string boot_id() const override;
};

class SimulatedProcess final : public Process {
 public:
  std::optional<std::string> environment(std::string_view) const override { return std::nullopt; }
};

}  // namespace relance
