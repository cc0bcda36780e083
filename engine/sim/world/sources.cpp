#include "sim/world/sources.h"

#include <fmt/format.h>

namespace relance {
namespace {

constexpr Duration kAskAgain = minutes(2);
constexpr int kMostHooks = 3;

}  // namespace

Sources::Sources(Ports ports)
    : ports_(ports), chance_(ports.plan.seed, "sources"), start_(ports.clock.true_now()) {
  for (int i = 0; i < ports.plan.customers; ++i) subjects_.push_back(subject_of(i));
}

// Many things happen on the full hour, so that timers and events meet.
void Sources::fill_agenda() {
  const auto some_time = [&] {
    Instant at = start_ + chance_.span({}, ports_.plan.span);
    if (chance_.percent(30)) at.ms -= at.ms % hours(1).ms;
    return std::max(at, start_);
  };
  for (const std::string& subject : subjects_) {
    if (chance_.percent(70))
      post_at(start_, "consent.given", subject, Doc::record({{"purpose", Doc::text("marketing")}}));
    for (const CompiledFlow& flow : ports_.bundle.flows) {
      const int64_t count = chance_.between(0, 3);
      for (int64_t i = 0; i < count; ++i) begin_thing(flow.flow, subject, some_time());
    }
    if (chance_.percent(ports_.plan.talkative)) talk(subject);
    static const std::vector<std::string> others = {"payment_method.updated", "support.closed",
                                                    "consent.withdrawn", "customer.updated",
                                                    "support.opened"};
    const int64_t count = chance_.between(0, 2);
    for (int64_t i = 0; i < count; ++i) {
      Doc data = Doc::empty_record();
      const std::string& type = chance_.pick(others);
      if (type == "consent.withdrawn") data = Doc::record({{"purpose", Doc::text("marketing")}});
      post_at(some_time(), type, subject, std::move(data));
    }
  }
}

// So many that he himself does not remember the first of them, most told twice: at once, or late.
void Sources::talk(const std::string& subject) {
  const int64_t count = chance_.between(20, 50);
  for (int64_t i = 0; i < count; ++i) {
    const Instant at = start_ + chance_.span({}, ports_.plan.span);
    const auto what = post_at(at, "customer.updated", subject, Doc::empty_record());
    const bool at_once = chance_.percent(60);
    const auto twin = std::make_shared<Post>(*what);
    ports_.agenda.at(at_once ? at : at + chance_.log_span(milliseconds(0), days(10)),
                     [this, twin] { post(twin); });
  }
}

Doc Sources::details(const std::string& type, const std::string& field, const std::string& id) {
  static const std::vector<std::string> actions = {"retry_now",          "retry_scheduled",
                                                   "request_new_method", "contact_issuer",
                                                   "stop_and_respect",   "review_fraud"};
  std::vector<std::pair<std::string, Doc>> fields;
  if (!field.empty()) fields.emplace_back(field, Doc::text(id));
  const EventType* known = ports_.bundle.events.find(type);
  if (known && known->fields.contains("amount"))
    fields.emplace_back("amount",
                        Doc::money({chance_.between(500, 40000), *Currency::parse("EUR")}));
  if (type == "payment.failed") {
    fields.emplace_back("decline", Doc::record({{"action", Doc::text(chance_.pick(actions))}}));
    fields.emplace_back("context", Doc::text("recurring"));
  }
  return Doc::record(fields);
}

// A start event, perhaps told twice or a second time anew; and how it ends, if it does.
void Sources::begin_thing(const Flow& flow, const std::string& subject, Instant at) {
  if (!flow.absence && flow.start.empty()) return;  // its search finds whom it is for
  Thing thing;
  thing.subject = subject;
  thing.field = flow.key.empty() ? "" : flow.key.front();
  thing.id = fmt::format("{}-{}", subject, ++ids_);
  for (const EventPattern& goal : flow.goal) thing.goals.push_back(goal.type);
  for (const EventPattern& stop : flow.stop) thing.stops.push_back(stop.type);
  const std::string& start =
      flow.absence ? flow.absence->type : flow.start[chance_.below(flow.start.size())].type;
  post_at(at, start, subject, details(start, thing.field, thing.id));
  if (chance_.percent(25))
    post_at(at + chance_.log_span(milliseconds(0), days(2)), start, subject,
            details(start, thing.field, thing.id));
  if (chance_.percent(50)) end_thing(thing, at + chance_.log_span(milliseconds(0), days(4)));
  things_[customer_key(ports_.bundle.tenant, subject)].push_back(std::move(thing));
}

void Sources::end_thing(const Thing& thing, Instant at) {
  if (at > start_ + kActive) return;
  const auto& ends = !thing.stops.empty() && chance_.percent(20) ? thing.stops : thing.goals;
  if (ends.empty()) return;
  const std::string& type = chance_.pick(ends);
  post_at(at, type, thing.subject, details(type, thing.field, thing.id));
}

void Sources::perhaps_pays(const Key& customer, Instant at) {
  const auto things = things_.find(customer);
  if (things == things_.end() || !chance_.percent(4)) return;
  end_thing(chance_.pick(things->second), at);
}

// --- the shop

std::shared_ptr<Sources::Post> Sources::post_at(Instant at, const std::string& type,
                                                const std::string& subject, Doc data) {
  const auto what = std::make_shared<Post>();
  what->id = fmt::format("e-{}", ++posts_);
  what->type = type;
  what->subject = subject;
  what->data = std::move(data);
  ports_.agenda.at(at, [this, what] { post(what); });
  if (chance_.percent(15)) {
    const auto twin = std::make_shared<Post>(*what);
    ports_.agenda.at(at + chance_.log_span(milliseconds(0), days(3)), [this, twin] { post(twin); });
  }
  return what;
}

// Sends it, and sends it again until it is answered.
void Sources::post(const std::shared_ptr<Post>& what) {
  if (what->answered) return;
  ports_.agenda.at(ports_.clock.true_now() + kAskAgain * ++what->tries,
                   [this, what] { post(what); });
  if (!node_) return;
  const Instant now = ports_.clock.now();
  auto typed = type_event_data(what->type, what->data, ports_.bundle.events, now);
  if (!typed) throw Violation("workload", what->type + ": " + typed.error().text());
  EventInput event;
  event.id = what->id;
  event.source = "shop";
  event.type = what->type;
  event.subject = what->subject;
  event.time = now;
  event.data = std::move(*typed);
  const uint64_t hash = event_hash(ports_.bundle.tenant, event.subject, event.source, event.id);
  ports_.story.tell("event", what->type, posts_);
  node_->accept(std::move(event), [this, what, hash](Accepted how) {
    if (how == Accepted::refused) return;
    what->answered = true;
    ++kept_;
    ports_.story.tell("acknowledged", what->id);
    acknowledged(hash);
    ports_.mortality.visit("between acknowledgements");
  });
}

// --- customers and web hooks

void Sources::react(const Deed& deed) {
  if (chance_.percent(8)) {
    const auto things = things_.find(deed.customer);
    if (things != things_.end())
      end_thing(chance_.pick(things->second),
                ports_.clock.true_now() + chance_.log_span(milliseconds(0), hours(3)));
  }
  static const std::vector<std::string> words = {"link.clicked", "email.opened", "email.bounced"};
  if (!deed.touch.is_contact() || !chance_.percent(20)) return;
  const auto hook = std::make_shared<Hook>();
  hook->event.channel = deed.touch.channel;
  hook->event.id = fmt::format("h-{}", ++posts_);
  hook->event.type = chance_.pick(words);
  hook->event.data = Doc::empty_record();
  if (chance_.percent(50) && !deed.answer.refs.empty())
    hook->event.reference = deed.answer.refs.front();
  else
    hook->event.key = deed.key;
  const Instant at = ports_.clock.true_now() + chance_.log_span(milliseconds(0), days(1));
  hook_at(at, hook);
  if (chance_.percent(30)) hook_at(at + chance_.log_span(milliseconds(0), days(1)), hook);
}

void Sources::hook_at(Instant at, const std::shared_ptr<Hook>& hook) {
  ports_.agenda.at(at, [this, hook] {
    if (hook->tries_left-- <= 0) return;
    if (!hook->answered)
      hook_at(ports_.clock.true_now() + kAskAgain * (kMostHooks - hook->tries_left), hook);
    if (!node_) return;
    ports_.story.tell("web hook", hook->event.type);
    hook->event.at = ports_.clock.now();
    node_->deliver_event(hook->event,
                         [hook](EventFate fate) { hook->answered |= fate == EventFate::kept; });
  });
}

}  // namespace relance
