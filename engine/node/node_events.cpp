// Events that plugins report: whose they are, and those that come before their touch is known.
#include "base/log.h"
#include "core/customer/early_event.h"
#include "node/node_core.h"
#include "script/event_catalogue.h"

namespace relance {
namespace {

constexpr size_t kLongestReference = 1024;  // bytes, as of every id

EventFate fate_of(Code code) {
  switch (code) {
    case Code::run_not_found: return EventFate::nobody;
    case Code::event_malformed:
    case Code::event_too_large:
    case Code::event_too_deep:
    case Code::event_incomplete:
    case Code::event_bad_field:
    case Code::event_unknown_type: return EventFate::malformed;
    default: return EventFate::refused;  // the store cannot be read, or nothing is active yet
  }
}

// What a person writes is not put off: an objection holds at once, for his address.
bool may_wait(const PluginEvent& event) {
  return event.subject.empty() && (event.type != "message.received" || event.address.empty());
}

}  // namespace

Result<std::optional<Derived::Reference>> NodeCore::touch_by(uint64_t reference) const {
  const auto use = store_->use();
  auto reader = store_->reader();
  if (!reader) return reader.error();
  (*reader)->refresh();
  return (*reader)->reference(reference);
}

Result<NodeCore::Whose> NodeCore::by_reference(PluginEvent& event, const Rules& rules) const {
  if (event.reference.size() > kLongestReference)
    return Error{Code::event_malformed, "its reference is too long", {}, ""};
  const uint64_t hash = reference_hash(event.channel, event.reference);
  const auto known = touch_by(hash);
  if (!known) return known.error();
  if (*known) {
    event.key = (*known)->touch;
    return Whose{(*known)->customer};
  }
  if (!may_wait(event)) return Whose{};
  if (!early_.has_room())
    return Error{Code::run_not_found,
                 "no touch is known for it, and too many events wait for theirs already",
                 {},
                 ""};
  event.subject = early_subject(event.channel, event.reference);
  return Whose{customer_key(rules.tenant(), event.subject), hash};
}

// A touch's key tells half of its customer's: the shard finds out the other. What is known by its
// address only belongs to the address, which is a single writer of its own: suppression.
Result<NodeCore::Whose> NodeCore::whose(PluginEvent& event, const Rules& rules) const {
  if (event.key) return Whose{first_key(event.key.low())};
  if (!event.reference.empty()) {
    const auto known = by_reference(event, rules);
    if (!known || known->customer) return known;
  }
  if (event.subject.empty() && !event.address.empty()) event.subject = "address:" + event.address;
  if (!event.subject.empty()) return Whose{customer_key(rules.tenant(), event.subject)};
  return Error{Code::event_incomplete, "it names no key, reference or customer", {}, ""};
}

Result<Mail> NodeCore::mail_of(PluginEvent& event) {
  const auto active = this->active();
  const auto& rules = active->rules;
  if (!rules) return Error{Code::internal, "no generation is active yet", {}, ""};
  if (Status fits = check_event_limits(event.id, event.subject, event.data); !fits)
    return fits.error();
  const bool by_key = static_cast<bool>(event.key);
  const auto found = whose(event, *rules);
  if (!found) return found.error();
  auto data = active->typer(event.type, event.data, event.at);
  if (!data) return data.error();
  EventInput input;
  input.id = event.id;
  input.source = "plugin:" + event.channel;
  input.type = event.type;
  input.subject = event.subject;
  input.time = event.at;
  input.data = std::move(*data);
  input.hash =
      event_hash(rules->tenant(), found->customer.view().substr(0, 8), input.source, input.id);
  input.touch = event.key;
  input.reference = found->waits_for;
  Mail mail{found->customer, std::move(input), {}, by_key, {}};
  if (by_key && !event.subject.empty())
    mail.otherwise = customer_key(rules->tenant(), event.subject);
  return mail;
}

void NodeCore::deliver_event(PluginEvent event, std::function<void(EventFate)> done) {
  auto mail = mail_of(event);
  if (!mail) {
    log::warn("node", "an event {} of '{}' is refused: {}", event.type, event.channel,
              mail.error().message);
    if (done) done(fate_of(mail.error().code));
    return;
  }
  mail->done = [this, instance = event.channel, done = std::move(done)](Accepted how) {
    if (how != Accepted::refused) count(instance);
    if (how == Accepted::duplicate) ++duplicates_;
    if (done) done(how == Accepted::refused ? EventFate::refused : EventFate::kept);
  };
  post(std::move(*mail));
}

void NodeCore::count(const std::string& instance) {
  const std::lock_guard lock(from_plugins_mutex_);
  ++from_plugins_[instance];
}

// --- events that wait for their touch

// Known since before it was noted that somebody waits? Who becomes known after that is told by
// tell_who_waits(); so none is missed, and one may be told twice.
void NodeCore::seek_touch(const SeekTouch& sought) {
  early_.note(sought);
  if (sought.events == 0) return;
  const auto known = touch_by(sought.reference);
  if (!known) return log::error("store", "{}", known.error().text());
  if (!*known) return;
  post({sought.customer,
        TouchKnownInput{sought.reference, (*known)->customer, (*known)->touch},
        {}});
}

// In the thread that commits: nothing of the batch was released.
void NodeCore::tell_who_waits(const Batch& batch) {
  if (early_.events() == 0) return;
  for (const NewEntry& entry : batch.entries)
    for (const Derived::Reference& known : entry.derived.references)
      if (const auto actor = early_.waits_for(known.hash))
        post({*actor, TouchKnownInput{known.hash, known.customer, known.touch}, {}});
}

void NodeCore::hand_on(HandOn event) {
  EventInput input;
  input.id = std::move(event.id);
  input.source = std::move(event.source);
  input.type = std::move(event.type);
  input.time = event.time;
  input.data = std::move(event.data);
  input.touch = event.touch;
  input.hash = event_hash(rules()->tenant(), event.to.view().substr(0, 8), input.source, input.id);
  post({event.to, std::move(input),
        [this, actor = event.customer,
         handed = HandedOnInput{event.event, event.touch}](Accepted how) {
          if (how != Accepted::refused) post({actor, handed, {}});
        }});
}

}  // namespace relance
