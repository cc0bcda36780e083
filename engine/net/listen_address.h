// Where a server listens: "127.0.0.1:8080", "[::1]:8080", "unix:PATH".
//
// Threads: any.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace relance {

struct ListenAddress {
  std::string host;  // a literal address without brackets; empty for a Unix socket
  uint16_t port = 0;
  std::string path;  // of the Unix socket
  bool local() const { return !path.empty(); }
};

// Fails with listen_failed.
Result<ListenAddress> parse_listen_address(const std::string& text);

// "127.0.0.1:8080", "[::1]:8080".
std::string host_and_port(const std::string& host, uint16_t port);

// Removes a socket that a dead process left behind. Fails with listen_failed where somebody answers
// there, or where the file is no socket.
Status remove_stale_socket(const std::string& path);

Error listen_error(const std::string& address, const std::string& why);

}  // namespace relance
