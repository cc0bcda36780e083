#include "net/listen_address.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace relance {
namespace {

// Does anybody take connections there?
bool answers(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (probe < 0) return true;
  // Only a refusal says that nobody does; a full queue, for one, says the opposite.
  const bool refused = connect(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 &&
                       errno == ECONNREFUSED;
  close(probe);
  return !refused;
}

}  // namespace

Error listen_error(const std::string& address, const std::string& why) {
  return {Code::listen_failed, "cannot listen on " + address + ": " + why, {}, {}};
}

Result<ListenAddress> parse_listen_address(const std::string& text) {
  constexpr std::string_view kUnix = "unix:";
  ListenAddress address;
  if (text.starts_with(kUnix)) {
    address.path = text.substr(kUnix.size());
    if (address.path.empty()) return listen_error(text, "the path is missing");
    if (address.path.size() >= sizeof(sockaddr_un::sun_path))
      return listen_error(text, "a socket's path may have 107 bytes, this one is longer");
    return address;
  }
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos) return listen_error(text, "the port is missing");
  const char* digits = text.data() + colon + 1;
  const char* end = text.data() + text.size();
  const auto [read, wrong] = std::from_chars(digits, end, address.port);
  if (wrong != std::errc() || read != end || digits == end)
    return listen_error(text, "'" + std::string(digits, end) + "' is no port");
  address.host = text.substr(0, colon);
  if (address.host.starts_with('[') && address.host.ends_with(']'))
    address.host = address.host.substr(1, address.host.size() - 2);
  return address;
}

std::string host_and_port(const std::string& host, uint16_t port) {
  const bool six = host.find(':') != std::string::npos;
  return (six ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Status remove_stale_socket(const std::string& path) {
  struct stat found {};
  if (lstat(path.c_str(), &found) != 0) return {};
  if (!S_ISSOCK(found.st_mode)) return listen_error("unix:" + path, "there is a file of that name");
  if (answers(path)) return listen_error("unix:" + path, "another process listens there");
  unlink(path.c_str());
  return {};
}

}  // namespace relance
