// What became of each event, told to its source as soon as that is certain: one JSON object a line,
// each written at once.
//
//   {"id": "e-1", "source": "/shop", "ack": "kept"}           it is on disk
//   {"id": "e-1", "source": "/shop", "ack": "duplicate"}      it was there already
//   {"id": "e-1", "source": "/shop", "ack": "refused"}        not kept: give it again later
//   {"line": 7, "ack": "rejected", "code": "E0301"}           it never will be: see the reason
//
// Threads: any. Blocks: while whoever reads them (a FIFO) does not; nothing more is committed then.
// Owns: the file. Fails: a line that cannot be written is counted; its event is kept all the same.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/result.h"
#include "node/node.h"

namespace relance::cli {

class Acknowledgements {
 public:
  // Lines are added to the file. Fails with file_unreadable.
  static Result<std::unique_ptr<Acknowledgements>> open(const std::string& path);
  ~Acknowledgements();
  Acknowledgements(const Acknowledgements&) = delete;
  Acknowledgements& operator=(const Acknowledgements&) = delete;

  // Of this event, for Node::accept; must not be called once this is gone.
  AcceptedBy of(const EventInput& event);
  void rejected(uint64_t line, const Error& error);
  uint64_t lost() const { return lost_; }

 private:
  explicit Acknowledgements(int file) : file_(file) {}
  void write(std::string line);

  int file_;
  std::atomic<uint64_t> lost_ = 0;
};

}  // namespace relance::cli
