#include "core/run/freeze.h"

#include <algorithm>
#include <array>
#include <functional>

#include "base/trace.h"
#include "core/run/content.h"
#include "core/run/dispatch.h"
#include "core/run/frozen.h"

namespace relance {
namespace {

std::string_view text_of(DocView record, std::string_view field) {
  return record.find(field).text().value_or("");
}

// The contacts before `touch`, or all, newest first: at most eight, with their place among them.
void each_contact_before(const Customer& customer, const Key& touch,
                         const std::function<void(const Touch&, int)>& visit) {
  constexpr int kMost = 8;
  auto it = customer.touches.rbegin();
  const auto end = customer.touches.rend();
  const auto own = std::find_if(it, end, [&](const Touch& one) { return one.key == touch; });
  if (own != end) it = std::next(own);
  for (int place = 0; it != end && place < kMost; ++it)
    if (it->is_contact()) visit(*it, place++);
}

// What was said, promised and asked in it; it was remembered together with its outcome.
void add_memory(const Customer& customer, const Touch& contact, FrozenFields& fields) {
  std::array<std::vector<Doc>, 3> words;
  for (const Memory& one : customer.memory)
    if (one.touch == contact.key && one.kind != Memory::Kind::told)
      words[static_cast<size_t>(one.kind)].push_back(Doc::text(one.word));
  constexpr std::array<const char*, 3> kNames = {"said", "promised", "asked"};
  for (size_t i = 0; i < words.size(); ++i)
    if (!words[i].empty()) fields.emplace_back(kNames[i], Doc::list(words[i]));
}

// The touch's identity and bookkeeping, without its frozen part.
Touch bare_touch(const StepCase& c, std::string_view channel, std::string_view attempt) {
  Touch touch;
  touch.key = derive_key_of(c.worker.customer().id, {c.worker.context().installation,
                                                     c.run_id.view(), c.step().name, attempt});
  touch.run = c.run_id;
  touch.step = c.index;
  touch.purpose = c.flow.purpose;
  touch.flow = c.flow.name;
  touch.step_name = c.step().name;
  touch.channel = channel;
  touch.intended_at = c.worker.now();
  touch.held.change().boot_ms = c.worker.context().boot_ms;
  touch.held.change().had_profile = !c.worker.customer().profile.empty();
  each_contact_before(c.worker.customer(), touch.key, [&](const Touch& contact, int place) {
    if (!contact.outcome.empty()) touch.held.change().answered |= static_cast<uint8_t>(1 << place);
  });
  return touch;
}

Status missing_facts(const StepCase& c, const SendStep& send, const Doc& data) {
  const TalkScript* script = c.worker.rules().script(c.flow, send.script);
  if (!script)
    return Error{Code::unknown_script, "there is no script '" + send.script + "'", {}, ""};
  for (const std::string& fact : script->facts)
    if (data.view().find(fact).is_null())
      return Error{Code::script_missing_fact,
                   "script '" + script->name + "' needs the fact '" + fact + "'",
                   {},
                   ""};
  return {};
}

using Fields = FrozenFields;

// Who is called back need not begin anew: what the call before brought.
Doc with_earlier(const StepCase& c, const Doc& data) {
  const DocView brought = c.view().step_data(c.index);
  return brought.size() > 0 ? Doc::merged(data, Doc::record({{"earlier", Doc(brought)}})) : data;
}

Frozen frozen(const StepCase& c, Touch touch, const Fields& fields) {
  const Doc whole = Doc::record(fields);
  touch.held.change().frozen = c.worker.seal(left_to_profile(whole, c.worker.profile()));
  return {std::move(touch), c.worker.seal(whole)};
}

Status freeze_message(const StepCase& c, const SendStep& send, const Channel& channel,
                      const Doc& data, Fields& fields) {
  const Rules& rules = c.worker.rules();
  const View view = c.view();
  const std::string locale = locale_of(c);
  fields.emplace_back("locale", Doc::text(locale));
  // Of several channels the one that speaks has the script, the others the template.
  const bool talk = !send.script.empty() && (send.template_name.empty() || channel.kind == "voice");
  if (talk) {
    if (auto missing = missing_facts(c, send, data); !missing) return missing;
    fields.emplace_back("script", Doc::text(send.script));
  }
  if (!send.template_name.empty() || !send.script.empty()) {
    const TemplateRef wanted{talk ? send.script : send.template_name,
                             talk ? "script" : channel.kind, locale};
    auto inputs = rules.inputs(wanted, view, data);
    if (!inputs) return inputs.error();
    fields.emplace_back("inputs", std::move(*inputs));
  }
  return {};
}

void add_trace(const StepCase& c, Fields& fields) {
  const auto trace = c.worker.open(c.run().event).find("traceparent").text().value_or("");
  if (is_traceparent(trace)) fields.emplace_back("trace", Doc::text(trace));
}

}  // namespace

Doc history_before(const Customer& customer, const Touch& touch) {
  std::vector<Doc> items;
  each_contact_before(customer, touch.key, [&](const Touch& contact, int place) {
    const bool known = (touch.held->answered >> place & 1) != 0;
    FrozenFields fields{{"flow", Doc::text(contact.flow)},
                        {"step", Doc::text(contact.step_name)},
                        {"channel", Doc::text(contact.channel_kind)},
                        {"outcome", Doc::text(known ? contact.outcome : "")},
                        {"at", Doc::instant(contact.intended_at)}};
    if (known) add_memory(customer, contact, fields);
    items.push_back(Doc::record(fields));
  });
  return items.empty() ? Doc{} : Doc::list(items);
}

std::string locale_of(const StepCase& c) {
  const std::string_view known = text_of(c.worker.profile(), "locale");
  return std::string(known.empty() ? std::string_view(c.worker.rules().locale()) : known);
}

Result<Doc> data_of(const StepCase& c, const DataSource& source) {
  if (source.function) return c.worker.rules().data(c.flow, source.function, c.view());
  return source.constant.is_null() ? Doc::empty_record() : source.constant;
}

Result<Frozen> freeze(const StepCase& c, const Channel& channel, const Allow& answer) {
  const Sending sending = sending_of(c.step());
  const StepState state = c.copy();
  const bool callback = state.callback_next;
  const int number = callback ? state.callbacks + 1 : state.try_no + 1;
  Touch touch = bare_touch(c, via_of(c), (callback ? "callback" : "try") + std::to_string(number));
  touch.try_no = static_cast<uint8_t>(number);
  touch.what = sending.what;
  touch.delivery = channel.delivery;
  touch.channel_kind = channel.kind;
  touch.requested = callback || (sending.send && sending.send->requested);
  touch.address = sending.what == TouchWhat::charge ? charged_key(c.run()) : answer.address;
  touch.held.change().effect_hash = channel.effect_hash;
  touch.cost_micro = channel.cost_micro;
  touch.cost_currency = channel.cost_currency;

  auto data = data_of(c, *sending.data);
  if (!data) return data.error();
  if (callback) data = with_earlier(c, *data);
  Fields fields;
  fields.reserve(8);  // one claim of memory for most
  if (sending.send) {
    fields.emplace_back("to", Doc::text(answer.to));
    if (auto ready = freeze_message(c, *sending.send, channel, *data, fields); !ready)
      return ready.error();
    if (!sending.send->content.empty()) add_content(c, fields);
  }
  if (data->view().size() > 0) fields.emplace_back("data", std::move(*data));
  add_trace(c, fields);
  return frozen(c, std::move(touch), fields);
}

Result<Frozen> freeze_side_message(const StepCase& c, const Channel& channel, const Turn& turn,
                                   const Doc& data, const Allow& answer) {
  const StepState state = c.copy();
  Touch touch = bare_touch(c, turn.via, "try" + std::to_string(state.try_no) + "/" + turn.name);
  touch.try_no = state.try_no;
  touch.delivery = channel.delivery;
  touch.channel_kind = channel.kind;
  touch.requested = true;
  touch.address = answer.address;
  touch.held.change().effect_hash = channel.effect_hash;
  touch.cost_micro = channel.cost_micro;
  touch.cost_currency = channel.cost_currency;
  SendStep as_send;
  as_send.template_name = turn.template_name;
  Fields fields{{"to", Doc::text(answer.to)}};
  if (auto ready = freeze_message(c, as_send, channel, data, fields); !ready) return ready.error();
  if (data.view().size() > 0) fields.emplace_back("data", data);
  add_trace(c, fields);
  return frozen(c, std::move(touch), fields);
}

Touch freeze_operation(const StepCase& c, std::string_view connector, std::string_view op,
                       const Doc& data, const Doc& only_if, std::string_view purpose_word) {
  Touch touch = bare_touch(c, connector, purpose_word);
  touch.what = TouchWhat::operation;
  touch.channel_kind = "connector";
  touch.try_no = 1;
  if (const Connector* known = c.worker.rules().connector(connector)) {
    touch.delivery = known->delivery;
    touch.held.change().effect_hash = known->effect_hash;
  }
  Fields fields{{"op", Doc::text(op)}, {"data", data}};
  if (!only_if.is_null() && only_if.view().size() > 0) fields.emplace_back("only_if", only_if);
  add_trace(c, fields);
  touch.held.change().frozen = c.worker.seal(Doc::record(fields));
  return touch;
}

}  // namespace relance
