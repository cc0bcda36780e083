// The one place that reads the environment.
#include "base/process.h"

#include <csignal>
#include <cstdlib>
#include <fstream>

#include "base/text.h"

namespace relance {

SystemProcess::SystemProcess() {
  const auto setting = environment("RELANCE_CRASH_AT");
  if (!setting) return;
  const std::vector<std::string_view> parts = split(*setting, ':');
  crash_at_ = parts.front();
  visits_left_ = parts.size() == 1 ? 1 : std::atol(parts.back().data());
}

std::optional<std::string> SystemProcess::environment(std::string_view name) const {
  const char* value = std::getenv(std::string(name).c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

void SystemProcess::crash_point(std::string_view name) {
  if (crash_at_.empty() || name != crash_at_) return;
  if (visits_left_.fetch_sub(1) == 1) std::raise(SIGKILL);
}

std::string SystemProcess::boot_id() const {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

}  // namespace relance
