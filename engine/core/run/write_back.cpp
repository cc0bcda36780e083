#include "core/run/write_back.h"

#include <algorithm>
#include <array>

#include "core/run/settle.h"

namespace relance {
namespace {

using Fields = std::vector<std::pair<std::string, Doc>>;

// Ends of a call in which no person was on the line.
constexpr std::array<std::string_view, 7> kNobody = {
    "no_answer", "busy", "voicemail", "screened", "invalid_number", "failed", "unknown"};

void add(Fields& fields, const char* name, std::string_view text) {
  if (!text.empty()) fields.emplace_back(name, Doc::text(text));
}

// A record's fields without amounts: a CRM is told who said what, not what is owed.
Doc without_amounts(DocView record) {
  Fields kept;
  for (const auto& [name, value] : record.items())
    if (!value.money()) kept.emplace_back(name, Doc(value));
  return Doc::record(kept);
}

void add_run(Fields& fields, Worker& worker, const Touch& contact) {
  const Run* run = worker.customer().find_run(contact.run);
  const Flow* flow = worker.rules().flow(run ? run->version : contact.held->version);
  if (!flow || contact.step >= flow->steps.size()) return;
  // The text that is sent in a call says something else than its step does.
  if (const auto* send = std::get_if<SendStep>(&flow->steps[contact.step].body)) {
    add(fields, "script", send->script);
    if (contact.channel == send->via) add(fields, "template", send->template_name);
  }
  const Sealed* sealed = !contact.held->event.empty() ? &contact.held->event
                         : run                        ? &run->event
                                                      : nullptr;
  if (!sealed) return;
  const DocView event = worker.open(*sealed);
  Fields keys;
  for (const std::string& field : flow->key)
    if (const DocView value = event.find_path(field); !value.is_null())
      keys.emplace_back(field, Doc(value));
  if (!keys.empty()) fields.emplace_back("keys", Doc::record(keys));
}

Doc data_of(Worker& worker, const Touch& contact, const ContactNews& news) {
  Fields fields{{"touch", Doc::text(contact.key.text())},
                {"run", Doc::text(contact.run.text())},
                {"flow", Doc::text(contact.flow)},
                {"step", Doc::text(contact.step_name)},
                {"channel", Doc::text(contact.channel)},
                {"kind", Doc::text(contact.channel_kind)},
                {"purpose", Doc::text(purpose_name(contact.purpose))},
                {"try", Doc::integer(contact.try_no)},
                {"requested", Doc::boolean(contact.requested)},
                {"sent_at", Doc::instant(contact.intended_at)},
                {"at", Doc::instant(news.at)},
                {"outcome", Doc::text(news.word)}};
  add(fields, "reason", news.reason);
  if (contact.channel_kind == "voice") {
    const bool nobody = std::find(kNobody.begin(), kNobody.end(), news.word) != kNobody.end();
    fields.emplace_back("connected", Doc::boolean(!nobody));
  }
  if (news.cost_currency) {
    fields.emplace_back("cost_micro", Doc::integer(news.cost_micro));
    add(fields, "cost_currency", news.cost_currency.text());
  }
  if (Doc answers = without_amounts(news.answers); answers.view().size() > 0)
    fields.emplace_back("answers", std::move(answers));
  add_run(fields, worker, contact);
  return Doc::record(fields);
}

void tell(Worker& worker, const Touch& contact, const Connector& crm, const ContactNews& news) {
  Touch touch;
  touch.key = derive_key_of(worker.customer().id, {contact.key.view(), kTouchOutcome, news.word});
  if (worker.customer().find_touch(touch.key)) return;
  touch.what = TouchWhat::operation;
  touch.delivery = crm.delivery;
  touch.purpose = contact.purpose;
  touch.flow = contact.flow;
  touch.step_name = contact.step_name;
  touch.channel = "crm";
  touch.channel_kind = "connector";
  touch.try_no = 1;
  touch.intended_at = worker.now();
  OpenTouch& held = touch.held.change();
  held.boot_ms = worker.context().boot_ms;
  held.effect_hash = crm.effect_hash;
  held.frozen = worker.seal(
      Doc::record({{"op", Doc::text(kTouchOutcome)}, {"data", data_of(worker, contact, news)}}));
  worker.write(TouchIntended{touch});
  leave(worker, std::move(touch), false);
}

const Connector* crm_for(Worker& worker, const Touch& contact) {
  if (worker.customer().limited()) return nullptr;
  const Connector* crm = contact.is_contact() ? worker.rules().connector("crm") : nullptr;
  return crm && crm->takes_outcomes ? crm : nullptr;
}

bool told_before(const Customer& customer, const Key& touch, std::string_view word) {
  return std::any_of(customer.memory.begin(), customer.memory.end(), [&](const Memory& one) {
    return one.kind == Memory::Kind::told && one.touch == touch && one.word == word;
  });
}

}  // namespace

void tell_outcome(Worker& worker, const Touch& contact, const ContactNews& news) {
  const Connector* crm = crm_for(worker, contact);
  // An event may have said so before the channel did.
  if (crm && !told_before(worker.customer(), contact.key, news.word))
    tell(worker, contact, *crm, news);
}

void tell_later_news(Worker& worker, const Touch& contact, const ContactNews& news) {
  const Connector* crm = crm_for(worker, contact);
  if (!crm || contact.outcome == news.word ||
      told_before(worker.customer(), contact.key, news.word))
    return;
  worker.write(Remembered{{Memory::Kind::told, std::string(news.word), contact.key, worker.now()}});
  tell(worker, contact, *crm, news);
}

}  // namespace relance
