// What each reply of Stripe means for the operation that asked.
#include "account.h"
#include "kit/http.h"
#include "kit/json.h"

namespace stripe {
namespace {

constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kSoonMs = 2'000;  // a lock, a key in use, a rate without Retry-After
constexpr int64_t kAfterStripeMs = 15 * kMinuteMs;  // its own attempt has an answer by then

bool is_object(const kit::Value* root, std::string_view id) { return kit::text(root, "id") == id; }

// The account's key is wrong or may not do this: nothing was done, and a person must look.
bool is_locked_out(int status) { return status == 401 || status == 403; }

bool is_rate_limit(const kit::Value* error) {
  return kit::text(error, "code") != "lock_timeout";  // which is about this object alone
}

std::string reason_of(int status, const kit::Value* error) {
  const std::string_view code = kit::text(error, "code", kit::text(error, "type"));
  return code.empty() ? "HTTP " + std::to_string(status) : std::string(code);
}

}  // namespace

void Account::on_io(rl_op op, uint64_t tag, const rl_reply& reply) {
  const auto it = jobs_.find(op);
  if (it == jobs_.end()) return;  // it was cancelled
  Job& job = it->second;
  if (tag == kPlan) planned(op, job, reply);
  if (tag == kCharge) charged(op, job, reply);
  if (tag == kBill) bill_read(op, job, reply);
  if (tag == kCharges) charges_read(op, job, reply);
  if (tag == kLink) link_read(op, job, reply);
}

// Two systems must not charge one card side by side: where Stripe is about to, it goes first.
void Account::planned(rl_op op, Job& job, const rl_reply& reply) {
  const kit::Json json(kit::view(reply.body));
  const kit::Value* invoice = json.root();
  if (reply.status != 200 || !is_object(invoice, job.bill.id)) {
    const kit::Value* error = kit::member(invoice, "error");
    if (reply.status == 404 && error != nullptr) return finish(op, failed("resource_missing"));
    if (reply.status == 429 || is_locked_out(reply.status)) {
      return not_charged(op, job, reply, error);
    }
    return finish(op, not_now(reply.status == 0 ? "no answer" : reason_of(reply.status, error)));
  }
  if (auto paid = from_invoice(invoice)) {
    paid->reason = "already paid";
    return finish(op, *paid);
  }
  const int64_t next = kit::integer(invoice, "next_payment_attempt") * 1000;
  if (next > now() - kAfterStripeMs && next < now() + settings_.planned_within_ms) {
    return finish(op, not_now("Stripe tries by itself", next + kAfterStripeMs));
  }
  job.link = kit::text(invoice, "hosted_invoice_url");
  charge(op, job);
}

void Account::charged(rl_op op, Job& job, const rl_reply& reply) {
  if (reply.wire == RL_NOT_SENT) return finish(op, not_now("not sent"));
  if (reply.wire != RL_ANSWERED) return finish(op, unknown("no answer"));
  const kit::Json json(kit::view(reply.body));
  const kit::Value* root = json.root();
  const kit::Value* error = kit::member(root, "error");
  if (reply.status == 402 && error != nullptr) {
    return add_link(op, job, from_error(error, now()));
  }
  if (reply.status != 200) return not_charged(op, job, reply, error);
  if (!is_object(root, job.bill.id)) return finish(op, unknown("not Stripe's answer"));
  auto outcome = job.bill.kind == Bill::Kind::invoice ? from_invoice(root) : from_intent(root);
  const kit::Value* refused = kit::member(root, "last_payment_error");
  if (!outcome && refused != nullptr) outcome = from_error(refused, now());
  // A bank debit takes days: its webhook tells, and until then nobody knows.
  if (!outcome || outcome->status == RL_NOT_NOW) return finish(op, unknown("processing"));
  add_link(op, job, *outcome);
}

// Neither paid nor refused.
void Account::not_charged(rl_op op, Job& job, const rl_reply& reply, const kit::Value* error) {
  const std::string reason = reason_of(reply.status, error);
  const std::string_view should_retry = kit::header(reply, "stripe-should-retry");
  if (is_locked_out(reply.status)) {
    constexpr rl_str kLine = RL_TEXT("Stripe refuses the API key of this account");
    host_->log(host_, RL_LOG_ERROR, kLine);
    return finish(op, not_now(reason, now() + kMinuteMs, RL_SCOPE_CHANNEL));
  }
  if (reply.status == 429) {
    const uint32_t scope = is_rate_limit(error) ? RL_SCOPE_CHANNEL : RL_SCOPE_TOUCH;
    return finish(op, not_now(reason, kit::retry_after(reply, now(), now() + kSoonMs), scope));
  }
  const bool refused = reply.status >= 400 && reply.status < 500 && reply.status != 424;
  // 409: the key's first request is still at work, or the object is locked.
  const bool again = reply.status == 409 || (refused && should_retry == "true");
  if (error != nullptr && again) {
    return finish(op, not_now(reason, kit::retry_after(reply, now(), now() + kSoonMs)));
  }
  if (error != nullptr && refused) {
    // Used with other bytes before: what became of that is not told. A repeat that is refused says
    // nothing of the attempt before.
    const bool tells = !job.repeat && reason != "idempotency_error" &&
                       kit::text(error, "type") != "idempotency_error";
    return find_out(op, job, tells ? failed(reason) : unknown(reason));
  }
  // A stored answer comes again for ever: only Stripe's lists can tell. Once they had time to, what
  // is not there was not charged.
  const bool final = kit::header(reply, "idempotent-replayed") == "true" || should_retry == "false";
  if (reply.status >= 500 && final) {
    const bool settled = job.repeat && now() - job.intended_at > kIndexLagMs;
    return find_out(op, job, settled ? failed(reason) : unknown(reason));
  }
  finish(op, unknown(error == nullptr && reply.status < 500 ? "not Stripe's answer" : reason));
}

void Account::bill_read(rl_op op, Job& job, const rl_reply& reply) {
  const kit::Json json(kit::view(reply.body));
  const kit::Value* root = json.root();
  const bool missing = reply.status == 404 && kit::member(root, "error") != nullptr;
  if (missing) return finish(op, job.outcome);
  if (reply.status != 200 || !is_object(root, job.bill.id)) {
    const std::string reason =
        reply.status == 0 ? "no answer" : "HTTP " + std::to_string(reply.status);
    const int64_t again_at = kit::retry_after(reply, now(), 0);
    return finish(op, job.looks_up ? not_now(reason, again_at) : unknown(reason));
  }
  const bool invoice = job.bill.kind == Bill::Kind::invoice;
  const kit::Value* intent = invoice ? intent_of_invoice(root) : root;
  if (invoice) job.link = kit::text(root, "hosted_invoice_url");
  auto outcome = invoice ? from_invoice(root) : std::nullopt;
  if (!outcome) outcome = from_intent(intent);
  if (outcome) {
    if (outcome->status == RL_NOT_NOW && !job.looks_up) *outcome = unknown("processing");
    return add_link(op, job, *outcome);
  }
  job.intent = id_of(intent);
  if (job.intent.empty()) return finish(op, job.outcome);  // nobody has tried to charge it
  list_charges(op, job);
}

void Account::charges_read(rl_op op, Job& job, const rl_reply& reply) {
  const kit::Json json(kit::view(reply.body));
  const kit::Value* list = json.root();
  if (reply.status != 200 || kit::text(list, "object") != "list") {
    const std::string reason =
        reply.status == 0 ? "no answer" : "HTTP " + std::to_string(reply.status);
    return finish(
        op, job.looks_up ? not_now(reason, kit::retry_after(reply, now(), 0)) : unknown(reason));
  }
  auto outcome = from_charges(list, now());
  if (!outcome) return finish(op, job.outcome);
  if (outcome->status == RL_NOT_NOW && !job.looks_up) *outcome = unknown("processing");
  add_link(op, job, *outcome);
}

void Account::link_read(rl_op op, Job& job, const rl_reply& reply) {
  const kit::Json json(kit::view(reply.body));
  Outcome outcome = std::move(job.outcome);
  outcome.payment_link = kit::text(json.root(), "hosted_invoice_url");
  finish(op, outcome);
}

}  // namespace stripe
