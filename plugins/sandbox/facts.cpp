#include "facts.h"

#include "kit/json.h"
#include "kit/text.h"

namespace sandbox {
namespace {

// The step's own data first, then the run's keys, then the event's fields.
const kit::Value* look(const kit::Value* data, std::string_view name) {
  if (const kit::Value* found = kit::member(data, name)) return found;
  if (const kit::Value* found = kit::member(kit::member(data, "keys"), name)) return found;
  return kit::member(kit::member(data, "event"), name);
}

// A bill is known by its invoice or checkout; an order without either is paid as an order.
void read_bill(const kit::Value* data, Facts& facts) {
  kit::Object bill;
  for (const std::string_view name : {"invoice_id", "checkout_id", "order_id"}) {
    const kit::Value* id = look(data, name);
    if (id == nullptr || !id->IsString()) continue;
    if (name == "order_id" && !facts.bill_event.empty()) continue;
    bill.text(name, kit::view(*id));
    if (!facts.bill_event.empty()) continue;
    facts.bill_id = kit::view(*id);
    facts.bill_event = name == "order_id" ? "order.paid" : "payment.succeeded";
  }
  if (facts.bill_event.empty()) return;
  if (const kit::Value* amount = look(data, "amount")) bill.value("amount", *amount);
  facts.bill = bill.close();
}

}  // namespace

Facts read_facts(const rl_touch& touch) {
  const kit::Json json(kit::view(touch.data));
  const kit::Value* data = json.root();
  Facts facts;
  facts.key = kit::view(touch.key_text);
  facts.raw_key = touch.key;
  facts.customer = kit::view(touch.customer);
  facts.address = kit::view(touch.address);
  facts.try_no = touch.try_no == 0 ? 1 : touch.try_no;
  facts.requested = (touch.flags & RL_REQUESTED) != 0;
  facts.segment = kit::text(data, "customer.segment", kit::text(data, "segment"));
  facts.talks = touch.parts_count == 0 || !kit::text(data, "script").empty();
  facts.new_method = kit::boolean(data, "new_method");
  if (const kit::Value* decline = look(data, "decline")) {
    facts.action = kit::text(decline, "action");
    facts.code = kit::text(decline, "network_decline_code", kit::text(decline, "raw_code"));
    if (decline->IsObject()) facts.decline = kit::Object().value("decline", *decline).close();
  }
  read_bill(data, facts);
  for (uint32_t i = 0; i < touch.parts_count; ++i) {
    facts.link |= kit::view(touch.parts[i]->bytes).find("://") != std::string_view::npos;
  }
  return facts;
}

}  // namespace sandbox
