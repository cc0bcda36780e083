// The plugin and the engine read one table of codes: they must never disagree.
#include "channels/stripe/decline.h"

#include <catch2/catch.hpp>

#include "script/decline_table.h"

using namespace relance;

namespace {

const std::vector<std::string> kRaw = {"",
                                       "authentication_required",
                                       "insufficient_funds",
                                       "card_velocity_exceeded",
                                       "processing_error",
                                       "try_again_later",
                                       "generic_decline",
                                       "call_issuer",
                                       "transaction_not_allowed",
                                       "expired_card",
                                       "incorrect_number",
                                       "incorrect_cvc",
                                       "invalid_amount",
                                       "stolen_card",
                                       "fraudulent",
                                       "revocation_of_authorization",
                                       "unheard_of"};
const std::vector<std::string> kNetworkCodes = {"",   "5",  "14", "51", "54", "57", "65", "82",
                                                "83", "1A", "1a", "R0", "12", "96", "zz"};
const std::vector<std::string> kAdvice = {"",   "01", "1",  "02", "03", "04", "21",
                                          "24", "30", "40", "41", "99", "7"};
const std::vector<std::string> kWords = {"", "try_again_later", "do_not_try_again",
                                         "confirm_card_data"};

void compare(const stripe::Codes& codes) {
  const stripe::Verdict ours = stripe::judge(codes);
  const DeclineVerdict engine = judge_decline(
      {"stripe", codes.raw, codes.network, codes.network_code, codes.network_advice, codes.advice});
  const bool same =
      ours.kind == decline_class_name(engine.kind) &&
      ours.action == decline_action_name(engine.action) && hours(ours.wait_hours) == engine.wait &&
      ours.same_credential == engine.same_credential && ours.decided_by == engine.decided_by;
  if (same) return;
  FAIL(codes.raw << " " << codes.network << " " << codes.network_code << " " << codes.network_advice
                 << " " << codes.advice << ": " << ours.action << " by " << ours.decided_by
                 << ", not " << decline_action_name(engine.action) << " by " << engine.decided_by);
}

}  // namespace

TEST_CASE("Stripe's codes mean the same to the plugin as to the engine", "[S2-08]") {
  for (const std::string& raw : kRaw)
    for (const std::string network : {"", "visa", "mastercard"})
      for (const std::string& code : kNetworkCodes)
        for (const std::string& advice : kAdvice)
          for (const std::string& word : kWords) compare({raw, network, code, advice, word});
  SUCCEED("all agree");
}

TEST_CASE("the limit on declines of one card asks for a day's rest") {
  stripe::Codes codes;
  codes.raw = "card_decline_rate_limit_exceeded";
  CHECK(stripe::judge(codes).wait_hours == 24);
  CHECK(stripe::word_of(stripe::judge(codes)) == "declined");
}
