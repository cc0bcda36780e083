#include <catch2/catch.hpp>

#include "script/reading_contact.h"

namespace relance {
namespace {

TimeOfDay at(const char* text) { return parse_time_of_day(text).value(); }

}  // namespace

TEST_CASE("Contact rules are read as they are written") {
  const Contact contact(R"(
return contact {
  windows = {
    voice = between("09:00", "21:00"),
    sms = { between("09:00", "12:00"), between("14:00", "18:00", "mon-fri") },
    { purpose = "marketing", channel = any_channel, between("10:00", "20:00", "sat,sun") },
  },
  caps = {
    { channel = any_channel, at_most = 5, per = days(7) },
    { channel = "voice", purpose = "recovery", at_most = 1, per = days(1) },
  },
  gap = hours(4),
  suppress = { "opted_out", "do_not_call" },
  priority = { "payment_recovery", "win_back" },
  recovery_needs_consent = true,
}
)");
  CHECK(contact.problems.empty());
  const ContactRules& rules = contact.rules;
  REQUIRE(rules.windows.size() == 4);
  CHECK(rules.windows[0] == WindowRule{{"sms", {}}, at("09:00"), at("12:00"), 0x7f});
  CHECK(rules.windows[1] == WindowRule{{"sms", {}}, at("14:00"), at("18:00"), 0x1f});
  CHECK(rules.windows[2] == WindowRule{{"voice", {}}, at("09:00"), at("21:00"), 0x7f});
  CHECK(rules.windows[3] == WindowRule{{"", Purpose::marketing}, at("10:00"), at("20:00"), 0x60});
  REQUIRE(rules.caps.size() == 2);
  CHECK(rules.caps[0] == CapRule{{"", {}}, 5, days(7)});
  CHECK(rules.caps[1] == CapRule{{"voice", Purpose::recovery}, 1, days(1)});
  CHECK(rules.gap == hours(4));
  CHECK(rules.suppress_on == std::vector<std::string>{"opted_out", "do_not_call"});
  CHECK(rules.priority == std::vector<std::string>{"payment_recovery", "win_back"});
  CHECK(rules.consent_needed_for_recovery);
}

TEST_CASE("Every slip of contact.lua stands at its line, all at once") {
  const Contact contact(R"(return contact {
  windows = {
    voise = between("09:00", "21:00"),
    sms = between("9", "21:00"),
    email = "always",
    { purpose = "marketting", between("10:00", "20:00", "mon-fry") },
  },
  caps = {
    { channel = "fax", at_most = 5, per = days(7) },
    { at_most = 1 },
  },
  gapp = hours(4),
}
)");
  CHECK(contact.problems ==
        "contact.lua:3: error E0201: there is no kind of channel 'voise'; did you mean 'voice'?\n"
        "contact.lua:4: error E0209: '9' is not a time of day; write between(\"09:00\", \"21:00\", "
        "\"mon-fri\")\n"
        "contact.lua:5: error E0209: a window wants between(...), not the text 'always'; write "
        "between(\"09:00\", \"21:00\", \"mon-fri\")\n"
        "contact.lua:6: error E0126: there is no purpose 'marketting'; did you mean 'marketing'?\n"
        "contact.lua:6: error E0209: 'mon-fry' names no weekdays; write between(\"09:00\", "
        "\"21:00\", \"mon-fri\")\n"
        "contact.lua:9: error E0201: there is no kind of channel 'fax'\n"
        "contact.lua:10: error E0108: cap lacks 'per'; it is a duration, such as hours(2): in any "
        "span of this length\n"
        "contact.lua:12: error E0105: contact has no field 'gapp'; did you mean 'gap'?\n");
}

TEST_CASE("Markers and exclusions are read as they are written") {
  const Contact contact(R"(return contact {
  markers = {
    return_open = { opens = event "return.approved", key = "return_id", at_most = days(60),
                    closes = any { event "return.closed", event "return.processed" } },
    in_support  = { opens = event "support.opened", closes = event "support.closed" },
  },
  exclusions = {
    never { purpose = "marketing", during = "return_open", within = days(7), act = "drop" },
    never { "win_back", channel = "voice", during = "in_support" },
    never { any_flow, during = "in_support", act = "wait" },
    mutex { "payment_recovery", "win_back", within = hours(24) },
    max { channel = "voice", at_most = 3, per = days(7) },
  },
  suppress = { "opted_out", responded_to_campaign },
  losers   = "drop",
}
)");
  CHECK(contact.problems.empty());
  const Exclusions& rules = contact.rules.exclusions;
  CHECK(rules.markers ==
        std::vector<MarkerRule>{{"in_support", {"support.opened"}, {"support.closed"}, {}, {}},
                                {"return_open",
                                 {"return.approved"},
                                 {"return.closed", "return.processed"},
                                 {"return_id"},
                                 days(60)}});
  REQUIRE(rules.never.size() == 3);
  CHECK(rules.never[0] == NeverRule{{"", Purpose::marketing}, {}, "return_open", days(7), true});
  CHECK(rules.never[1] == NeverRule{{"voice", {}}, {"win_back"}, "in_support", {}, false});
  CHECK(rules.never[2] == NeverRule{{}, {}, "in_support", {}, false});
  CHECK(rules.mutex == std::vector<MutexRule>{{{"payment_recovery", "win_back"}, hours(24)}});
  CHECK(rules.max == std::vector<CapRule>{{{"voice", {}}, 3, days(7)}});
  CHECK(rules.responded_leaves);
  CHECK(rules.losers_drop);
  CHECK(contact.rules.suppress_on == std::vector<std::string>{"opted_out"});
  CHECK(contact.rules.longest_look_back() == days(7));
}

TEST_CASE("A rule that cannot work is told at its line") {
  const Contact contact(R"(return contact {
  markers = {
    a = { opens = event "return.approved", closes = event "return.approved" },
    b = { opens = event "return.approved", closes = event "support.closed", key = "return_id" },
  },
  exclusions = {
    never { during = "a" },
    mutex { "payment_recovery", within = hours(24) },
    never { any_flow, during = "c", act = "hold" },
  },
  losers = "die",
}
)");
  CHECK(contact.problems ==
        "contact.lua:3: error E0209: marker 'a' both opens and closes with 'return.approved'\n"
        "contact.lua:4: error E0209: event 'support.closed' has no field 'return_id', the key of "
        "marker 'b'\n"
        "contact.lua:7: error E0209: 'never' does not say for whom; name flows, a purpose, a "
        "channel or any_flow\n"
        "contact.lua:8: error E0209: 'mutex' wants the names of two flows or more; write mutex { "
        "\"delivery_retry\", \"cod_confirmation\", within = hours(24) }\n"
        "contact.lua:9: error E0213: there is no marker 'c'\n"
        "contact.lua:9: error E0126: there is no act 'hold'\n"
        "contact.lua:11: error E0126: there is no act 'die'\n");
}

TEST_CASE("kinds of channels are switched off by name") {
  const Contact contact(R"(return contact {
  off = { "voice", "voise" },
}
)");
  CHECK(contact.problems ==
        "contact.lua:2: error E0201: there is no kind of channel 'voise'; did you mean 'voice'?\n");
  CHECK(contact.rules.off == std::vector<std::string>{"voice"});
}

TEST_CASE("What contact.lua names must exist") {
  const Contact contact(R"(return contact {
  markers = { m = { opens = event "return.aproved", closes = event "return.closed" } },
  suppress = { "opted_uot" },
  priority = { "payment_recovry" },
}
)");
  CHECK(contact.problems ==
        "contact.lua:2: error E0115: there is no event 'return.aproved'; did you mean "
        "'return.approved'?\n"
        "contact.lua:3: warning E0124: no channel gives the word 'opted_uot'; did you mean "
        "'opted_out'?\n"
        "contact.lua:4: warning E0214: there is no flow 'payment_recovry' in this bundle; did you "
        "mean 'payment_recovery'?\n");
}

TEST_CASE("A file that returns something else is no contact.lua") {
  CHECK(Contact("return { gap = 4 }").problems ==
        "contact.lua: error E0209: this file returns a table, not contact rules; end it with "
        "return contact { ... }\n");
}

TEST_CASE("Guards are read as they are written", "[S0-24]") {
  const Contact contact(R"(return contact {
  guards = {
    guard { opt_out_rate = { above = 2.0, times = "baseline", within = hours(1) }, act = "pause" },
    guard { flow = "win_back", complaint_rate = { above = 3, times = 0.1, within = days(1) },
            act = "pause" },
  },
}
)");
  CHECK(contact.problems.empty());
  GuardRule first, second;
  first.within = hours(1);
  second.what = GuardRule::What::complaint;
  second.flow = "win_back";
  second.above = 3;
  second.usual = 0.1 / 100;
  second.within = days(1);
  CHECK(contact.rules.guards == std::vector<GuardRule>{first, second});
}

TEST_CASE("A guard that cannot work is told at its line", "[S0-24]") {
  const Contact contact(R"(return contact {
  guards = {
    guard { act = "pause" },
    guard { opt_out_rate = { above = 1, times = "baseline", within = hours(1) }, act = "pause" },
    guard { opt_out_rate = { above = 2, times = "usual", within = hours(1) }, act = "pause" },
    guard { opt_out_rate = { above = 2, times = "baseline", within = 5 }, act = "stop" },
    "guard",
  },
}
)");
  CHECK(contact.rules.guards.empty());
  for (const char* told : {"contact.lua:3: error E0209: a guard watches nothing",
                           "contact.lua:4: error E0126: 'above' must be more than 1",
                           "contact.lua:5: error E0126: 'times' must be \"baseline\"",
                           "contact.lua:6: error E0126: there is no act 'stop'",
                           "'guards' wants guard { ... }, not the text 'guard'"}) {
    INFO(contact.problems);
    const bool is_told = contact.problems.find(told) != std::string::npos;
    CHECK(is_told);
  }
}

}  // namespace relance
