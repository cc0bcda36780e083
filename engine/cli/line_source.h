// Lines of a file, a FIFO or stdin, as they come.
//
// Threads: one. Blocks: next() until a line is there, its source ends or the process is asked to
// stop. Owns: the file.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "node/stop_request.h"

namespace relance::cli {

class LineSource {
 public:
  // "-" is stdin. `stop`, where there is one, outlives this and ends the lines. Fails with
  // file_not_found.
  static Result<std::unique_ptr<LineSource>> open(const std::string& path,
                                                  const StopRequest* stop = nullptr);
  ~LineSource();
  LineSource(const LineSource&) = delete;
  LineSource& operator=(const LineSource&) = delete;

  // One line without its end. What is beyond `longest` bytes is skipped, so that a hostile line
  // costs no memory. False: there is none any more.
  bool next(std::string& line, size_t longest, bool& too_long);
  // Why it ended before its time: file_unreadable.
  const Status& failure() const { return failure_; }

 private:
  LineSource(std::string path, int file, const StopRequest* stop);
  bool fill();

  std::string path_;
  int file_;
  const StopRequest* stop_;
  std::string buffer_;
  std::string_view unread_;  // in buffer_
  bool begun_ = false;       // a line, the source's last one perhaps
  Status failure_;
};

}  // namespace relance::cli
