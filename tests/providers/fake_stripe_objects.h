// What the fake Stripe keeps, and how Stripe writes it: invoices, payment intents, charges, errors,
// events (shapes of API version 2026-06-24, and of invoices before 2025-03-31).
#pragma once

#include <string>
#include <vector>

#include "base/doc.h"
#include "base/instant.h"

namespace relance::stripe_fake {

// How an attempt goes. Without a decline code it is paid.
struct Attempt {
  std::string decline_code;          // "insufficient_funds"
  std::string network_code, advice;  // "51", "try_again_later"
  std::string network_advice;        // "25"
  std::string network = "visa";
  std::string code = "card_declined";  // of the error
  bool processing = false;             // a bank debit: nobody knows for days
  bool confirm = false;                // the customer must confirm (3DS): no card is reached

  bool paid() const { return decline_code.empty() && !processing && !confirm; }
};

struct Invoice {
  std::string id, customer, intent, currency, status = "open";
  int64_t amount = 0, attempts = 0;
  int64_t next_attempt = 0;  // Unix seconds; 0: none
};

struct Intent {
  std::string id, customer, invoice, currency, status = "requires_payment_method";
  std::string charge;  // the latest
  int64_t amount = 0;
  Attempt last;
};

struct Charge {
  std::string id, intent, currency, key;  // key: of the ledger
  int64_t amount = 0, created = 0;        // Unix seconds
  Attempt how;
};

// How much of an invoice's payment is shown: as the request expanded it.
enum class Shown : uint8_t { nothing, id, whole };
Doc write(const Invoice& invoice, const Intent& intent, bool old_shape, Shown shown);
Doc write(const Intent& intent);
Doc write(const Charge& charge);
Doc write_list(const std::vector<Doc>& items, const std::string& url);
// {"error": {...}} of a 402.
Doc write_decline(const Intent& intent);
// {"error": {"type", "code", "message"}}
std::string error_json(const std::string& type, const std::string& code);

// An event as a webhook carries it. `key`: of the request that caused it, empty: none.
std::string event_json(int number, const std::string& type, const Doc& object, int64_t created,
                       const std::string& key);
// The header Stripe-Signature of a body sent at `at` (Unix seconds).
std::string signature(const std::string& secret, int64_t at, const std::string& body);

}  // namespace relance::stripe_fake
