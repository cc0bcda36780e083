#include "links.h"

#include "bill.h"
#include "currency.h"
#include "kit/complete.h"
#include "kit/form.h"
#include "kit/http.h"
#include "kit/json.h"
#include "kit/local_time.h"

namespace stripe {
namespace {

constexpr char kPaymentLink[] = "payment_link", kCardUpdateLink[] = "card_update_link";

constexpr rl_operation operation(const char* name) {
  rl_operation made{};
  made.struct_size = sizeof made;
  made.delivery = RL_REPEATABLE;
  made.name = name;
  return made;
}
constexpr rl_operation kPay = operation(kPaymentLink), kUpdate = operation(kCardUpdateLink);
constexpr const rl_operation* kOperations[] = {&kPay, &kUpdate};
constexpr const char* kObjects[] = {"invoice"};

std::string url_json(std::string_view url) { return kit::Object().text("url", url).close(); }

std::string path_of(std::string_view id) {
  const bool intent = id.starts_with("pi_");
  return (intent ? "/v1/payment_intents/" : "/v1/invoices/") + std::string(id);
}

std::string invoice_json(const kit::Value* invoice) {
  const std::string currency = upper_currency(kit::text(invoice, "currency"));
  const int64_t left = to_minor(kit::integer(invoice, "amount_remaining"), currency);
  kit::Object fields;
  fields.text("status", kit::text(invoice, "status"));
  fields.raw("amount", kit::Object().integer("minor", left).text("currency", currency).close());
  fields.integer("attempts", kit::integer(invoice, "attempt_count"));
  if (const int64_t next = kit::integer(invoice, "next_payment_attempt"); next > 0) {
    fields.text("next_attempt_at", kit::format_instant(next * 1000));
  }
  for (const auto& [name, from] : {std::pair("payment_link", "hosted_invoice_url"),
                                   std::pair("stripe_customer", "customer")}) {
    const std::string_view value = kit::text(invoice, from);
    if (!value.empty()) fields.text(name, value);
  }
  return fields.close();
}

}  // namespace

const rl_connector_caps* connector_caps() {
  static const rl_connector_caps caps = {.struct_size = sizeof(rl_connector_caps),
                                         .acts_outside = 1,
                                         .kind = "payments",
                                         .objects = kObjects,
                                         .objects_count = std::size(kObjects),
                                         .operations = kOperations,
                                         .operations_count = std::size(kOperations)};
  return &caps;
}

void Links::read(rl_op op, const rl_read& read) {
  const std::string_view id = kit::view(read.value);
  jobs_[op] = {Wish::read, {}};
  if (kit::view(read.what) != "invoice" || !is_id(id)) {
    return finish(op, RL_ABSENT, "only invoices are kept here, by their id");
  }
  if (!wire_.get(op, 0, "/v1/invoices/" + std::string(id))) finish(op, RL_NOT_NOW, "busy");
}

void Links::write(rl_op op, const rl_write& write) {
  const kit::Json json(kit::view(write.data));
  const bool update = kit::view(write.operation) == kCardUpdateLink;
  Job& job = jobs_[op] = {update ? Wish::bill_of_card_update : Wish::payment_page,
                          std::string(kit::view(write.key_text))};
  const std::string_view customer = kit::text(json.root(), "stripe_customer");
  if (update && is_id(customer)) return open_portal(op, job, customer);
  const std::string_view invoice = kit::text(json.root(), "invoice_id");
  const std::string_view bill =
      update ? kit::text(json.root(), "payment_intent_id", invoice) : invoice;
  if (!is_id(bill)) return finish(op, RL_FAILED, "no id of Stripe's in the data");
  if (!wire_.get(op, 0, path_of(bill))) finish(op, RL_NOT_NOW, "busy");
}

void Links::open_portal(rl_op op, const Job& job, std::string_view customer) {
  kit::Form form{{"customer", std::string(customer)}, {"flow_data[type]", "payment_method_update"}};
  if (!settings_.return_url.empty()) form.emplace_back("return_url", settings_.return_url);
  const std::string key = job.key;
  jobs_[op] = {Wish::card_update, key};
  if (!wire_.post(op, 0, "/v1/billing_portal/sessions", kit::write_form(form), key, false)) {
    finish(op, RL_NOT_NOW, "busy");
  }
}

bool Links::on_io(rl_op op, const rl_reply& reply) {
  const auto it = jobs_.find(op);
  if (it == jobs_.end()) return false;
  answer(op, it->second, reply);
  return true;
}

void Links::answer(rl_op op, const Job& job, const rl_reply& reply) {
  const kit::Json json(kit::view(reply.body));
  const kit::Value* root = json.root();
  const bool spoken =
      kit::member(root, "object") != nullptr || kit::member(root, "error") != nullptr;
  const bool reads = job.wish == Wish::read;
  if (reply.status >= 400 && reply.status < 500 && reply.status != 401 && reply.status != 403 &&
      reply.status != 409 && reply.status != 429 && spoken) {
    const bool missing = reads && reply.status == 404;
    return finish(op,
                  missing ? RL_ABSENT
                  : reads ? RL_FAILED
                          : RL_REFUSED,
                  kit::text(root, "error.code", kit::text(root, "error.type")));
  }
  if (reply.status != 200 || !spoken) {
    return finish(op, RL_NOT_NOW, reply.status == 0 ? "no answer" : "Stripe is not to be had", {},
                  kit::retry_after(reply, host_->now(host_), 0));
  }
  if (reads) return finish(op, RL_DONE, {}, invoice_json(root));
  if (job.wish == Wish::bill_of_card_update) {
    const std::string_view customer = kit::text(root, "customer");
    if (!is_id(customer)) return finish(op, RL_REFUSED, "the bill has no customer");
    return open_portal(op, job, customer);
  }
  const std::string_view url =
      kit::text(root, job.wish == Wish::card_update ? "url" : "hosted_invoice_url");
  if (url.empty()) return finish(op, RL_REFUSED, "Stripe has no page for it");
  finish(op, RL_DONE, {}, url_json(url));
}

void Links::finish(rl_op op, uint32_t status, std::string_view reason, std::string_view data,
                   int64_t again_at) {
  kit::complete(host_, op,
                {.status = status, .reason = reason, .data = data, .again_at = again_at});
  jobs_.erase(op);
}

}  // namespace stripe
