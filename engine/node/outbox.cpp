#include "node/outbox.h"

#include "core/run/freeze.h"
#include "core/run/frozen.h"
#include "core/state/opened.h"

namespace relance {
namespace {

std::string text_of(DocView record, std::string_view field) {
  return std::string(record.find(field).text().value_or(""));
}

// What a channel is told beside the frozen part, as it was at the intent.
void add_context(TouchOrder& order, const Customer& customer, const Rules& rules) {
  const Touch& touch = order.touch;
  if (touch.held->had_profile)
    order.profile =
        opened(customer.id, touch.held->profile.empty() ? customer.profile : touch.held->profile);
  order.history = history_before(customer, touch);
  const Run* run = customer.find_run(touch.run);
  if (!touch.held->event.empty() || run)
    order.event = opened(customer.id, touch.held->event.empty() ? run->event : touch.held->event);
  const Flow* flow = rules.flow(run ? run->version : touch.held->version);
  if (!flow) return;
  std::vector<std::pair<std::string, Doc>> keys;
  for (const std::string& field : flow->key)
    if (const DocView value = order.event.view().find_path(field); !value.is_null())
      keys.emplace_back(field, Doc(value));
  order.keys = Doc::record(keys);
}

Result<std::unique_ptr<TouchOrder>> order_of(Touch touch, const Customer& customer,
                                             const Rules& rules) {
  auto made = std::make_unique<TouchOrder>();
  TouchOrder& order = *made;
  order.customer = customer.id;
  order.touch = std::move(touch);
  const Doc frozen = frozen_of(customer, order.touch);
  const DocView view = frozen;
  order.subject = text_of(opened(customer.id, customer.subject), "subject");
  order.to = text_of(view, "to");
  order.locale = text_of(view, "locale");
  order.op = text_of(view, "op");
  order.trace = text_of(view, "trace");
  order.data = Doc(view.find("data"));
  order.only_if = Doc(view.find("only_if"));
  order.script = text_of(view, "script");
  const Channel* channel = rules.channel(order.touch.channel);
  const bool operation = order.touch.what == TouchWhat::operation;
  if (!operation && channel && channel->context) add_context(order, customer, rules);
  OpenTouch& held = order.touch.held.change();
  held.frozen = held.event = held.profile = {};
  for (const auto& [key, part] : view.find("parts").items())
    order.parts.push_back(
        {text_of(part, "role"), text_of(part, "content_type"), text_of(part, "text")});
  if (!order.parts.empty()) return made;
  const DocView inputs = view.find("inputs");
  if (inputs.is_null() || !order.script.empty()) return made;
  auto parts = rules.render(inputs, order.data);
  if (!parts) return parts.error();
  order.parts = std::move(*parts);
  return made;
}

std::vector<std::string> refs_of(const Key& customer, const Touch& touch) {
  std::vector<std::string> refs;
  const Doc known = opened(customer, touch.held->refs);
  for (const auto& [name, ref] : known.view().items()) refs.emplace_back(ref.text().value_or(""));
  return refs;
}

Outgoing unrenderable(const Key& customer, const Key& touch, const Error& error) {
  OperationResult result;
  result.status = OperationStatus::failed;
  result.reason = code_text(error.code);
  return AnswerOut{customer, touch, std::move(result)};
}

}  // namespace

Outgoing make_ready(Effect effect, const Customer& customer, const Rules& rules) {
  if (auto* send = std::get_if<Send>(&effect)) {
    const Key key = send->touch.key;
    auto order = order_of(std::move(send->touch), customer, rules);
    if (!order) return unrenderable(customer.id, key, order.error());
    return SendOut{std::move(*order), {}, 0};
  }
  if (auto* look_up = std::get_if<LookUp>(&effect)) {
    const Key key = look_up->touch.key;
    std::vector<std::string> refs = refs_of(customer.id, look_up->touch);
    auto order = order_of(std::move(look_up->touch), customer, rules);
    if (!order) return unrenderable(customer.id, key, order.error());
    return LookUpOut{std::move(*order), std::move(refs)};
  }
  if (auto* want = std::get_if<Want>(&effect)) return std::move(*want);
  if (auto* cancel = std::get_if<CancelTouch>(&effect)) return *cancel;
  if (auto* read = std::get_if<Read>(&effect)) return std::move(*read);
  if (auto* turn = std::get_if<Perform>(&effect)) return std::move(*turn);
  if (auto* page = std::get_if<Page>(&effect)) return std::move(*page);
  if (auto* enter = std::get_if<Enter>(&effect)) return std::move(*enter);
  if (auto* later = std::get_if<SearchLater>(&effect)) return std::move(*later);
  if (auto* recall = std::get_if<Recall>(&effect)) {
    std::vector<std::string> refs = refs_of(customer.id, recall->touch);
    auto order = order_of(std::move(recall->touch), customer, rules);  // without its frozen part
    return RecallOut{std::move(order).value(), std::move(refs)};
  }
  if (auto* message = std::get_if<Compose>(&effect)) return std::move(*message);
  if (auto* seek = std::get_if<SeekTouch>(&effect)) return *seek;
  if (auto* hand_on = std::get_if<HandOn>(&effect)) return std::move(*hand_on);
  if (auto* rouse = std::get_if<Rouse>(&effect)) return *rouse;
  if (auto* told = std::get_if<GuardTold>(&effect)) return std::move(*told);
  return std::get<Understand>(std::move(effect));
}

}  // namespace relance
