#include "providers/fake_stripe.h"

#include <algorithm>

namespace relance {
namespace {

using namespace stripe_fake;

ServerAnswer wrong(int status, const std::string& type, const std::string& code) {
  return json_answer(status, error_json(type, code));
}

ServerAnswer missing() { return wrong(404, "invalid_request_error", "resource_missing"); }

// Refused before anything was begun: such an answer is not kept for its key.
bool is_kept(const ServerAnswer& answer) {
  return answer.status < 400 || answer.status == 402 || answer.status >= 500;
}

}  // namespace

FakeStripe::FakeStripe() : FakeStripe(Options()) {}

FakeStripe::FakeStripe(Options options) : FakeProvider(std::move(options)) {
  using Request = const FakeRequest&;
  route("POST", "/v1/invoices/*/pay",
        [this](Request r) { return guarded(r, [&] { return keyed(r, [&] { return pay(r); }); }); });
  route("POST", "/v1/payment_intents/*/confirm", [this](Request r) {
    return guarded(r, [&] { return keyed(r, [&] { return confirm(r); }); });
  });
  route("POST", "/v1/billing_portal/sessions", [this](Request r) {
    return guarded(r, [&] { return keyed(r, [&] { return portal(r); }); });
  });
  route("GET", "/v1/invoices/*", [this](Request r) {
    return guarded(r, [&] {
      const auto found = invoices_.find(r.parts[0]);
      return found == invoices_.end()
                 ? missing()
                 : json_answer(200, to_json(shown(found->second, parse_form(r.query()))));
    });
  });
  route("GET", "/v1/payment_intents/*", [this](Request r) {
    return guarded(r, [&] {
      const auto found = intents_.find(r.parts[0]);
      return found == intents_.end() ? missing() : json_answer(200, to_json(write(found->second)));
    });
  });
  route("GET", "/v1/charges",
        [this](Request r) { return guarded(r, [&] { return charges_of(r); }); });
}

void FakeStripe::add_invoice(const std::string& id, const std::string& customer, int64_t amount,
                             const std::string& currency) {
  add_intent("pi_" + id, customer, amount, currency);
  const std::lock_guard lock(mutex_);
  Invoice& made = invoices_[id];
  made.id = id;
  made.customer = customer;
  made.intent = "pi_" + id;
  made.amount = amount;
  made.currency = currency;
  intents_["pi_" + id].invoice = id;
}

void FakeStripe::add_intent(const std::string& id, const std::string& customer, int64_t amount,
                            const std::string& currency) {
  const std::lock_guard lock(mutex_);
  Intent& made = intents_[id];
  made.id = id;
  made.customer = customer;
  made.amount = amount;
  made.currency = currency;
}

void FakeStripe::script(const std::string& customer, std::vector<Attempt> attempts) {
  const std::lock_guard lock(mutex_);
  scripts_[customer] = std::move(attempts);
}

void FakeStripe::plan(const std::string& invoice, Instant at) {
  const std::lock_guard lock(mutex_);
  invoices_.at(invoice).next_attempt = at.ms / 1000;
}

void FakeStripe::pay_elsewhere(const std::string& invoice) {
  const std::lock_guard lock(mutex_);
  Invoice& paid = invoices_.at(invoice);
  paid.status = "paid";
  intents_.at(paid.intent).status = "succeeded";
  tell("invoice.paid", shown(paid, {}), {});
}

void FakeStripe::set_status(const std::string& invoice, const std::string& status) {
  const std::lock_guard lock(mutex_);
  invoices_.at(invoice).status = status;
}

void FakeStripe::send_webhooks_to(std::string url) {
  const std::lock_guard lock(mutex_);
  hook_ = std::move(url);
}

std::vector<std::string> FakeStripe::events() const {
  const std::lock_guard lock(mutex_);
  return events_;
}

ServerAnswer FakeStripe::guarded(const FakeRequest& request, const Work& work) {
  if (bearer_token(request) != kApiKey) return wrong(401, "invalid_request_error", {});
  const std::lock_guard lock(mutex_);
  return work();
}

ServerAnswer FakeStripe::keyed(const FakeRequest& request, const Work& work) {
  const std::string key(request.header("idempotency-key"));
  if (key.empty()) return work();
  const Instant now = clock_.now();
  const std::string asked = std::string(request.path()) + "\n" + request.body;
  const auto known = kept_.find(key);
  if (known != kept_.end() && now - known->second.at < key_window_.load()) {
    if (known->second.asked != asked) return wrong(400, "idempotency_error", {});
    if (now - known->second.at < busy_.load())
      return wrong(409, "invalid_request_error", "idempotency_key_in_use");
    ServerAnswer again = known->second.answer;
    again.headers.emplace_back("Idempotent-Replayed", "true");
    return again;
  }
  const Break breaks = break_.exchange(kNot);
  ServerAnswer answer;
  if (breaks != kBefore) answer = work();
  if (breaks != kNot) answer = wrong(500, "api_error", {});
  if (is_kept(answer)) kept_[key] = {asked, answer, now};
  return answer;
}

ServerAnswer FakeStripe::pay(const FakeRequest& request) {
  const auto found = invoices_.find(request.parts[0]);
  if (found == invoices_.end()) return missing();
  Invoice& invoice = found->second;
  if (invoice.status != "open" && invoice.status != "uncollectible")
    return wrong(400, "invalid_request_error", {});
  Intent& intent = intents_.at(invoice.intent);
  const std::string key(request.header("idempotency-key"));
  ++invoice.attempts;
  ServerAnswer tried = attempt(intent, key, true);
  if (intent.status == "succeeded") invoice.status = "paid";
  if (invoice.status == "paid") tell("invoice.paid", shown(invoice, {}), key);
  if (tried.status == 402) tell("invoice.payment_failed", shown(invoice, {}), key);
  if (tried.status != 200) return tried;
  return json_answer(200, to_json(shown(invoice, parse_form(request.body))));
}

ServerAnswer FakeStripe::confirm(const FakeRequest& request) {
  const auto found = intents_.find(request.parts[0]);
  if (found == intents_.end()) return missing();
  return attempt(found->second, std::string(request.header("idempotency-key")), false);
}

// As far as the request asks for it: `expand[0]=payments`, with `.data.payment.payment_intent`
// whole.
Doc FakeStripe::shown(const Invoice& invoice, const Form& asked) const {
  const std::string expand = field(asked, "expand[0]");
  const Shown how = expand.ends_with("payment_intent") ? Shown::whole
                    : expand == "payments"             ? Shown::id
                                                       : Shown::nothing;
  return write(invoice, intents_.at(invoice.intent), old_shape_, how);
}

// One attempt on the card; where she must confirm, none reaches it.
ServerAnswer FakeStripe::attempt(Intent& intent, const std::string& key, bool of_invoice) {
  if (intent.status != "requires_payment_method")
    return wrong(400, "invalid_request_error", "payment_intent_unexpected_state");
  Attempt how;
  auto& script = scripts_[intent.customer];
  if (!script.empty()) {
    how = script.front();
    script.erase(script.begin());
  }
  if (how.confirm) {
    intent.status = "requires_action";
    intent.last = how;
    intent.last.code = "invoice_payment_intent_requires_action";
    return of_invoice ? json_answer(402, to_json(write_decline(intent)))
                      : json_answer(200, to_json(write(intent)));
  }
  Charge charge;
  charge.id = "ch_" + std::to_string(charges_.size() + 1);
  charge.intent = intent.id;
  charge.amount = intent.amount;
  charge.currency = intent.currency;
  charge.key = key.empty() ? charge.id : key;
  charge.created = unix_now();
  charge.how = how;
  intent.last = how;
  intent.charge = charge.id;
  if (how.paid()) intent.status = "succeeded";
  if (how.processing) intent.status = "processing";
  charges_.push_back(charge);
  ledger().add(charge.key, how.paid() ? "charge" : "attempt", intent.id, charge.id);
  if (how.paid() || how.processing) {
    if (how.paid()) tell("payment_intent.succeeded", write(intent), key);
    return json_answer(200, to_json(write(intent)));
  }
  tell("payment_intent.payment_failed", write(intent), key);
  return json_answer(402, to_json(write_decline(intent)));
}

// The newest first. The index of charges lags as that of the fake does.
ServerAnswer FakeStripe::charges_of(const FakeRequest& request) {
  const Form query = parse_form(request.query());
  const std::string since = field(query, "created[gte]");
  std::vector<Doc> found;
  for (auto it = charges_.rbegin(); it != charges_.rend(); ++it) {
    const bool recent = since.empty() || it->created >= std::stoll(since);
    const bool asked = it->intent == field(query, "payment_intent");
    if (recent && asked && look_up(it->key)) found.push_back(write(*it));
  }
  return json_answer(200, to_json(write_list(found, "/v1/charges")));
}

ServerAnswer FakeStripe::portal(const FakeRequest& request) {
  const std::string customer = field(parse_form(request.body), "customer");
  if (customer.empty()) return wrong(400, "invalid_request_error", "parameter_missing");
  return json_answer(
      200, to_json(Doc::record({{"id", Doc::text("bps_1")},
                                {"object", Doc::text("billing_portal.session")},
                                {"customer", Doc::text(customer)},
                                {"url", Doc::text("https://billing.example/p/" + customer)}})));
}

void FakeStripe::tell(const std::string& type, const Doc& object, const std::string& key) {
  const int64_t now = unix_now();
  const int number = static_cast<int>(events_.size()) + 1;
  events_.push_back(event_json(number, type, object, now, key));
  if (hook_.empty()) return;
  post(hook_,
       {{"Content-Type", "application/json; charset=utf-8"},
        {"Stripe-Signature", signature(kWebhookSecret, now, events_.back())}},
       events_.back());
}

}  // namespace relance
