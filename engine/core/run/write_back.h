// Write-back: what becomes known of a contact is told to the bundle's CRM by itself, once.
//
// Each piece of news is an operation "touch_outcome" of the customer's own, under a key that
// follows from the contact and the word. Its intent is durable with the record that it tells of; a
// CRM that is down delays it. It belongs to no run, so it keeps none alive, and it leaves the
// ledger once it is settled. A bundle without a CRM that takes outcomes (Connector::takes_outcomes)
// asks for none.
#pragma once

#include "core/run/worker.h"

namespace relance {

struct ContactNews {
  std::string_view word;  // "delivered", "no_answer", "confirmed", "bounced"
  std::string_view reason;
  Instant at;  // when it happened
  int64_t cost_micro = 0;
  Currency cost_currency;
  Doc answers;  // record: what a conversation brought; amounts are not passed on
};

// The outcome of a contact; once a contact.
void tell_outcome(Worker& worker, const Touch& contact, const ContactNews& news);

// What is known of a contact beside its outcome: that it was answered, that it bounced later, that
// nobody knows. Once a word.
void tell_later_news(Worker& worker, const Touch& contact, const ContactNews& news);

}  // namespace relance
