#include "invariants/gate_without.h"

#include <catch2/catch.hpp>

#define ask_gate whole_gate
#include "../../engine/core/gate/gate.cpp"
#undef ask_gate

namespace relance {
namespace {

struct Listed {
  Answer (*ask)(Inquiry&);
  const char* name;
  bool watched;
};

// What is not watched cannot happen in a made-up life: a channel that is off, an operator's pause,
// a customer's own, rules that change over months; or its step ends before it would be asked
// (credential_is_alive), or it is no promise to the customer (loser_may_wait). core/gate and
// core/customer test those.
constexpr Listed kListed[] = {
    {channel_is_on, "channel_is_on", false},
    {nobody_switched_it_off, "nobody_switched_it_off", false},
    {deadline_lies_ahead, "deadline_lies_ahead", true},
    {data_may_be_used, "data_may_be_used", false},
    {no_person_owns_the_case, "no_person_owns_the_case", true},
    {it_is_not_paused, "it_is_not_paused", false},
    {no_marker_forbids, "no_marker_forbids", true},
    {profile_was_read, "profile_was_read", true},
    {segment_is_not_paused, "segment_is_not_paused", false},
    {channel_speaks_to_her, "channel_speaks_to_her", false},
    {facts_were_read_again, "facts_were_read_again", true},
    {ledger_reaches_back, "ledger_reaches_back", false},
    {address_can_be_right, "address_can_be_right", true},
    {address_is_not_suppressed, "address_is_not_suppressed", true},
    {number_is_on_no_list, "number_is_on_no_list", false},
    {consent_stands, "consent_stands", true},
    {campaign_is_unanswered, "campaign_is_unanswered", true},
    {credential_is_alive, "credential_is_alive", false},
    {no_charge_is_open, "no_charge_is_open", true},
    {ceiling_has_room, "ceiling_has_room", true},
    {packs_are_found, "packs_are_found", false},
    {best_of_those_that_waited, "best_of_those_that_waited", false},
    {failure_had_its_time, "failure_had_its_time", false},
    {gap_is_over, "gap_is_over", true},
    {caps_have_room, "caps_have_room", true},
    {maxima_have_room, "maxima_have_room", true},
    {answer_has_rested, "answer_has_rested", false},
    {no_excluded_flow_was_here, "no_excluded_flow_was_here", true},
    {loser_may_wait, "loser_may_wait", false},
    {window_is_open, "window_is_open", true},
    {nobody_more_urgent_waits, "nobody_more_urgent_waits", true},
    {wait_is_worth_it, "wait_is_worth_it", true},
};

Answer (*left_out)(Inquiry&) = nullptr;

}  // namespace

GateAnswer ask_gate(const GateQuestion& question) {
  Inquiry in{question, {}, {}};
  for (const Check& check : kLedger) {
    if (!concerns(check, question.what) || check.ask == left_out) continue;
    if (Answer verdict = check.ask(in)) return {std::move(*verdict), in.facts.record()};
  }
  return {Allow{in.address.hash, std::move(in.address.text), std::move(in.lifted)},
          in.facts.record()};
}

namespace test {

std::vector<LedgerCheck> ledger_checks() {
  std::vector<LedgerCheck> checks;
  for (const Check& check : kLedger) {
    const auto listed = std::find_if(std::begin(kListed), std::end(kListed),
                                     [&](const Listed& one) { return one.ask == check.ask; });
    if (listed == std::end(kListed))
      FAIL("check " << &check - kLedger << " of the ledger is not listed: where is it proven?");
    checks.push_back({listed->name, listed->watched});
  }
  return checks;
}

void leave_out(const std::string& name) {
  left_out = nullptr;
  for (const Listed& one : kListed)
    if (one.name == name) left_out = one.ask;
}

}  // namespace test
}  // namespace relance
