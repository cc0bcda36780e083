// The faults that are preloaded into a child (tests/faults/faults.h), and what it tells of them.
//
// Threads: one; the child reads and counts in the same memory. Owns the shared file.
#pragma once

#include <string>
#include <vector>

#include "faults/faults.h"

namespace relance::test {

class Faults {
 public:
  // `below`: a folder for the shared file. `files`: whose calls are counted and may fail.
  Faults(const std::string& below, std::string files);
  ~Faults();
  Faults(const Faults&) = delete;
  Faults& operator=(const Faults&) = delete;

  // For the next child: "sync:eio@37", on these files (none: as before). Counts start over.
  void plan(std::string rules, const std::string& files = {});
  void leave_room(int64_t bytes);   // for files that grow
  void shift_clock(int64_t by_ms);  // from the true wall clock
  const faults_state& seen() const { return *state_; }
  std::vector<std::string> environment() const;

 private:
  std::string path_, files_, rules_;
  faults_state* state_ = nullptr;
};

}  // namespace relance::test
