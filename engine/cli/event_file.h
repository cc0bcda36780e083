// A file of events, one CloudEvent a line; also a FIFO, or stdin, whose lines come as time passes.
// Good ones go on; the others are kept word for word beside the file, in EVENTS.rejected.jsonl, or
// where nothing can be written there in a file of that name in the working directory:
// {line, code, reason, text}, and hint where there is one.
#pragma once

#include <functional>
#include <string>

#include "node/stop_request.h"
#include "script/event_catalogue.h"

namespace relance::cli {

struct EventFile {
  uint64_t read = 0, rejected = 0;
  Instant first = Instant::never(), last = Instant::beginning();  // by the events' own account
  std::string rejected_path;  // where the rejected ones are; empty: none were, or nowhere
  Error first_rejection;      // at its line of the file
};

struct EventSource {
  std::string path;  // "-": stdin, whose rejected lines are in stdin.rejected.jsonl
  const StopRequest* stop = nullptr;  // ends it; what was not read yet stays its source's
  std::function<void(uint64_t line, const Error& error)> rejected;  // told too, where it is given
};

// Calls `take` for each good event, in the order of the file. A line longer than 256 KiB is
// rejected without being read into memory whole. Fails with file_not_found or file_unreadable.
// Blocks: until its source ends.
Result<EventFile> read_event_file(const EventSource& from, const EventCatalogue& catalogue,
                                  const std::string& tenant,
                                  const std::function<void(EventInput)>& take);

}  // namespace relance::cli
