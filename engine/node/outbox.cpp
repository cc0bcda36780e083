#include "node/outbox.h"

#include "core/run/freeze.h"
#include "core/state/opened.h"

namespace relance {
namespace {

std::string text_of(DocView record, std::string_view field) {
  return std::string(record.find(field).text().value_or(""));
}

// What a channel is told beside the frozen part, as it was at the intent.
void add_context(TouchOrder& order, const Touch& touch, const Customer& customer,
                 const Rules& rules) {
  if (touch.had_profile)
    order.profile = opened(customer.id, touch.profile.empty() ? customer.profile : touch.profile);
  order.history = history_before(customer, touch);
  const Run* run = customer.find_run(touch.run);
  if (!touch.event.empty() || run)
    order.event = opened(customer.id, touch.event.empty() ? run->event : touch.event);
  const Flow* flow = rules.flow(run ? run->version : touch.version);
  if (!flow) return;
  std::vector<std::pair<std::string, Doc>> keys;
  for (const std::string& field : flow->key)
    if (const DocView value = order.event.view().find_path(field); !value.is_null())
      keys.emplace_back(field, Doc(value));
  order.keys = Doc::record(std::move(keys));
}

Result<TouchOrder> order_of(const Touch& touch, const Customer& customer, const Rules& rules) {
  TouchOrder order;
  order.customer = customer.id;
  order.touch = touch;
  order.touch.frozen = {};
  const Doc subject = opened(customer.id, customer.subject);
  order.subject = text_of(subject, "subject");
  const Doc frozen = opened(customer.id, touch.frozen);
  const DocView view = frozen;
  order.to = text_of(view, "to");
  order.locale = text_of(view, "locale");
  order.op = text_of(view, "op");
  order.data = Doc(view.find("data"));
  order.only_if = Doc(view.find("only_if"));
  order.script = text_of(view, "script");
  add_context(order, touch, customer, rules);
  const DocView inputs = view.find("inputs");
  if (inputs.is_null() || !order.script.empty()) return order;
  auto parts = rules.render(inputs);
  if (!parts) return parts.error();
  order.parts = std::move(*parts);
  return order;
}

Outgoing unrenderable(const Customer& customer, const Touch& touch, const Error& error) {
  OperationResult result;
  result.status = OperationStatus::failed;
  result.reason = code_text(error.code);
  return AnswerOut{customer.id, touch.key, std::move(result)};
}

}  // namespace

Outgoing make_ready(const Effect& effect, const Customer& customer, const Rules& rules) {
  if (const auto* send = std::get_if<Send>(&effect)) {
    auto order = order_of(send->touch, customer, rules);
    if (!order) return unrenderable(customer, send->touch, order.error());
    return SendOut{std::move(*order)};
  }
  if (const auto* look_up = std::get_if<LookUp>(&effect)) {
    auto order = order_of(look_up->touch, customer, rules);
    if (!order) return unrenderable(customer, look_up->touch, order.error());
    std::vector<std::string> refs;
    const Doc known = opened(customer.id, look_up->touch.refs);
    for (const auto& [key, ref] : known.view().items()) refs.emplace_back(ref.text().value_or(""));
    return LookUpOut{std::move(*order), std::move(refs)};
  }
  if (const auto* want = std::get_if<Want>(&effect)) return *want;
  if (const auto* cancel = std::get_if<CancelTouch>(&effect)) return *cancel;
  if (const auto* read = std::get_if<Read>(&effect)) return *read;
  if (const auto* turn = std::get_if<Perform>(&effect)) return *turn;
  return std::get<Understand>(effect);
}

}  // namespace relance
