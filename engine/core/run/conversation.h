// A conversation under way: the script's turns, played one by one over a voice or chat channel. The
// engine runs it; the plugin only carries words. Its state is StepState::talk (TalkState in
// talk_state.h, sealed).
//
// Flow: the channel reports that somebody is there by heard(turn 0); each Perform is answered by a
// heard; what an utterance means is asked with Understand unless the channel already says so.
// `close`, or a script in which nothing can go on (`unclear`), says its last line and ends the
// call: Perform{end}; the call's outcome then arrives as the touch's result with word = the close
// word, and answers, said and reached as data.
#pragma once

#include "core/run/step_logic.h"

namespace relance {

void conversation_heard(const StepCase& c, const HeardInput& input);
void conversation_understood(const StepCase& c, const UnderstoodInput& input);

// The run's goal arrived while the call is up: the script's on_goal line, then the end.
void conversation_goal(const StepCase& c);

// A side message of a `text` turn, or the packet of a transfer, left, was denied or failed; an
// event that an `await` turn waits for came.
void conversation_texted(const StepCase& c, std::string_view outcome);
void conversation_event(const StepCase& c, const EventTaken& event, DocView data);
void conversation_looked_up(const StepCase& c, const OperationResult& result);
// The span of an `await` or `lookup` turn, or of a desk that is told of a transfer, is over.
void conversation_due(const StepCase& c);

// The touch of this conversation has an outcome: what was said and asked in it is remembered.
void remember_conversation(const StepCase& c, const Key& touch);

// What the conversation brought, to be laid over the touch's result: outcome word (empty: none was
// reached) and data.
struct Conversed {
  std::string word;
  Doc data;     // record {answers..., said, reached}
  Doc answers;  // record: the answers alone
};
Conversed conversation_result(const StepCase& c);

}  // namespace relance
