#include "bill.h"

#include <algorithm>
#include <cctype>

#include "kit/json.h"
#include "kit/text.h"

namespace stripe {
namespace {

constexpr size_t kMostIdBytes = 255;

const kit::Value* look(const kit::Value* data, std::string_view name) {
  if (const kit::Value* found = kit::member(data, name)) return found;
  if (const kit::Value* found = kit::member(kit::member(data, "keys"), name)) return found;
  return kit::member(kit::member(data, "event"), name);
}

std::string text_of(const kit::Value* value) {
  return value != nullptr && value->IsString() ? std::string(kit::view(*value)) : std::string();
}

}  // namespace

// It came with an event from outside.
bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= kMostIdBytes &&
         std::all_of(id.begin(), id.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-'; });
}

Bill read_bill(const rl_touch& touch) {
  const kit::Json json(kit::view(touch.data));
  Bill bill;
  bill.id = text_of(look(json.root(), "payment_intent_id"));
  if (bill.id.empty()) bill.id = text_of(look(json.root(), "invoice_id"));
  bill.payment_method = text_of(kit::member(json.root(), "payment_method"));
  if (bill.id.empty()) {
    bill.problem = "neither invoice_id nor payment_intent_id";
  } else if (!is_id(bill.id)) {
    bill.problem = "the bill's id is none of Stripe's";
  } else {
    bill.kind = bill.id.starts_with("pi_") ? Bill::Kind::intent : Bill::Kind::invoice;
  }
  return bill;
}

Amount read_amount(const rl_touch& touch) {
  const kit::Json json(kit::view(touch.data));
  const kit::Value* amount = look(json.root(), "amount");
  return {kit::integer(amount, "minor"), std::string(kit::text(amount, "currency"))};
}

}  // namespace stripe
