// Room on the disk that is kept for a store which would otherwise be full: a file beside it, given
// up so that what is under way can still be written down.
//
// Threads: one. Owns: the file, which stays when this is gone. Blocks: on the disk.
#pragma once

#include <cstdint>
#include <string>

namespace relance {

class Reserve {
 public:
  // Not asked for yet. `bytes` 0: never is.
  Reserve(std::string path, uint64_t bytes);

  bool whole() const { return whole_ || bytes_ == 0; }
  // Asks the disk for it, and for as much again, so that it is not given up at once. True: whole.
  bool fill();
  // True: there was something to give.
  bool give_up();

 private:
  std::string path_;
  uint64_t bytes_;
  bool whole_ = false;
};

}  // namespace relance
