// Stripe as far as a payment retry sees it: invoices, payment intents, charges; idempotency keys as
// Stripe honours them; declines as the test scripts them; signed webhooks.
//
// The ledger has one effect for every attempt that reached a card, keyed by its idempotency key:
// "charge" where money moved, else "attempt". A stored answer comes again with Idempotent-Replayed.
// Threads: any.
#pragma once

#include <map>
#include <mutex>

#include "base/clock.h"
#include "providers/fake_provider.h"
#include "providers/fake_stripe_objects.h"

namespace relance {

class FakeStripe : public FakeProvider {
 public:
  static constexpr const char* kApiKey = "sk_test_of_the_fake";
  static constexpr const char* kWebhookSecret = "whsec_test_secret";
  using Attempt = stripe_fake::Attempt;

  FakeStripe();
  explicit FakeStripe(Options options);
  ~FakeStripe() override { close(); }

  // `amount` in Stripe's units, `currency` in lower case. The invoice's intent is "pi_" + id.
  void add_invoice(const std::string& id, const std::string& customer, int64_t amount,
                   const std::string& currency = "eur");
  void add_intent(const std::string& id, const std::string& customer, int64_t amount,
                  const std::string& currency = "eur");
  // How this customer's next attempts go, in order; those after them are paid.
  void script(const std::string& customer, std::vector<Attempt> attempts);
  // Stripe's own next attempt.
  void plan(const std::string& invoice, Instant at);
  // The customer pays on the hosted page.
  void pay_elsewhere(const std::string& invoice);
  void set_status(const std::string& invoice, const std::string& status);
  void old_shape() { old_shape_ = true; }  // invoices as before 2025-03-31

  // Keys are forgotten after `window`; a repeat within `busy` of the first finds it at work: 409.
  void key_window(Duration window) { key_window_ = window; }
  void busy_for(Duration busy) { busy_ = busy; }
  // The next POST with a key breaks inside: its 500 is stored and comes again.
  void break_next(Effects effects) { break_ = effects == Effects::done ? kAfter : kBefore; }

  // Webhooks go there, signed; without it they are only listed.
  void send_webhooks_to(std::string url);
  std::vector<std::string> events() const;  // bodies

  size_t attempts() { return ledger().count(); }
  size_t charges() { return ledger().count("charge"); }

 private:
  enum Break : uint8_t { kNot, kBefore, kAfter };
  struct Kept {
    std::string asked;  // path and body
    ServerAnswer answer;
    Instant at;
  };
  using Work = std::function<ServerAnswer()>;

  ServerAnswer guarded(const FakeRequest& request, const Work& work);
  ServerAnswer keyed(const FakeRequest& request, const Work& work);
  ServerAnswer pay(const FakeRequest& request);
  ServerAnswer confirm(const FakeRequest& request);
  ServerAnswer charges_of(const FakeRequest& request);
  ServerAnswer portal(const FakeRequest& request);
  ServerAnswer attempt(stripe_fake::Intent& intent, const std::string& key, bool of_invoice);
  Doc shown(const stripe_fake::Invoice& invoice, const Form& asked) const;
  void tell(const std::string& type, const Doc& object, const std::string& key);
  int64_t unix_now() const { return clock_.now().ms / 1000; }

  SystemClock clock_;
  mutable std::mutex mutex_;
  std::map<std::string, stripe_fake::Invoice> invoices_;
  std::map<std::string, stripe_fake::Intent> intents_;
  std::vector<stripe_fake::Charge> charges_;
  std::map<std::string, std::vector<Attempt>> scripts_;
  std::map<std::string, Kept> kept_;
  std::vector<std::string> events_;
  std::string hook_;
  std::atomic<bool> old_shape_ = false;
  std::atomic<Duration> key_window_ = hours(24), busy_ = Duration{};
  std::atomic<Break> break_ = kNot;
};

}  // namespace relance
