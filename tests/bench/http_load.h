// A client for load over HTTP: many keep-alive connections, one thread, one request at a time on
// each.
//
// Blocks: until everything is answered. Threads: one.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace relance::bench {

struct HttpLoad {
  std::string address;  // "127.0.0.1:41873"
  size_t connections = 64;
  size_t first = 0, count = 0;  // requests [first, first + count)
  // Writes the whole request, head and body.
  std::function<void(size_t index, std::string& request)> write;
};

struct HttpLoadResult {
  double seconds = 0;
  std::vector<double> waited_ms;  // of each request, in the order of the answers
  size_t others = 0;              // answered with another status than 202, or not at all
};

HttpLoadResult run_http_load(const HttpLoad& load);

}  // namespace relance::bench
