// The state of a conversation under way, as it is kept (sealed) in StepState::talk.
#pragma once

#include <string>
#include <vector>

#include "base/doc.h"
#include "core/graph/talk.h"

namespace relance {

struct TalkState {
  StepIndex turn = kNoStep;           // at work; kNoStep: none
  int number = 0;                     // turns performed so far; answers to older ones are ignored
  int tries = 0;                      // of the turn at work
  bool awaits_meaning = false;        // an utterance is being understood
  std::vector<std::string> outcomes;  // of each turn of the script, empty where it has not ended
  Doc answers;                        // record: field -> word, and what else was understood
  std::vector<Doc> said;  // {by: "us"|"customer", what}: text ids spoken, words understood
  std::string reached;    // the latest turn begun
  std::string closing;    // the call's outcome, once its last line is being said

  Doc to_doc() const;
  static TalkState from_doc(DocView doc, size_t turns);
};

}  // namespace relance
