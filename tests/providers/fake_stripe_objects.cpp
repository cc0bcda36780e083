#include "providers/fake_stripe_objects.h"

#include "providers/forms.h"

namespace relance::stripe_fake {
namespace {

using Fields = std::vector<std::pair<std::string, Doc>>;

Doc text(std::string_view value) { return Doc::text(value); }

// Stripe leaves out what is null.
void add(Fields& fields, const std::string& name, const std::string& value) {
  if (!value.empty()) fields.emplace_back(name, text(value));
}

// The members that an error and a charge's outcome share.
void add_codes(Fields& fields, const Attempt& how) {
  add(fields, "network_decline_code", how.network_code);
  add(fields, "network_advice_code", how.network_advice);
  add(fields, "advice_code", how.advice);
}

Doc card(const Attempt& how) {
  return Doc::record({{"card", Doc::record({{"brand", text(how.network)},
                                            {"network", text(how.network)},
                                            {"last4", text("4242")}})},
                      {"id", text("pm_card")},
                      {"type", text("card")}});
}

Fields error_fields(const Intent& intent) {
  Fields error{{"type", text("card_error")},
               {"code", text(intent.last.code)},
               {"message", text("Your card was declined.")},
               {"payment_method", card(intent.last)}};
  add(error, "decline_code", intent.last.decline_code);
  add(error, "charge", intent.charge);
  add_codes(error, intent.last);
  return error;
}

}  // namespace

Doc write(const Invoice& invoice, const Intent& intent, bool old_shape, Shown shown) {
  const bool paid = invoice.status == "paid";
  Fields fields{{"id", text(invoice.id)},
                {"object", text("invoice")},
                {"status", text(invoice.status)},
                {"customer", text(invoice.customer)},
                {"currency", text(invoice.currency)},
                {"amount_due", Doc::integer(invoice.amount)},
                {"amount_paid", Doc::integer(paid ? invoice.amount : 0)},
                {"amount_remaining", Doc::integer(paid ? 0 : invoice.amount)},
                {"attempt_count", Doc::integer(invoice.attempts)},
                {"attempted", Doc::boolean(invoice.attempts > 0)},
                {"hosted_invoice_url", text("https://invoice.example/i/" + invoice.id)}};
  if (invoice.next_attempt > 0)
    fields.emplace_back("next_payment_attempt", Doc::integer(invoice.next_attempt));
  const Doc payment_intent = shown == Shown::whole ? write(intent) : text(invoice.intent);
  if (old_shape) {
    fields.emplace_back("payment_intent", payment_intent);
    fields.emplace_back("paid", Doc::boolean(paid));
  } else if (shown != Shown::nothing) {
    const Doc payment = Doc::record(
        {{"object", text("invoice_payment")},
         {"is_default", Doc::boolean(true)},
         {"payment",
          Doc::record({{"type", text("payment_intent")}, {"payment_intent", payment_intent}})}});
    fields.emplace_back("payments", write_list({payment}, "/v1/invoice_payments"));
  }
  return Doc::record(fields);
}

Doc write(const Intent& intent) {
  const bool paid = intent.status == "succeeded";
  Fields fields{{"id", text(intent.id)},
                {"object", text("payment_intent")},
                {"status", text(intent.status)},
                {"customer", text(intent.customer)},
                {"currency", text(intent.currency)},
                {"amount", Doc::integer(intent.amount)},
                {"amount_received", Doc::integer(paid ? intent.amount : 0)}};
  add(fields, "latest_charge", intent.charge);
  if (intent.status == "requires_payment_method" && !intent.last.decline_code.empty())
    fields.emplace_back("last_payment_error", Doc::record(error_fields(intent)));
  if (intent.status == "requires_action") {
    const Doc redirect = Doc::record({{"url", text("https://bank.example/3ds/" + intent.id)}});
    fields.emplace_back("next_action", Doc::record({{"type", text("redirect_to_url")},
                                                    {"redirect_to_url", redirect}}));
  }
  return Doc::record(fields);
}

Doc write(const Charge& charge) {
  const Attempt& how = charge.how;
  const bool blocked = how.decline_code == "highest_risk_level";
  Fields outcome{{"type", text(how.paid() ? "authorized"
                               : blocked  ? "blocked"
                                          : "issuer_declined")}};
  add(outcome, "reason", how.decline_code);
  add_codes(outcome, how);
  Fields fields{{"id", text(charge.id)},
                {"object", text("charge")},
                {"amount", Doc::integer(charge.amount)},
                {"currency", text(charge.currency)},
                {"created", Doc::integer(charge.created)},
                {"payment_intent", text(charge.intent)},
                {"paid", Doc::boolean(how.paid())},
                {"status", text(how.paid()       ? "succeeded"
                                : how.processing ? "pending"
                                                 : "failed")},
                {"outcome", Doc::record(outcome)},
                {"payment_method_details", card(how)}};
  if (!how.paid() && !how.processing) add(fields, "failure_code", how.code);
  return Doc::record(fields);
}

Doc write_list(const std::vector<Doc>& items, const std::string& url) {
  return Doc::record({{"object", text("list")},
                      {"data", Doc::list(items)},
                      {"has_more", Doc::boolean(false)},
                      {"url", text(url)}});
}

Doc write_decline(const Intent& intent) {
  Fields error = error_fields(intent);
  error.emplace_back("payment_intent", write(intent));
  return Doc::record({{"error", Doc::record(error)}});
}

std::string error_json(const std::string& type, const std::string& code) {
  Fields error{{"type", text(type)}, {"message", text("It cannot be done: " + type)}};
  add(error, "code", code);
  return to_json(Doc::record({{"error", Doc::record(error)}}));
}

std::string event_json(int number, const std::string& type, const Doc& object, int64_t created,
                       const std::string& key) {
  Fields request{{"id", text("req_" + std::to_string(number))}};
  add(request, "idempotency_key", key);
  return to_json(Doc::record({{"id", text("evt_" + std::to_string(number))},
                              {"object", text("event")},
                              {"api_version", text("2026-06-24.dahlia")},
                              {"created", Doc::integer(created)},
                              {"type", text(type)},
                              {"livemode", Doc::boolean(false)},
                              {"pending_webhooks", Doc::integer(1)},
                              {"request", Doc::record(request)},
                              {"data", Doc::record({{"object", object}})}}));
}

std::string signature(const std::string& secret, int64_t at, const std::string& body) {
  const std::string time = std::to_string(at);
  return "t=" + time + ",v1=" + hex(hmac("SHA256", secret, time + "." + body));
}

}  // namespace relance::stripe_fake
