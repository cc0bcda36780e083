#include "core/gate/gate.h"

#include "ask.h"

using namespace relance;
using namespace relance::test;

namespace {

Consent consent(std::string channel, Purpose purpose, bool given, std::string_view when) {
  return {std::move(channel), purpose, given, at(when), "checkout"};
}

CapRule cap(std::string channel, int at_most, Duration per) {
  return {{std::move(channel), {}}, at_most, per};
}

// 23:00 in Paris.
constexpr const char* kLateEvening = "2026-01-05T22:00:00Z";

}  // namespace

TEST_CASE("a touch against which nothing stands leaves, with the address to send to") {
  Ask ask;
  const GateAnswer answer = ask.answer();
  REQUIRE(std::holds_alternative<Allow>(answer.verdict));
  const Allow& allow = std::get<Allow>(answer.verdict);
  CHECK(allow.to == "+33612345678");
  CHECK(allow.address == normalised_address("voice", "+33612345678").hash);
  CHECK(answer.facts.is_null());
}

TEST_CASE("a channel that is off refuses before anything else", "[S2-33]") {
  Ask ask;
  ask.run.paused = true;
  ask.profile = {};
  ask.rules.off = {"sms"};
  CHECK(ask.verdict() == "hold paused never resumed");
  ask.rules.off = {"sms", "voice"};
  CHECK(ask.verdict() == "deny channel_off");
}

TEST_CASE("a channel can be off for one flow", "[S2-33]") {
  Ask ask;
  ask.tighten.off = {"voice"};
  CHECK(ask.verdict() == "deny channel_off");
}

TEST_CASE("who does not speak the customer's language does not call", "[S0-05]") {
  Ask ask;
  const auto speaks = [&](std::vector<std::string> languages, const char* locale) {
    ask.languages = std::move(languages);
    ask.profile =
        Doc::record({{"phone", Doc::text("+33612345678")}, {"locale", Doc::text(locale)}});
    return ask.verdict();
  };
  CHECK(speaks({"en-GB", "fr-FR"}, "fr-CA") == "allow");
  CHECK(speaks({"en-GB", "fr-FR"}, "FR") == "allow");
  CHECK(speaks({"en-GB", "fr-FR"}, "pl") == "deny language_not_spoken");
  CHECK(speaks({}, "pl") == "allow");
  CHECK(speaks({"fr"}, "") == "allow");  // the bundle's
  CHECK(speaks({"en"}, "") == "deny language_not_spoken");
}

TEST_CASE("while a person owns the case automation waits, until the case is given back") {
  Ask ask;
  ask.customer.leases = {{derive_key({"other run"}), 1, ask.now + minutes(30)},
                         {ask.run.id, 3, ask.now - minutes(1)}};
  CHECK(ask.verdict() == "hold person_owns_case 2026-01-05T11:30:00Z lease_ended");
  ask.requested = true;
  CHECK(ask.verdict() == "hold person_owns_case 2026-01-05T11:30:00Z lease_ended");
  ask.now = ask.now + minutes(30);  // nobody has looked at it yet
  CHECK(ask.verdict() == "hold person_owns_case never lease_ended");
  ask.customer.leases.clear();
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("a paused run waits for its operator") {
  Ask ask;
  ask.run.paused = true;
  CHECK(ask.verdict() == "hold paused never resumed");
  ask.deadline = ask.now + hours(1);  // asked again when it has become late
  CHECK(ask.verdict() == "hold paused 2026-01-05T12:00:00.001Z resumed");
  ask.now = *ask.deadline + milliseconds(1);
  CHECK(ask.verdict() == "deny deadline_passed");
}

TEST_CASE("facts that are missing are read first") {
  Ask ask;
  ask.recheck_pending = true;
  CHECK(ask.verdict() == "need recheck_unread");
  ask.profile = {};
  CHECK(ask.verdict() == "need profile_unread");
  ask.profile_needed = false;
  ask.recheck_pending = false;
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("a rule that looks back beyond what the ledger keeps needs the history") {
  Ask ask;
  ask.rules.caps = {cap("", 5, days(120))};
  CHECK(ask.verdict() == "allow");  // never trimmed: all there is, is there
  ask.customer.touches_since = ask.now - days(119);
  CHECK(ask.verdict() == "need history_unread");
  ask.customer.touches_since = ask.now - days(120);
  CHECK(ask.verdict() == "allow");
  ask.tighten.caps = {cap("", 5, days(121))};
  CHECK(ask.verdict() == "need history_unread");
}

TEST_CASE("without an address that can be right nothing leaves") {
  Ask ask;
  ask.profile = Ask::person("ada@example.com", "", "");
  CHECK(ask.verdict() == "deny no_address");
  ask.channel = "email";
  CHECK(ask.verdict() == "allow");
  ask.profile = Ask::person("ada at example.com", "+33612345678", "");
  CHECK(ask.verdict() == "deny invalid_address");
  ask.channel = "webhook";
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("a suppressed address is closed to every customer who shares it", "[S1-72]") {
  for (const char* written : {"+33612345678", "+33 6 12 34 56 78", "0033612345678"}) {
    Ask ask;
    ask.profile = Ask::person("other@example.com", written, "Europe/Paris");
    ask.suppressed.put(normalised_address("sms", "+33612345678").hash, "opted_out");
    ask.requested = true;
    CHECK(ask.verdict() == "deny suppressed_address");
    CHECK(ask.facts() == R"({"rule":"suppression","suppressed_for":"opted_out"})");
    ask.channel = "email";
    CHECK(ask.verdict() == "allow");
  }
}

TEST_CASE("marketing needs a consent that was given for channel and purpose", "[S1-72][S1-08]") {
  Ask ask;
  ask.purpose = Purpose::marketing;
  CHECK(ask.verdict() == "deny no_consent");
  ask.customer.consents = {consent("email", Purpose::marketing, true, "2025-01-01T00:00:00Z"),
                           consent("", Purpose::recovery, true, "2025-01-01T00:00:00Z")};
  CHECK(ask.verdict() == "deny no_consent");
  ask.customer.consents.push_back(consent("", Purpose::marketing, true, "2025-01-01T00:00:00Z"));
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("the latest word on consent counts, of two at once the withdrawal", "[S1-72]") {
  Ask ask;
  ask.purpose = Purpose::marketing;
  ask.customer.consents = {consent("voice", Purpose::marketing, false, "2025-03-01T00:00:00Z"),
                           consent("", Purpose::marketing, true, "2025-02-01T00:00:00Z")};
  CHECK(ask.verdict() == "deny consent_withdrawn");
  CHECK(ask.facts() ==
        R"({"purpose":"marketing","rule":"consent","withdrawn_at":"2025-03-01T00:00:00Z"})");
  ask.customer.consents[1].at = at("2025-03-01T00:00:00Z");
  CHECK(ask.verdict() == "deny consent_withdrawn");
  ask.customer.consents[1].at = at("2025-03-02T00:00:00Z");
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("recovery and service need no consent unless the rules say so", "[S1-72]") {
  Ask ask;
  CHECK(ask.verdict() == "allow");
  ask.rules.consent_needed_for_recovery = true;
  CHECK(ask.verdict() == "deny no_consent");
  ask.purpose = Purpose::service;
  CHECK(ask.verdict() == "allow");
  ask.customer.consents = {consent("voice", Purpose::service, false, "2025-03-01T00:00:00Z")};
  CHECK(ask.verdict() == "deny consent_withdrawn");
  ask.channel = "sms";
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("outside its window a touch is put off to the next opening", "[S1-44][S1-72]") {
  Ask ask;
  ask.rules.windows = {window("voice", "09:00", "21:00")};
  ask.now = at(kLateEvening);
  CHECK(ask.verdict() == "hold outside_window 2026-01-06T08:00:00Z");
  CHECK(ask.facts() == R"({"local_time":"2026-01-05 23:00","rule":"window","window":"09:00-21:00",)"
                       R"("zone":"Europe/Paris","zone_source":"profile"})");
  ask.requested = true;  // he asked for it, but not at night
  CHECK(ask.verdict() == "hold outside_window 2026-01-06T08:00:00Z");
  ask.now = at("2026-01-06T08:00:00Z");
  CHECK(ask.verdict() == "allow");
  CHECK(ask.facts() == R"({"zone":"Europe/Paris","zone_source":"profile"})");
  ask.now = at(kLateEvening);
  ask.channel = "email";
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("with an unknown zone the strictest candidate applies", "[S1-44]") {
  Ask ask;
  ask.rules.windows = {window("voice", "09:00", "21:00")};
  ask.profile = Ask::person("", "+1 800 555 0132", "");
  ask.now = at("2026-01-05T18:59:59Z");  // 08:59:59 in Honolulu
  CHECK(ask.verdict() == "hold outside_window 2026-01-05T19:00:00Z");
  CHECK(ask.facts() == R"({"local_time":"2026-01-05 08:59","rule":"window","window":"09:00-21:00",)"
                       R"("zone":"Pacific/Honolulu","zone_source":"phone","zones":13})");
  ask.now = at("2026-01-05T19:00:00Z");
  CHECK(ask.verdict() == "allow");
  ask.now = at("2026-01-06T00:29:59Z");  // 20:59:59 in Newfoundland
  CHECK(ask.verdict() == "allow");
  ask.now = at("2026-01-06T00:30:00Z");
  CHECK(ask.verdict() == "hold outside_window 2026-01-06T19:00:00Z");

  ask.channel = "email";
  ask.rules.windows = {window("email", "09:00", "21:00")};
  ask.profile = Ask::person("ada@example.com", "", "");
  ask.bundle_zone = "Europe/Madrid";  // or the Canary Islands
  ask.now = at("2026-01-05T08:30:00Z");
  CHECK(ask.verdict() == "hold outside_window 2026-01-05T09:00:00Z");
}

TEST_CASE("between two touches lies the gap, over all channels and flows", "[S2-23][S1-72]") {
  Ask ask;
  ask.rules.gap = hours(4);
  ask.touched(hours(3), "email", Purpose::marketing);
  CHECK(ask.verdict() == "hold gap_too_short 2026-01-05T12:00:00Z");
  CHECK(ask.facts() == R"({"gap":"4 h","last_channel":"email",)"
                       R"("last_contact_at":"2026-01-05T08:00:00Z","rule":"gap",)"
                       R"("used_by":"other_flow.note"})");
  ask.now = at("2026-01-05T11:59:59Z");
  CHECK(ask.verdict() == "hold gap_too_short 2026-01-05T12:00:00Z");
  ask.now = at("2026-01-05T12:00:00Z");
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("what may have reached the customer counts, what cannot have does not", "[S2-23]") {
  const auto gap_after = [](auto change) {
    Ask ask;
    ask.rules.gap = hours(4);
    change(ask.touched(hours(1), "sms"));
    return ask.verdict() != "allow";
  };
  CHECK(gap_after([](Touch& touch) {
    touch.state = TouchState::intended;
    touch.outcome.clear();
  }));
  CHECK(gap_after([](Touch& touch) {
    touch.state = TouchState::unknown;
    touch.outcome.clear();
  }));
  CHECK(gap_after([](Touch& touch) {
    touch.state = TouchState::parked;
    touch.outcome.clear();
  }));
  CHECK(gap_after([](Touch& touch) { touch.requested = true; }));
  CHECK(gap_after([](Touch& touch) { touch.outcome = "no_answer"; }));
  CHECK_FALSE(gap_after([](Touch& touch) { touch.outcome = "failed"; }));
  CHECK_FALSE(gap_after([](Touch& touch) { touch.what = TouchWhat::charge; }));
  CHECK_FALSE(gap_after([](Touch& touch) { touch.what = TouchWhat::operation; }));
}

TEST_CASE("a cap is rolling: it clears when the oldest counted touch leaves", "[S1-72]") {
  Ask ask;
  ask.rules.caps = {cap("", 2, days(7))};
  ask.touched(days(8));
  ask.touched(days(6));
  CHECK(ask.verdict() == "allow");
  ask.touched(days(2), "sms");
  CHECK(ask.verdict() == "hold cap_reached 2026-01-06T11:00:00Z");
  CHECK(ask.facts() == R"({"cap":2,"counted":2,"per":"7 d","rule":"cap","scope":"any channel",)"
                       R"("used_by":"other_flow.note"})");
  ask.now = at("2026-01-06T10:59:59Z");
  CHECK(ask.verdict() == "hold cap_reached 2026-01-06T11:00:00Z");
  ask.now = at("2026-01-06T11:00:00Z");
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("a cap counts its channel and its purpose only", "[S1-72][S1-08]") {
  Ask ask;
  ask.rules.caps = {cap("voice", 1, days(1))};
  ask.touched(hours(5), "sms");
  CHECK(ask.verdict() == "allow");
  ask.touched(hours(4), "voice");
  CHECK(ask.verdict() == "hold cap_reached 2026-01-06T07:00:00Z");
  ask.channel = "sms";
  CHECK(ask.verdict() == "allow");

  CapRule marketing = cap("", 1, days(1));
  marketing.scope.purpose = Purpose::marketing;
  ask.rules.caps = {marketing};
  ask.touched(hours(1), "email", Purpose::marketing);
  CHECK(ask.verdict() == "allow");  // this is recovery
  ask.purpose = Purpose::marketing;
  ask.customer.consents = {consent("", Purpose::marketing, true, "2025-01-01T00:00:00Z")};
  CHECK(ask.verdict() == "hold cap_reached 2026-01-06T10:00:00Z");
  CHECK(ask.facts() ==
        R"({"cap":1,"counted":1,"per":"24 h","rule":"cap","scope":"marketing, any channel",)"
        R"("used_by":"other_flow.note"})");
}

TEST_CASE("more touches than a cap allows clear it only when enough have left") {
  Ask ask;
  ask.rules.caps = {cap("", 2, days(1))};
  ask.touched(hours(10)).requested = true;
  ask.touched(hours(8)).requested = true;
  ask.touched(hours(6));
  CHECK(ask.verdict() == "hold cap_reached 2026-01-06T03:00:00Z");  // one of the last two
}

TEST_CASE("what the customer asked for waits for no cap and no gap, but counts", "[S1-72]") {
  Ask ask;
  ask.rules.caps = {cap("", 1, days(1))};
  ask.rules.gap = hours(4);
  ask.touched(hours(1));
  ask.requested = true;
  CHECK(ask.verdict() == "allow");
  ask.customer.touches.back().requested = true;
  ask.requested = false;
  CHECK(ask.verdict() == "hold cap_reached 2026-01-06T10:00:00Z");
}

TEST_CASE("an override lifts the rule it names and no other, and says so", "[S1-03]") {
  Ask ask;
  ask.rules.caps = {cap("", 1, days(1))};
  ask.rules.gap = hours(4);
  ask.rules.windows = {window("voice", "09:00", "11:00")};
  ask.touched(hours(1));
  ask.overrides = {{"cap", "last notice before the service ends"}};
  CHECK(ask.verdict() == "hold outside_window 2026-01-06T08:00:00Z");
  ask.overrides.push_back({"window", "same"});
  CHECK(ask.verdict() == "hold gap_too_short 2026-01-05T14:00:00Z");
  ask.overrides.push_back({"gap", "same"});
  CHECK(std::get<Allow>(ask.answer().verdict).lifted == "gap, cap, window");
  CHECK(ask.facts().find(R"("override_cap":"last notice before the service ends")") !=
        std::string::npos);
  ask.suppressed.put(normalised_address("voice", "+33612345678").hash, "opted_out");
  CHECK(ask.verdict() == "deny suppressed_address");
}

TEST_CASE("a flow can only tighten the tenant's rules", "[S1-03]") {
  Ask ask;
  ask.rules.windows = {window("voice", "09:00", "21:00")};
  ask.tighten.windows = {window("voice", "08:00", "12:00"), window("voice", "14:00", "22:00")};
  CHECK(ask.verdict() == "hold outside_window 2026-01-05T13:00:00Z");  // noon in Paris
  ask.now = at("2026-01-05T20:30:00Z");
  CHECK(ask.verdict() == "hold outside_window 2026-01-06T08:00:00Z");
  ask.tighten.windows = {window("voice", "21:00", "23:00")};
  CHECK(ask.verdict() == "deny never_clears");

  Ask spaced;
  spaced.rules.gap = hours(4);
  spaced.tighten.gap = hours(1);
  spaced.touched(hours(3));
  CHECK(spaced.verdict() == "hold gap_too_short 2026-01-05T12:00:00Z");
  spaced.tighten.gap = hours(6);
  CHECK(spaced.verdict() == "hold gap_too_short 2026-01-05T14:00:00Z");
  spaced.rules.gap.reset();
  CHECK(spaced.verdict() == "hold gap_too_short 2026-01-05T14:00:00Z");

  Ask counted;
  counted.rules.caps = {cap("", 5, days(7))};
  counted.tighten.caps = {cap("", 1, days(1))};
  counted.touched(hours(3));
  CHECK(counted.verdict() == "hold cap_reached 2026-01-06T08:00:00Z");
}

TEST_CASE("of several causes the latest is told, and the window is asked again where they end") {
  Ask ask;
  ask.rules.windows = {window("voice", "09:00", "13:00")};
  ask.rules.gap = hours(4);
  ask.touched(hours(1));
  // Now 12:00 in Paris; the gap is over at 15:00, when the window is shut again.
  CHECK(ask.verdict() == "hold gap_too_short 2026-01-06T08:00:00Z");
  ask.rules.windows = {window("voice", "18:00", "21:00")};
  CHECK(ask.verdict() == "hold outside_window 2026-01-05T17:00:00Z");
  ask.rules.caps = {cap("", 1, days(1))};
  CHECK(ask.verdict() == "hold cap_reached 2026-01-06T17:00:00Z");
}

TEST_CASE("a cap or gap that cannot clear in two days or before the run ends is a denial") {
  Ask ask;
  ask.rules.caps = {cap("", 1, days(7))};
  ask.touched(days(5));
  CHECK(ask.verdict() == "hold cap_reached 2026-01-07T11:00:00Z");
  ask.run.expire_at = at("2026-01-07T11:00:00Z");
  CHECK(ask.verdict() == "deny never_clears");
  ask.run.expire_at = ask.now + days(28);
  ask.customer.touches.back().intended_at = ask.now - days(5) + seconds(1);
  CHECK(ask.verdict() == "deny never_clears");
  CHECK(ask.facts() == R"({"cap":1,"clears_at":"2026-01-07T11:00:01Z","counted":1,)"
                       R"("held_by":"cap_reached","per":"7 d","rule":"cap",)"
                       R"("scope":"any channel","used_by":"other_flow.note"})");
  ask.rules.caps = {cap("", 0, days(7))};
  CHECK(ask.verdict() == "deny never_clears");
}

TEST_CASE("a window may hold longer than two days, but not beyond the run's end") {
  Ask ask;
  ask.now = at("2026-01-09T20:30:00Z");  // Friday evening
  ask.rules.windows = {window("voice", "09:00", "21:00", kMondayToFriday)};
  CHECK(ask.verdict() == "hold outside_window 2026-01-12T08:00:00Z");
  ask.run.expire_at = at("2026-01-12T08:00:00Z");
  CHECK(ask.verdict() == "deny never_clears");
}

TEST_CASE("a touch that cannot leave before its deadline is late at once") {
  Ask ask;
  ask.rules.windows = {window("voice", "14:00", "21:00")};
  ask.deadline = at("2026-01-05T13:00:00Z");  // 14:00 in Paris
  CHECK(ask.verdict() == "hold outside_window 2026-01-05T13:00:00Z");
  ask.deadline = at("2026-01-05T12:59:59Z");
  CHECK(ask.verdict() == "deny deadline_passed");
  ask.rules = {};
  CHECK(ask.verdict() == "allow");
  ask.rules.caps = {cap("", 1, days(30))};  // late, though it would not clear in two days either
  ask.touched(hours(1));
  CHECK(ask.verdict() == "deny deadline_passed");
  ask.rules = {};
  ask.now = *ask.deadline;
  CHECK(ask.verdict() == "allow");
  ask.now = ask.now + milliseconds(1);
  CHECK(ask.verdict() == "deny deadline_passed");
}

TEST_CASE("an operation on a connector passes unless its run is paused") {
  Ask ask;
  ask.what = TouchWhat::operation;
  ask.channel = "connector";
  ask.profile = {};
  ask.rules.caps = {cap("", 0, days(1))};
  ask.customer.leases = {{ask.run.id, 1, Instant::never()}};
  CHECK(ask.verdict() == "allow");
  ask.run.paused = true;
  CHECK(ask.verdict() == "hold paused never resumed");
}
