// relance-plugin-host MEMORY_BYTES FILES: one plugin in a process of its own. The engine starts it;
// the plugin is open as descriptor 4, the socket to the engine is 3. It has no environment, no
// other descriptors, and dies with the engine.
#include <dlfcn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "plugins/isolation/child/worker.h"

namespace {

using namespace relance::isolation;

constexpr int kSocket = 3;
constexpr const char* kPlugin = "/proc/self/fd/4";
constexpr int kCannotLoad = 2;

void limit(int what, const char* most) {
  const rlim_t value = std::strtoull(most, nullptr, 10);
  if (value == 0) return;
  const struct rlimit limits {
    value, value
  };
  setrlimit(static_cast<__rlimit_resource_t>(what), &limits);
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) return kCannotLoad;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  close_range(5, ~0u, 0);
  limit(RLIMIT_AS, words[1]);
  limit(RLIMIT_NOFILE, words[2]);
  const struct rlimit no_core {
    0, 0
  };
  setrlimit(RLIMIT_CORE, &no_core);
  void* library = dlopen(kPlugin, RTLD_NOW | RTLD_LOCAL);
  if (!library) return kCannotLoad;
  const auto entry = reinterpret_cast<rl_entry>(dlsym(library, RL_ENTRY));
  const rl_plugin* plugin = entry ? entry(RL_ABI) : nullptr;
  if (!plugin) return kCannotLoad;
  static Wire wire(kSocket);
  std::thread([] { wire.read(); }).detach();
  static Worker worker(wire, *plugin);
  worker.work();
  std::_Exit(0);
}
