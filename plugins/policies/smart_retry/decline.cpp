#include "decline.h"

#include <algorithm>

#include "tables.h"

namespace smart_retry {
namespace {

bool any_of(const auto& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

Verdict by_action(std::string_view action) {
  if (action == "stop_and_respect") return {Kind::never, "mandate_revoked"};
  if (action == "request_new_method") return {Kind::never, "needs_new_method"};
  if (action == "request_data_fix") return {Kind::never, "needs_data_fix"};
  if (action == "request_authentication") return {Kind::never, "needs_authentication"};
  if (action == "review_fraud") return {Kind::never, "fraud_review"};
  if (action == "fix_integration") return {Kind::never, "our_fault"};
  if (action == "contact_issuer") return {Kind::issuer, "bank_must_help"};
  if (action == "retry_now") return {Kind::technical, "technical_fault"};
  return {};
}

}  // namespace

Decline read_decline(const kit::Value* ask) {
  const kit::Value* from = kit::find(ask, "answer.decline");
  if (from == nullptr) from = kit::find(ask, "event.decline");
  Decline decline;
  decline.code = kit::text(from, "network_decline_code", kit::text(from, "raw_code"));
  decline.network = kit::text(from, "network");
  decline.country = kit::text(ask, "event.country", kit::text(ask, "customer.country"));
  decline.advice = kit::text(from, "network_advice_code");
  decline.provider_advice = kit::text(from, "provider_advice");
  decline.action = kit::text(from, "action");
  decline.earliest_retry_at = kit::text(from, "earliest_retry_at");
  decline.same_credential = kit::boolean(from, "retry_allowed_same_credential", true);
  return decline;
}

Verdict judge(const Decline& decline) {
  if (any_of(kRevokedCodes, decline.code) || decline.advice == kAdviceRevoked) {
    return {Kind::never, "mandate_revoked"};
  }
  // Only Visa's own codes make its category; another network's 57 is not forbidden by Visa.
  const bool category_one = decline.network == "visa" && any_of(kNeverCodes, decline.code);
  if (category_one || any_of(kAdviceNever, decline.advice) ||
      decline.provider_advice == "do_not_try_again" || !decline.same_credential) {
    return {Kind::never, "network_forbids"};
  }
  if (decline.provider_advice == "confirm_card_data") return {Kind::never, "needs_data_fix"};
  if (const Verdict verdict = by_action(decline.action); !verdict.reason.empty()) return verdict;
  if (any_of(kFundsCodes, decline.code)) return {Kind::funds, "next_payday"};
  if (any_of(kLimitCodes, decline.code)) return {Kind::limit, "limit_resets"};
  return {Kind::vague, "spaced"};
}

}  // namespace smart_retry
