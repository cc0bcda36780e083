// The story of one customer over all flows: what happened, what was decided and why, what was put
// off or refused, and what comes next. In sentences that a shop manager understands, made from the
// records alone.
#pragma once

#include <string>
#include <vector>

#include "admin/archive.h"

namespace relance {

struct StoryLine {
  Instant at;
  std::string run;   // short id of the run it belongs to; empty: the customer's own
  std::string kind;  // event, run, decision, touch, held, refused, outcome, said, end, next
  std::string text;  // one sentence
  std::string why;   // reason in words; may be empty
};

struct Story {
  std::string subject;
  const Zone* zone = nullptr;    // the customer's, as far as it is known
  std::vector<StoryLine> lines;  // what happened, in order
  std::vector<StoryLine> next;   // what comes, soonest first
};

// `until`: the story as it was then. Fails with run_not_found where the customer has no entries.
Result<Story> tell_story(Archive& archive, const Key& customer, Instant until = Instant::never());

std::string story_text(const Story& story, bool colours);
std::string story_json(const Story& story);

}  // namespace relance
