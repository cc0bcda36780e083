// PostgreSQL itself, of the distribution: a cluster of its own in a folder of its own, on a free
// port of loopback, stopped by its id. It refuses to run as root: then it runs as nobody.
//
// Threads: one. Blocks until it answers; gives up after 20 s (the test fails).
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "scenarios/child_process.h"

namespace relance {

class RealPostgres {
 public:
  RealPostgres();
  ~RealPostgres();
  RealPostgres(const RealPostgres&) = delete;
  RealPostgres& operator=(const RealPostgres&) = delete;

  int port() const { return port_; }
  // For libpq; `port` 0: its own.
  std::string connection(int port = 0) const;
  // What it answers, a row a line, columns by '|'. Fails the test where it refuses.
  std::string run(const std::string& sql) const;
  void start();
  // At once, as in a power failure: nobody is told.
  void kill();

 private:
  std::filesystem::path folder_;
  int port_;
  std::unique_ptr<test::ChildProcess> server_;
};

}  // namespace relance
