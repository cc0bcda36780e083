// One request to a server on this machine, over its Unix socket.
//
// Threads: any. Blocks: until it is answered. Fails: with no_running_node where nobody listens
// there or this user may not.
#pragma once

#include "net/net.h"

namespace relance {

// `target`: "/v1/admin/reload". The answer's body may be as long as it likes.
Result<HttpReply> ask_locally(const std::string& socket, const std::string& method,
                              const std::string& target, const std::string& body, Duration timeout);

}  // namespace relance
