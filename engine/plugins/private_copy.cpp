#include "plugins/private_copy.h"

#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace relance {
namespace {

Error unopened(const std::string& path, std::string_view what, std::string hint) {
  return {Code::plugin_open,
          "plugin " + path + " is refused: " + std::string(what),
          {},
          std::move(hint)};
}

bool write_whole(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace

Result<void*> map_private_copy(std::string_view bytes, const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  const int copy = memfd_create(name.substr(0, 200).c_str(), MFD_CLOEXEC);
  if (copy < 0 || !write_whole(copy, bytes)) {
    const std::string why = std::strerror(errno);
    if (copy >= 0) close(copy);
    return unopened(path, "no copy of it can be made in memory: " + why, "");
  }
  // Stays open: the loader tells libraries apart by their names too, and this number is its name.
  const std::string place = "/proc/self/fd/" + std::to_string(copy);
  if (void* library = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
  std::string why = dlerror();
  if (const size_t at = why.find(place); at != std::string::npos)
    why.replace(at, place.size(), name);
  close(copy);
  return unopened(path, why, "a plugin is a shared library for this machine");
}

}  // namespace relance
