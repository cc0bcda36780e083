// The words of a story: records as sentences. Internal to this room.
#pragma once

#include <string>
#include <string_view>

#include "core/state/record.h"

namespace relance {

std::string event_sentence(std::string_view type, DocView data);
std::string intent_sentence(const Touch& touch);
// Of a message that a writer was asked for, or that was asked back.
std::string message_sentence(std::string_view what, std::string_view choice);
std::string settled_sentence(const Touch& touch, const TouchSettled& settled);
// What both sides said in a call, by the names of the lines: `hello, who: "yes", bye`; empty: none.
std::string spoken_words(DocView data);
std::string waiting_sentence(const Step& step, const StepState& state);  // empty: not worth telling
std::string ended_sentence(const Step& step, std::string_view outcome, std::string_view reason);
std::string end_sentence(RunEnd end);
// "from checkout, text v3, until 2027-01-01T00:00:00Z"; empty: nothing is known of it.
std::string provenance(const Consent& consent);
std::string not_started_reason(const RunNotStarted& record);
std::string channel_words(std::string_view channel, bool charge);
std::string_view phase_words(const StepState& state);
// "payday_candidate" -> "payday candidate"; reasons of the gate as their sentence.
std::string words_of(std::string_view reason);
// Why a policy chose so: its reason, and of channels what each costs and why it may not go.
std::string policy_words(DocView facts);
// {"amount": ..., "class": ...} -> "amount 49.00 EUR, class soft"
std::string facts_words(DocView facts);

}  // namespace relance
