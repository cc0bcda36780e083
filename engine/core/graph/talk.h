// A compiled conversation script: what is said in a call, as data. The engine runs it
// (core/run/conversation.h); a voice or chat plugin only carries words to and fro.
#pragma once

#include <string>
#include <vector>

#include "core/graph/step.h"

namespace relance {

enum class TurnKind : uint8_t { say, ask, verify, lookup, text, await, transfer, close };
std::string_view turn_kind_name(TurnKind kind);
std::span<const std::string_view> turn_outcomes(TurnKind kind);  // without an ask's `hears` words

struct Turn {
  std::string name;
  TurnKind kind = TurnKind::say;
  int line = 0;
  After after;                        // edges between turns; kind none: the call's beginning
  std::string text;                   // text id: a line `[hello]` of the script's template
  std::vector<std::string> hears;     // ask: expected words
  std::string answer;                 // ask: field of the script's answers that the word fills
  std::string by;                     // verify: the customer's field
  int tries = 1;                      // ask, verify
  std::string via, template_name;     // text
  std::string from, what;             // lookup
  std::string queue;                  // transfer
  std::vector<EventPattern> events;   // await
  std::optional<Duration> within;     // await, lookup
  std::string outcome;                // close: the word the send ends in
  std::vector<std::string> outcomes;  // all words the turn may end in
  bool operator==(const Turn&) const = default;
};

struct TalkScript {
  std::string name;
  std::string file;
  std::vector<std::string> facts;                                         // data the call needs
  std::vector<std::pair<std::string, std::vector<std::string>>> answers;  // field -> one_of words
  std::vector<std::string> always;  // words understood at any turn
  std::string on_goal;              // text said when the goal arrives
  std::vector<Turn> turns;
  bool operator==(const TalkScript&) const = default;
};

// The words its `close` turns give, sorted, each once.
std::vector<std::string> close_words(const TalkScript& script);

}  // namespace relance
