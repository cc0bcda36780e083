// What must not meet: markers, flows that exclude one another, campaigns, priorities, maxima.
#include "core/gate/exclusions.h"

#include "ask.h"

using namespace relance;
using namespace relance::test;

namespace {

// An open return since yesterday, and a rule that minds it.
struct InReturn : Ask {
  NeverRule& never;
  InReturn() : never(rule()) { mark(true, days(1)); }
  void mark(bool open, Duration before, uint64_t key = 7) {
    customer.markers.push_back({"return_open", key, open, now - before});
  }

 private:
  NeverRule& rule() {
    rules.exclusions.markers = {{"return_open", {"return.approved"}, {"return.closed"}, {}, {}}};
    NeverRule made;
    made.during = "return_open";
    rules.exclusions.never = {made};
    return rules.exclusions.never.front();
  }
};

}  // namespace

TEST_CASE("while a marker is open a touch waits for its closing, or is dropped", "[S1-46][S1-64]") {
  InReturn ask;
  CHECK(ask.verdict() == "hold marker_open never marker_closed");
  CHECK(ask.facts() == R"({"marker":"return_open","open_since":"2026-01-04T11:00:00Z",)"
                       R"("rule":"never"})");
  ask.never.drop = true;
  CHECK(ask.verdict() == "deny marker_open");
  ask.customer.markers.clear();
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("never means never: not for what the customer asked for, nor for a repeat") {
  InReturn ask;
  ask.requested = true;
  CHECK(ask.verdict() == "hold marker_open never marker_closed");
  ask.repeat = true;
  CHECK(ask.verdict() == "hold marker_open never marker_closed");
  ask.overrides = {{"never", "the law wants this notice"}};
  CHECK(std::get<Allow>(ask.answer().verdict).lifted == "never");
}

TEST_CASE("a touch that waits for a marker is asked again after its deadline") {
  InReturn ask;
  ask.deadline = ask.now + hours(2);
  CHECK(ask.verdict() == "hold marker_open 2026-01-05T13:00:00.001Z marker_closed");
}

TEST_CASE("`within` counts on from the closing; the latest one holds", "[S1-64]") {
  InReturn ask;
  ask.never.within = days(7);
  ask.customer.markers.clear();
  ask.mark(false, days(9), 1);
  CHECK(ask.verdict() == "allow");
  ask.mark(false, days(3), 2);
  CHECK(ask.verdict() == "hold marker_open 2026-01-09T11:00:00Z");
  ask.now = at("2026-01-09T10:59:59Z");
  CHECK(ask.verdict() == "hold marker_open 2026-01-09T11:00:00Z");
  ask.now = at("2026-01-09T11:00:00Z");
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("a marker that nothing closes is over after its at_most") {
  InReturn ask;
  ask.rules.exclusions.markers[0].at_most = days(3);
  CHECK(ask.verdict() == "hold marker_open 2026-01-07T11:00:00Z marker_closed");
  ask.now = at("2026-01-07T11:00:00Z");
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("never concerns the flows, the purpose and the channel that it names", "[S1-66][S2-30]") {
  InReturn ask;
  ask.never.flows = {"win_back"};
  CHECK(ask.verdict() == "allow");
  ask.run.flow = "win_back";
  CHECK(ask.verdict() == "hold marker_open never marker_closed");
  ask.never.flows.clear();
  ask.never.scope.purpose = Purpose::marketing;
  CHECK(ask.verdict() == "allow");
  ask.never.scope = {"voice", {}};
  CHECK(ask.verdict() == "hold marker_open never marker_closed");
  ask.channel = "sms";
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("a charge and an operation mind no marker") {
  InReturn ask;
  ask.what = TouchWhat::operation;
  CHECK(ask.verdict() == "allow");
  ask.what = TouchWhat::charge;
  ask.profile_needed = false;
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("while another flow of a mutex touched the customer, touches wait", "[S1-65]") {
  Ask ask;
  ask.rules.exclusions.mutex = {{{"this_flow", "delivery_retry"}, hours(24)}};
  ask.touched(hours(2), "email");  // of a flow that is not in it
  CHECK(ask.verdict() == "allow");
  ask.touched(hours(3), "voice").flow = "this_flow";  // its own
  CHECK(ask.verdict() == "allow");
  Touch& other = ask.touched(hours(1), "sms");
  other.flow = "delivery_retry";
  CHECK(ask.verdict() == "hold flow_excluded 2026-01-06T10:00:00Z");
  CHECK(ask.facts() == R"({"last_contact_at":"2026-01-05T10:00:00Z","rule":"mutex",)"
                       R"("used_by":"delivery_retry.note","within":"24 h"})");
  other.outcome = "failed";  // reached nobody
  CHECK(ask.verdict() == "allow");
  other.outcome = "no_answer";
  ask.requested = true;
  CHECK(ask.verdict() == "allow");
  ask.requested = false;
  ask.overrides = {{"mutex", "both are about this parcel"}};
  CHECK(std::get<Allow>(ask.answer().verdict).lifted == "mutex");
}

TEST_CASE("max is a cap that nothing lifts", "[S1-72]") {
  Ask ask;
  ask.rules.exclusions.max = {{{"voice", {}}, 1, days(1)}};
  ask.touched(hours(4), "voice");
  ask.overrides = {{"cap", "why"}, {"gap", "why"}};
  CHECK(ask.verdict() == "hold cap_reached 2026-01-06T07:00:00Z");
  ask.requested = true;
  CHECK(ask.verdict() == "hold cap_reached 2026-01-06T07:00:00Z");
  ask.repeat = true;  // it is counted already
  CHECK(ask.verdict() == "allow");
  ask.repeat = false;
  ask.customer.touches_since = ask.now - hours(20);
  CHECK(ask.verdict() == "need history_unread");
}

TEST_CASE("who responded to a campaign hears no more of it, whatever the channel", "[S1-45]") {
  Ask ask;
  ask.purpose = Purpose::marketing;
  ask.customer.consents = {{"", Purpose::marketing, true, at("2025-01-01T00:00:00Z"), "form"}};
  ask.rules.exclusions.responded_leaves = true;
  const auto responded = [&](std::string_view flow, Duration before) {
    ask.customer.markers = {{Word(kResponded), campaign_key(flow), false, ask.now - before}};
  };
  responded("other_flow", hours(1));
  CHECK(ask.verdict() == "allow");
  responded("this_flow", hours(1));
  CHECK(ask.verdict() == "deny already_responded");
  ask.requested = true;
  CHECK(ask.verdict() == "allow");
  ask.requested = false;
  responded("this_flow", days(2));  // an earlier round of it
  CHECK(ask.verdict() == "allow");
  ask.rules.exclusions.responded_leaves = false;
  responded("this_flow", hours(1));
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("a call in which somebody spoke is a response, one that nobody took is none", "[S1-45]") {
  Ask ask;
  ask.channel = "email";
  ask.purpose = Purpose::marketing;
  ask.customer.consents = {{"", Purpose::marketing, true, at("2025-01-01T00:00:00Z"), "form"}};
  ask.rules.exclusions.responded_leaves = true;
  Touch& call = ask.touched(hours(1), "voice", Purpose::marketing);
  call.flow = "this_flow";
  for (const char* word : {"no_answer", "busy", "voicemail", "hung_up", "screened", "failed"}) {
    call.outcome = word;
    CHECK(ask.verdict() == "allow");
  }
  for (const char* word : {"promised", "refused", "wants_human", "callback", "dissatisfied"}) {
    call.outcome = word;
    CHECK(ask.verdict() == "deny already_responded");
  }
}

TEST_CASE("a more urgent flow that wants the same room goes first, and is named", "[S1-63]") {
  Ask ask;
  ask.rules.priority = {"delivery_retry", "this_flow"};
  ask.rival = Rival{"delivery_retry", "call", "voice", Purpose::service};
  CHECK(ask.verdict() == "allow");  // there is room for both
  ask.rules.gap = hours(4);
  CHECK(ask.verdict() == "hold outranked 2026-01-05T12:00:00Z rival_gone");
  CHECK(ask.facts() == R"({"over":"gap","rule":"priority","winner":"delivery_retry.call"})");
  ask.rules.gap.reset();
  ask.rules.caps = {{{"voice", {}}, 2, days(1)}};
  CHECK(ask.verdict() == "allow");
  ask.touched(hours(3), "voice");  // now one place is left
  CHECK(ask.verdict() == "hold outranked 2026-01-05T12:00:00Z rival_gone");
  ask.rival->channel_kind = "sms";
  CHECK(ask.verdict() == "allow");
  ask.rules.exclusions.mutex = {{{"this_flow", "delivery_retry"}, hours(24)}};
  CHECK(ask.verdict() == "hold outranked 2026-01-05T12:00:00Z rival_gone");
  ask.overrides = {{"priority", "why"}};
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("where losers are dropped, who finds the room taken by a more urgent flow is",
          "[S1-63]") {
  Ask ask;
  ask.rules.priority = {"other_flow", "this_flow"};
  ask.rules.gap = hours(4);
  ask.touched(hours(1));
  CHECK(ask.verdict() == "hold gap_too_short 2026-01-05T14:00:00Z");
  CHECK(ask.facts().find(R"("winner":"other_flow.note")") != std::string::npos);
  ask.rules.exclusions.losers_drop = true;
  CHECK(ask.verdict() == "deny outranked");
  ask.rules.priority = {"this_flow", "other_flow"};  // it lost to nobody: it was only later
  CHECK(ask.verdict() == "hold gap_too_short 2026-01-05T14:00:00Z");
}
