// One call under way.
//
// The provider asks what to do next, we answer with a document, it does that and asks again:
// document 0 is the dialling, and a request carries the number of the document that led to it. So a
// request that comes twice gets the same answer twice and moves the call once.
#pragma once

#include <relance/channel.h>
#include <relance/conversation.h>

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "outcome.h"

namespace twilio {

struct Turn {
  rl_op op = 0;
  const rl_do* what = nullptr;  // lives until `op` completes
};

struct Call {
  rl_op send = 0;
  const rl_touch* touch = nullptr;  // lives until `send` completes
  std::string key;                  // 16 bytes
  std::string sid;                  // empty until the provider has told it
  bool talks = false;               // has a script; else a message is read out

  uint32_t document = 0;    // the latest given
  std::string last;         // its text
  bool asked_next = false;  // the request it leads to has come ...
  std::vector<rl_op> held;  // ... and is held until there is something to say
  bool filled = false;      // "one moment" was said in this gap

  std::deque<Turn> turns;    // to be carried out
  std::vector<Turn> saying;  // said by the latest document
  std::optional<Turn> asked, transfer, ending;

  CallFacts facts;
  std::string answered_by, recording;
  int64_t up_at = 0, quiet_until = 0;
  std::vector<std::pair<std::string_view, std::string>> transcript;  // "us" or "customer", words
};

}  // namespace twilio
