// What Stripe's objects say about a bill, and how an attempt ended by that. No requests here.
// Threads: any.
#pragma once

#include <relance/plugin.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decline.h"

namespace stripe {

// How an attempt ended, in text of its own.
struct Outcome {
  uint32_t status = RL_UNKNOWN;
  std::string word, reason;
  std::vector<std::string> refs;  // charge, payment intent
  std::string decline;            // JSON; empty: none
  std::string payment_link;       // where the customer pays or confirms
  int64_t paid = 0;               // minor units
  std::string currency;           // of `paid`
  int64_t again_at = 0;
  uint32_t again_scope = 0;
};

Outcome unknown(std::string_view why);
Outcome not_now(std::string_view why, int64_t again_at = 0, uint32_t scope = RL_SCOPE_TOUCH);
Outcome failed(std::string_view why);

// A refusal with these codes at this instant: DONE or REFUSED with its word.
Outcome declined(const Codes& codes, int64_t at);

// The state of an invoice or payment intent, as far as it tells how an attempt ended. nullopt: it
// does not (the bill is open).
std::optional<Outcome> from_invoice(const kit::Value* invoice);
std::optional<Outcome> from_intent(const kit::Value* intent);

// From the `error` of a 402.
Outcome from_error(const kit::Value* error, int64_t now);

// From the charges made since the touch, the newest first: paid, under way, or the oldest that was
// refused. nullopt: there is none.
std::optional<Outcome> from_charges(const kit::Value* list, int64_t now);

// Of an invoice, in the shape before and since 2025-03-31: an id, or the intent itself where it was
// asked for. nullptr: none was made yet.
const kit::Value* intent_of_invoice(const kit::Value* invoice);
// An id, or that of the object where it was expanded; empty: neither.
std::string id_of(const kit::Value* value);

}  // namespace stripe
