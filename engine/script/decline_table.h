// Declines completed at intake: what kind of refusal a payment met, and what it asks for, told from
// the codes alone.
//
// A gateway's event usually carries its raw code and perhaps the card network's codes. Here they
// become `class`, `action`, `earliest_retry_at` and `retry_allowed_same_credential`
// (docs/reference/declines.md); what the sender wrote himself is never changed. Where several codes
// disagree the most restrictive wins. Codes are data: decline_codes.inc. Threads: any; the tables
// are constant.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/doc.h"
#include "base/instant.h"

namespace relance {

enum class DeclineClass : uint8_t { soft, hard, customer_action, technical, fraud, config };
std::string_view decline_class_name(DeclineClass value);
bool decline_class_from(std::string_view name, DeclineClass& value);

// From the mildest to the most restrictive, so that the larger of two wins.
enum class DeclineAction : uint8_t {
  retry_now,               // a technical fault: minutes, once or twice, before any message
  retry_scheduled,         // silently, at a chosen time
  contact_issuer,          // the bank must be asked, or another card used
  request_data_fix,        // a number, date or code is wrong: the customer enters it again
  request_authentication,  // the customer must confirm (3DS)
  fix_integration,         // our fault: operators are told
  request_new_method,      // never again with this credential
  review_fraud,            // a person looks; no automated contact
  stop_and_respect,        // the customer revoked the mandate: no retry and no pressure
};
std::string_view decline_action_name(DeclineAction value);
bool decline_action_from(std::string_view name, DeclineAction& value);

// The codes of one refused attempt. Empty: not told.
struct DeclineCodes {
  std::string_view provider, raw_code, network, network_decline_code, network_advice_code,
      provider_advice;
};

struct DeclineVerdict {
  DeclineClass kind = DeclineClass::soft;
  DeclineAction action = DeclineAction::contact_issuer;
  Duration wait;                // before the next attempt; zero: none is told
  bool same_credential = true;  // may this credential be tried again as it is?
  std::string_view
      decided_by;  // revocation, never_approve, wait, data_first, code_table, unknown_code
};

DeclineVerdict judge_decline(const DeclineCodes& codes);

// `decline` (a record) with the fields that it lacks. `declined_at` is when it happened; without it
// no wait is turned into `earliest_retry_at`. Fails with event_bad_field; the message names the
// place below `place` ("data.decline").
Result<Doc> complete_decline(DocView decline, std::optional<Instant> declined_at,
                             std::string_view place);

}  // namespace relance
