#include "outcome.h"

namespace twilio {
namespace {

// SIP response codes: RFC 3261 (404, 410, 484, 486, 600, 603, 604), RFC 8197 (607, unwanted), RFC
// 8688 (608, rejected by an analytics engine).
Outcome failed(int64_t sip) {
  const std::string reason = sip > 0 ? "sip_" + std::to_string(sip) : "call_failed";
  switch (sip) {
    case 404:
    case 410:
    case 484:
    case 604: return {RL_DONE, "invalid_number", reason};
    case 603:
    case 607:
    case 608: return {RL_DONE, "screened", reason};
    case 486:
    case 600: return {RL_DONE, "busy", reason};
    default: return {RL_FAILED, "failed", reason};
  }
}

Outcome completed(const CallFacts& facts, std::string_view answered_by) {
  if (facts.fax || answered_by == "fax") return {RL_DONE, "invalid_number", "fax"};
  if (facts.machine || (!facts.up && is_machine(answered_by)))
    return {RL_DONE, "voicemail", facts.message_left ? "message_left" : "no_message"};
  if (facts.ended_by_us || facts.transferred) return {RL_DONE, "delivered", ""};
  return {RL_DONE, "hung_up", facts.up ? "" : "before_the_first_word"};
}

}  // namespace

bool is_over(std::string_view status) {
  return status == "completed" || status == "busy" || status == "no-answer" || status == "failed" ||
         status == "canceled";
}

bool is_machine(std::string_view answered_by) { return answered_by.starts_with("machine"); }

Outcome outcome_of(const CallFacts& facts, std::string_view status, std::string_view answered_by,
                   int64_t sip) {
  if (status == "busy") return {RL_DONE, "busy", ""};
  if (status == "no-answer") return {RL_DONE, "no_answer", ""};
  if (status == "failed") return failed(sip);
  if (status != "canceled") return completed(facts, answered_by);
  if (facts.cancelled) return {RL_CANCELLED, "", "cancelled"};
  return {RL_DONE, "no_answer", "canceled"};
}

}  // namespace twilio
