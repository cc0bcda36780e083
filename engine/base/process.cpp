// The one place that reads the environment.
#include "base/process.h"

#include <csignal>
#include <cstdlib>
#include <fstream>

#include "base/crash_point.h"
#include "base/text.h"

namespace relance {

namespace {

// Kills this process at the N-th visit of a point.
class Killer final : public CrashWatch {
 public:
  void arm(CrashPoint at, long visits) {
    at_ = at;
    visits_left_ = visits;
    watch_crash_points(this);
  }
  void visit(CrashPoint point) override {
    if (point == at_ && visits_left_.fetch_sub(1) == 1) std::raise(SIGKILL);
  }

 private:
  CrashPoint at_{};
  std::atomic<long> visits_left_ = 0;
};

}  // namespace

SystemProcess::SystemProcess() {
  const auto setting = environment("RELANCE_CRASH_AT");
  if (!setting) return;
  const std::vector<std::string_view> parts = split(*setting, ':');
  const long visits = parts.size() == 1 ? 1 : std::atol(parts.back().data());
  static Killer killer;
  if (const auto point = crash_point_named(parts.front())) killer.arm(*point, visits);
}

std::optional<std::string> SystemProcess::environment(std::string_view name) const {
  const char* value = std::getenv(std::string(name).c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

std::string SystemProcess::boot_id() const {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

}  // namespace relance
