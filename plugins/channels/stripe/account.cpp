#include "account.h"

#include "currency.h"
#include "kit/form.h"
#include "kit/json.h"
#include "kit/text.h"

namespace stripe {
namespace {

// Stripe counts in whole seconds, by a clock of its own.
constexpr int64_t kClockSlackMs = 2'000;

}  // namespace

// A refused attempt costs nothing, so this is the most.
void Account::estimate(const rl_touch& touch, rl_cost& cost) const {
  const Amount amount = read_amount(touch);
  cost = {};
  settings_.fee_currency.copy(cost.currency, 3);
  const bool share_known = settings_.fee_bps == 0 || amount.currency == settings_.fee_currency;
  cost.quality = share_known ? RL_COST_AT_MOST : RL_COST_UNKNOWN;
  cost.micro = settings_.fee_fixed_micro;
  if (share_known) {
    cost.micro += amount.minor * micro_per_minor(amount.currency) / 10'000 * settings_.fee_bps;
  }
}

Account::Job Account::job_of(const rl_touch& touch) {
  Job job;
  job.bill = read_bill(touch);
  job.key = kit::view(touch.key_text);
  job.intended_at = touch.intended_at;
  job.repeat = (touch.flags & RL_REPEAT) != 0;
  if (job.bill.kind == Bill::Kind::intent) job.intent = job.bill.id;
  return job;
}

void Account::send(rl_op op, const rl_touch& touch) {
  Job& job = jobs_[op] = job_of(touch);
  if (job.bill.kind == Bill::Kind::none) return finish(op, failed(job.bill.problem));
  // A key that may have been used is asked about, however late it is.
  if (!job.repeat && touch.not_after != 0 && now() > touch.not_after) {
    return finish(op, failed("too late"));
  }
  const bool may_be_planned =
      !job.repeat && settings_.planned_within_ms > 0 && job.bill.kind == Bill::Kind::invoice;
  if (may_be_planned) return plan(op, job);
  charge(op, job);
}

void Account::cancel(rl_op op) {
  const auto it = jobs_.find(op);
  if (it == jobs_.end() || it->second.stage != kPlan || it->second.repeat) return;
  Outcome outcome;
  outcome.status = RL_CANCELLED;
  outcome.reason = "cancelled";
  host_->abort_io(host_, op);
  finish(op, outcome);
}

void Account::lookup(rl_op op, const rl_touch& touch) {
  Job& job = jobs_[op] = job_of(touch);
  job.looks_up = true;
  Outcome absent;
  absent.status = RL_ABSENT;
  absent.reason = "Stripe has no charge of it";
  if (job.bill.kind == Bill::Kind::none) return finish(op, absent);
  find_out(op, job, absent);
}

std::string Account::invoice_path(const Job& job) const {
  return "/v1/invoices/" + job.bill.id +
         (settings_.lists_payments() ? "?expand%5B0%5D=payments.data.payment.payment_intent"
                                     : "?expand%5B0%5D=payment_intent");
}

void Account::plan(rl_op op, Job& job) {
  if (!get(op, job, kPlan, "/v1/invoices/" + job.bill.id)) finish(op, not_now("busy"));
}

// The same bytes for the same touch: Stripe refuses a key that comes with others.
void Account::charge(rl_op op, Job& job) {
  const bool invoice = job.bill.kind == Bill::Kind::invoice;
  kit::Form form{{"off_session", "true"}};
  if (!job.bill.payment_method.empty())
    form.emplace_back("payment_method", job.bill.payment_method);
  // The intent is known from the answer only where it is asked for.
  if (invoice && settings_.lists_payments()) form.emplace_back("expand[0]", "payments");
  const std::string body = kit::write_form(form);
  const std::string path = (invoice ? "/v1/invoices/" : "/v1/payment_intents/") + job.bill.id +
                           (invoice ? "/pay" : "/confirm");
  job.stage = kCharge;
  if (!wire_.post(op, kCharge, path, body, job.key, true)) finish(op, not_now("busy"));
}

// `otherwise`: what the operation ends in where Stripe has nothing to tell.
void Account::find_out(rl_op op, Job& job, Outcome otherwise) {
  job.outcome = std::move(otherwise);
  const std::string path = job.bill.kind == Bill::Kind::invoice
                               ? invoice_path(job)
                               : "/v1/payment_intents/" + job.bill.id;
  if (!get(op, job, kBill, path)) finish(op, job.looks_up ? not_now("busy") : unknown("busy"));
}

void Account::list_charges(rl_op op, Job& job) {
  const int64_t since = (job.intended_at - kClockSlackMs) / 1000;
  const std::string path = "/v1/charges?payment_intent=" + job.intent +
                           "&created%5Bgte%5D=" + std::to_string(since > 0 ? since : 0) +
                           "&limit=100";
  if (!get(op, job, kCharges, path)) finish(op, job.looks_up ? not_now("busy") : unknown("busy"));
}

// Where the customer can pay: an invoice has a page of its own. Without it the answer stands.
void Account::add_link(rl_op op, Job& job, Outcome outcome) {
  const bool wants = outcome.word != "recovered" && outcome.payment_link.empty() &&
                     job.bill.kind == Bill::Kind::invoice;
  if (wants) outcome.payment_link = job.link;
  if (!wants || !outcome.payment_link.empty()) return finish(op, outcome);
  job.outcome = std::move(outcome);
  if (!get(op, job, kLink, "/v1/invoices/" + job.bill.id)) finish(op, job.outcome);
}

bool Account::get(rl_op op, Job& job, Stage stage, const std::string& path) {
  job.stage = stage;
  return wire_.get(op, stage, path);
}

std::string Account::data_of(const Job& job, const Outcome& outcome) const {
  kit::Object data;
  data.text(job.bill.kind == Bill::Kind::invoice ? "invoice_id" : "payment_intent_id", job.bill.id);
  if (!outcome.decline.empty()) data.raw("decline", outcome.decline);
  if (!outcome.payment_link.empty()) data.text("payment_link", outcome.payment_link);
  if (!outcome.currency.empty()) {
    data.raw(
        "amount",
        kit::Object().integer("minor", outcome.paid).text("currency", outcome.currency).close());
  }
  return data.close();
}

void Account::finish(rl_op op, const Outcome& outcome) {
  const auto job = jobs_.extract(op);
  const std::string data = job.empty() ? std::string() : data_of(job.mapped(), outcome);
  std::vector<rl_str> refs;
  for (const std::string& ref : outcome.refs) refs.push_back(kit::str(ref));
  rl_result result{};
  result.struct_size = sizeof result;
  result.status = outcome.status;
  result.word = kit::str(outcome.word);
  result.reason = kit::str(outcome.reason);
  result.data = kit::str(data);
  result.refs = refs.data();
  result.refs_count = refs.size();
  result.again_at = outcome.again_at;
  result.again_scope = outcome.again_at == 0 ? 0 : outcome.again_scope;
  settings_.fee_currency.copy(result.cost.currency, 3);
  result.cost.quality = RL_COST_EXACT;
  if (outcome.word == "recovered") {
    const bool share = outcome.currency == settings_.fee_currency;
    result.cost.micro = settings_.fee_fixed_micro;
    if (share) {
      result.cost.micro +=
          outcome.paid * micro_per_minor(outcome.currency) / 10'000 * settings_.fee_bps;
    }
    if (!share && settings_.fee_bps > 0) result.cost.quality = RL_COST_AT_MOST;
  }
  host_->complete(host_, op, &result);
}

}  // namespace stripe
