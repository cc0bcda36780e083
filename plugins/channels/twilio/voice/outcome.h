// How a call went, told by what the provider says of it and by what happened in it.
#pragma once

#include <relance/plugin.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace twilio {

// What is known of a call beside the provider's own status.
struct CallFacts {
  bool up = false;       // a person answered, and was spoken to
  bool machine = false;  // an answering machine did
  bool message_left = false;
  bool fax = false;
  bool ended_by_us = false;  // the last line was said
  bool transferred = false;  // somebody took the call over
  bool cancelled = false;    // we asked for its end before anybody answered
};

struct Outcome {
  uint32_t status = RL_DONE;
  std::string_view word;
  std::string reason;
};

// Has the call ended? "completed", "busy", "no-answer", "failed" or "canceled".
bool is_over(std::string_view status);

// `answered_by`: as the provider's detection says, where it says it with the end. `sip`: of a call
// that failed; 0: none is told.
Outcome outcome_of(const CallFacts& facts, std::string_view status, std::string_view answered_by,
                   int64_t sip);

bool is_machine(std::string_view answered_by);

}  // namespace twilio
