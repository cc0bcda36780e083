// Data of the plugins: error codes, TwiML, outcomes, languages.
#include <catch2/catch.hpp>
#include <set>

#include "abi/fake_host.h"
#include "channels/twilio/shared/answers.h"
#include "channels/twilio/voice/outcome.h"
#include "channels/twilio/voice/setting.h"
#include "channels/twilio/voice/twiml.h"
#include "kit/date.h"
#include "kit/prices.h"
#include "kit/text.h"

using namespace twilio;

TEST_CASE("error codes say what becomes of a touch") {
  CHECK(error_meaning(21610).word == "opted_out");
  CHECK(error_meaning(21610).status == RL_REFUSED);
  CHECK(error_meaning(21211).word == "invalid_number");
  CHECK(error_meaning(21614).word == "invalid_number");
  CHECK(error_meaning(20003).operator_must_act);
  CHECK(error_meaning(30007).operator_must_act);
  CHECK(error_meaning(99999).word == "failed");
  CHECK(error_meaning(99999).status == RL_FAILED);
}

TEST_CASE("the provider's dates are read, with their zone") {
  CHECK(kit::parse_date("Mon, 05 Jan 2026 08:00:00 +0000") == 1767600000000);
  CHECK(kit::parse_date("Mon, 05 Jan 2026 10:00:00 +0200") == 1767600000000);
  CHECK(kit::parse_date("Mon, 05 Jan 2026 03:00:00 -0500") == 1767600000000);
  CHECK_FALSE(kit::parse_date("2026-01-05T08:00:00Z"));
  CHECK_FALSE(kit::parse_date("Mon, 35 Jan 2026 08:00:00 +0000"));
  CHECK_FALSE(kit::parse_date("Mon, 05 Foo 2026 08:00:00 +0000"));
  CHECK_FALSE(kit::parse_date(""));
}

TEST_CASE("a price is that of the longest prefix; an unknown number costs what the dearest does") {
  const kit::Json json(R"({"currency":"EUR","prices":{"default":80000,"+1":7900,"+1876":90000}})");
  const kit::Prices prices(json.root());
  CHECK(prices.of("+14155550100") == 7900);
  CHECK(prices.of("+18765550100") == 90000);
  CHECK(prices.of("+48601234567") == 80000);
  CHECK(prices.of("") == 90000);
  CHECK(prices.cost("+14155550100", 3).micro == 23700);
  CHECK(std::string(prices.cost("+1", 1).currency) == "EUR");
  const kit::Json none("{}");
  CHECK(kit::Prices(none.root()).cost("+1", 1).quality == RL_COST_UNKNOWN);
}

TEST_CASE("texts in TwiML cannot become verbs") {
  const std::string xml =
      Twiml().say("<Dial>+1900</Dial> & \"x\"\n", "en-US\" x=\"", "").hang_up().text();
  CHECK(xml.find("<Dial>") == std::string::npos);
  CHECK(xml.find("&lt;Dial&gt;+1900&lt;/Dial&gt; &amp; &quot;x&quot; ") != std::string::npos);
  CHECK(xml.find("language=\"en-US&quot; x=&quot;\"") != std::string::npos);
}

TEST_CASE("every end of a call has its word", "[S1-47]") {
  const auto word = [](const CallFacts& facts, const char* status, const char* answered_by = "",
                       int64_t sip = 0) {
    return std::string(outcome_of(facts, status, answered_by, sip).word);
  };
  CallFacts up;
  up.up = true;
  CallFacts said = up;
  said.ended_by_us = true;
  CallFacts machine;
  machine.machine = true;
  CHECK(word({}, "no-answer") == "no_answer");
  CHECK(word({}, "busy") == "busy");
  CHECK(word({}, "failed", "", 404) == "invalid_number");
  CHECK(word({}, "failed", "", 484) == "invalid_number");
  CHECK(word({}, "failed", "", 603) == "screened");
  CHECK(word({}, "failed", "", 608) == "screened");
  CHECK(word({}, "failed", "", 486) == "busy");
  CHECK(word({}, "failed", "", 503) == "failed");
  CHECK(outcome_of({}, "failed", "", 503).status == RL_FAILED);
  CHECK(word(machine, "completed") == "voicemail");
  CHECK(word({}, "completed", "machine_start") == "voicemail");
  CHECK(word({}, "completed", "fax") == "invalid_number");
  CHECK(word(up, "completed") == "hung_up");
  CHECK(word({}, "completed") == "hung_up");
  CHECK(word(said, "completed") == "delivered");
  CallFacts cancelled;
  cancelled.cancelled = true;
  CHECK(outcome_of(cancelled, "canceled", "", 0).status == RL_CANCELLED);
}

TEST_CASE("a language finds its text, and the region that the provider wants") {
  const Setting::Texts texts{{"fr", "a"}, {"de-AT", "b"}, {"default", "c"}};
  CHECK(for_language(texts, "fr-CH") == "a");
  CHECK(for_language(texts, "de-AT") == "b");
  CHECK(for_language(texts, "de-DE") == "c");
  CHECK(for_language({}, "de").empty());
  CHECK(with_region("pl") == "pl-PL");
  CHECK(with_region("en-GB") == "en-GB");
  CHECK(with_region("tlh") == "tlh");
}

TEST_CASE("the voice plugin tells what it hears, and which languages it speaks", "[S0-05]") {
  const rl_plugin* plugin = abi::Instance::load("relance.voice.twilio");
  const auto* talks = static_cast<const rl_conversation*>(plugin->get_interface(RL_CONVERSATION));
  REQUIRE(talks != nullptr);
  CHECK(talks->flags == (RL_HEARS_SPEECH | RL_HEARS_KEYS | RL_TRANSFERS));
  const rl_channel_caps& caps =
      *static_cast<const rl_channel*>(plugin->get_interface(RL_CHANNEL))->caps;
  std::set<std::string> spoken(caps.languages, caps.languages + caps.languages_count);
  for (const char* language : {"de", "en", "es", "fr", "pl"}) CHECK(spoken.contains(language));
  CHECK(caps.max_in_flight >= 1000);
}
