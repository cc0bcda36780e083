// How far a long work is: one line on stderr, where that is a terminal.
//
// Threads: one. Owns: the line, which is gone when this is.
#pragma once

#include <string>

#include "store/store.h"

namespace relance::cli {

class ProgressLine {
 public:
  explicit ProgressLine(std::string what);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  Progress progress();  // while this lives; none where nobody looks

 private:
  void show(uint64_t done, uint64_t of);

  const std::string what_;
  const bool shown_;
  int percent_ = -1;
};

}  // namespace relance::cli
