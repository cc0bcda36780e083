#include "cli/progress.h"

#include <unistd.h>

#include <cstdio>

namespace relance::cli {

ProgressLine::ProgressLine(std::string what)
    : what_(std::move(what)), shown_(isatty(STDERR_FILENO) != 0) {}

ProgressLine::~ProgressLine() {
  if (percent_ >= 0) std::fprintf(stderr, "\r\033[K");
}

Progress ProgressLine::progress() {
  if (!shown_) return {};
  return [this](uint64_t done, uint64_t of) { show(done, of); };
}

void ProgressLine::show(uint64_t done, uint64_t of) {
  const int percent = of == 0 ? 100 : static_cast<int>(done * 100 / of);
  if (percent == percent_) return;
  percent_ = percent;
  std::fprintf(stderr, "\r%s %d %%", what_.c_str(), percent);
  std::fflush(stderr);
}

}  // namespace relance::cli
