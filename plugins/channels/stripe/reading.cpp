#include "reading.h"

#include "currency.h"

namespace stripe {
namespace {

void add_ref(Outcome& outcome, std::string ref) {
  if (!ref.empty()) outcome.refs.push_back(std::move(ref));
}

Outcome recovered(int64_t amount, std::string_view currency, std::string_view why = {}) {
  Outcome outcome;
  outcome.status = RL_DONE;
  outcome.word = "recovered";
  outcome.reason = why;
  outcome.currency = upper_currency(currency);
  outcome.paid = to_minor(amount, outcome.currency);
  return outcome;
}

bool is_paid(const kit::Value* charge) {
  return kit::text(charge, "status") == "succeeded" && kit::boolean(charge, "paid", true);
}

}  // namespace

std::string id_of(const kit::Value* value) {
  if (value != nullptr && value->IsString()) return std::string(kit::view(*value));
  return std::string(kit::text(value, "id"));
}

Outcome unknown(std::string_view why) {
  Outcome outcome;
  outcome.reason = why;
  return outcome;
}

Outcome not_now(std::string_view why, int64_t again_at, uint32_t scope) {
  Outcome outcome;
  outcome.status = RL_NOT_NOW;
  outcome.reason = why;
  outcome.again_at = again_at;
  outcome.again_scope = scope;
  return outcome;
}

Outcome failed(std::string_view why) {
  Outcome outcome;
  outcome.status = RL_FAILED;
  outcome.word = "failed";
  outcome.reason = why;
  return outcome;
}

Outcome declined(const Codes& codes, int64_t at) {
  const Verdict verdict = judge(codes);
  Outcome outcome;
  outcome.word = word_of(verdict);
  outcome.status = outcome.word == "refused" ? RL_REFUSED : RL_DONE;
  outcome.reason = codes.raw;
  outcome.decline = decline_json(codes, verdict, at);
  return outcome;
}

std::optional<Outcome> from_invoice(const kit::Value* invoice) {
  const std::string_view status = kit::text(invoice, "status");
  if (status != "paid" && !kit::boolean(invoice, "paid")) return std::nullopt;
  Outcome outcome = recovered(kit::integer(invoice, "amount_paid"), kit::text(invoice, "currency"));
  add_ref(outcome, id_of(kit::member(invoice, "charge")));
  add_ref(outcome, id_of(intent_of_invoice(invoice)));
  return outcome;
}

std::optional<Outcome> from_intent(const kit::Value* intent) {
  const std::string_view status = kit::text(intent, "status");
  Outcome outcome;
  if (status == "succeeded" || status == "requires_capture") {
    const int64_t amount = kit::integer(intent, "amount_received", kit::integer(intent, "amount"));
    outcome = recovered(amount, kit::text(intent, "currency"));
    if (status == "requires_capture") outcome.reason = status;
    add_ref(outcome, id_of(kit::member(intent, "latest_charge")));
  } else if (status == "requires_action") {
    outcome.status = RL_DONE;
    outcome.word = "needs_customer";
    outcome.reason = status;
    outcome.payment_link = kit::text(intent, "next_action.redirect_to_url.url");
  } else if (status == "processing") {
    outcome = not_now("processing");
  } else {
    return std::nullopt;
  }
  add_ref(outcome, std::string(kit::text(intent, "id")));
  return outcome;
}

Outcome from_error(const kit::Value* error, int64_t now) {
  Outcome outcome = declined(codes_of_error(error), now);
  add_ref(outcome, id_of(kit::member(error, "charge")));
  const kit::Value* intent = kit::member(error, "payment_intent");
  add_ref(outcome, id_of(intent));
  outcome.payment_link = kit::text(intent, "next_action.redirect_to_url.url");
  return outcome;
}

std::optional<Outcome> from_charges(const kit::Value* list, int64_t now) {
  const kit::Value* data = kit::member(list, "data");
  if (data == nullptr || !data->IsArray()) return std::nullopt;
  const kit::Value* refused = nullptr;
  bool pending = false;
  for (const kit::Value& charge : data->GetArray()) {
    if (is_paid(&charge)) {
      Outcome outcome = recovered(kit::integer(&charge, "amount"), kit::text(&charge, "currency"));
      add_ref(outcome, std::string(kit::text(&charge, "id")));
      add_ref(outcome, id_of(kit::member(&charge, "payment_intent")));
      return outcome;
    }
    pending |= kit::text(&charge, "status") == "pending";
    if (kit::text(&charge, "status") == "failed") refused = &charge;
  }
  if (pending) return not_now("processing");
  if (refused == nullptr) return std::nullopt;
  const int64_t created = kit::integer(refused, "created", now / 1000);
  Outcome outcome = declined(codes_of_charge(refused), created * 1000);
  add_ref(outcome, std::string(kit::text(refused, "id")));
  add_ref(outcome, id_of(kit::member(refused, "payment_intent")));
  return outcome;
}

const kit::Value* intent_of_invoice(const kit::Value* invoice) {
  if (const kit::Value* intent = kit::member(invoice, "payment_intent")) return intent;
  const kit::Value* payments = kit::find(invoice, "payments.data");
  if (payments == nullptr || !payments->IsArray()) return nullptr;
  const kit::Value* found = nullptr;
  for (const kit::Value& payment : payments->GetArray()) {
    const kit::Value* intent = kit::find(&payment, "payment.payment_intent");
    if (intent == nullptr) continue;
    if (found == nullptr || kit::boolean(&payment, "is_default")) found = intent;
  }
  return found;
}

}  // namespace stripe
