#include "sim/world/providers.h"

#include <fmt/format.h>

namespace relance {
namespace {

constexpr Duration kReadLimit = minutes(1);
constexpr Duration kChangesMind = hours(40);  // of a CRM about a customer's segment

OperationResult plain(OperationStatus status, std::string reason = {}) {
  OperationResult result;
  result.status = status;
  result.reason = std::move(reason);
  return result;
}

std::string word_of(Chance& chance, const Touch& touch, bool refused) {
  static const std::vector<std::string> declines = {"declined", "declined", "refused",
                                                    "needs_customer"};
  if (touch.what == TouchWhat::charge) return refused ? chance.pick(declines) : "";
  if (touch.what == TouchWhat::operation) return refused ? "refused" : "done";
  const auto words = channel_words(touch.channel_kind);
  if (words.empty() || !chance.percent(touch.channel_kind == "voice" ? 70 : 12)) return "delivered";
  return std::string(words[chance.below(words.size())]);
}

bool is_quiet(const Plan& plan, Instant at) { return at > kWorldBegins + plan.span; }

}  // namespace

std::string subject_of(int number) { return fmt::format("c-{}", number); }

// Nobody's number is known twice; one in twenty has no mailbox.
Doc crm_record_of(const std::string& subject, const Plan& plan, Instant at) {
  static const char* const kZones[] = {"Europe/Paris", "America/New_York", "Asia/Tokyo", "UTC"};
  static const char* const kSegments[] = {"new", "loyal", "business"};
  const uint64_t hash = derive_hash({"crm", subject});
  const uint64_t moods = static_cast<uint64_t>((at - kWorldBegins).ms / kChangesMind.ms);
  std::vector<std::pair<std::string, Doc>> fields = {
      {"id", Doc::text(subject)},
      {"phone", Doc::text(fmt::format("+336{:08}", hash % 100'000'000))},
      {"timezone", Doc::text(kZones[hash / 7 % std::size(kZones)])},
      {"locale", Doc::text("en")},
      {"campaign", Doc::text("winter")},
      {"segment",
       Doc::text(is_quiet(plan, at) ? "gone"
                                    : kSegments[(hash / 11 + moods) % std::size(kSegments)])},
      {"first_name", Doc::text("Alex")}};
  if (hash % 20 != 0) fields.emplace_back("email", Doc::text(subject + "@example.com"));
  return Doc::record(fields);
}

Providers::Providers(Ports ports)
    : ports_(ports),
      chance_(ports.plan.seed, "world"),
      callers_(ports.plan.seed, ports.clock, ports.agenda) {}

void Providers::attach(Inbox& inbox) {
  inbox_ = &inbox;
  ++life_;
}

void Providers::detach() {
  inbox_ = nullptr;
  under_way_.clear();
  callers_.hang_up();
}

const ProviderPlan& Providers::plan_of(const Touch& touch) const {
  const auto& all =
      touch.what == TouchWhat::operation ? ports_.plan.connectors : ports_.plan.channels;
  for (const ProviderPlan& plan : all)
    if (plan.name == touch.channel) return plan;
  throw Violation("O2", "touch " + touch.key.text() + " goes to '" + touch.channel.str() +
                            "', which is not there");
}

uint64_t Providers::begin(const Key& operation) { return under_way_[operation] = ++orders_; }

bool Providers::end(const Key& operation, int life, uint64_t number) {
  if (!is_up() || life != life_) return false;
  const auto found = under_way_.find(operation);
  if (found == under_way_.end() || found->second != number) return false;
  under_way_.erase(found);
  return true;
}

bool Providers::honours(const Deed& deed, const ProviderPlan& plan) const {
  return plan.delivery == DeliveryClass::keyed && deed.acts > 0 &&
         ports_.clock.true_now() - deed.first_act < plan.key_window;
}

bool Providers::is_mute(const ProviderPlan& plan) const {
  const Instant from = kWorldBegins + plan.mute_from;
  const Instant now = ports_.clock.true_now();
  return now >= from && now < from + plan.mute_for;
}

// --- sends

void Providers::send(TouchOrder touch) {
  ports_.mortality.visit("before the first byte");
  const ProviderPlan& plan = plan_of(touch.touch);
  Deed& deed = ports_.ledger.ordered(touch, ports_.clock.true_now());
  ports_.story.tell("send", touch.touch.key, deed.orders, touch.touch.held->attempts);
  watch_->sending(touch, deed);
  const Key key = touch.touch.key;
  const auto order =
      std::make_shared<const Order>(Order{std::move(touch), &plan, life_, begin(key)});
  answer_after(plan.limit, order, [] { return plain(OperationStatus::unknown, "no answer"); });
  if (deed.cancelled)
    return answer_after(seconds(1), order, [] { return plain(OperationStatus::cancelled); });
  int64_t left = chance_.between(0, 99);
  if (is_mute(plan)) left = 99;
  if ((left -= plan.not_now) < 0) return turn_down(order);
  if ((left -= plan.failed) < 0 && deed.acts == 0 && deed.on_the_wire == 0)
    return answer_after(chance_.log_span(milliseconds(0), seconds(30)), order,
                        [] { return plain(OperationStatus::failed, "no such thing"); });
  ++deed.on_the_wire;
  if ((left -= plan.lost) >= 0) {
    if (!order->touch.script.empty())
      call(order);
    else
      carry_out(order, (left -= plan.silent) < 0 || is_mute(plan));
  }
  ports_.mortality.visit("bytes have left");
}

// Not now, perhaps for the whole channel.
void Providers::turn_down(const Ordered& order) {
  OperationResult later = plain(OperationStatus::not_now, "busy");
  if (chance_.percent(60))
    later.again_at = ports_.clock.now() + chance_.log_span(seconds(1), hours(6));
  if (chance_.percent(20) && order->touch.touch.what != TouchWhat::operation)
    inbox_->pace(order->touch.touch.channel,
                 ports_.clock.now() + chance_.log_span(seconds(1), hours(1)));
  answer_after(chance_.log_span(milliseconds(0), seconds(5)), order, [later] { return later; });
}

void Providers::carry_out(const Ordered& order, bool silent) {
  const Duration acts = chance_.log_span(milliseconds(0), order->plan->limit);
  ports_.agenda.at(ports_.clock.true_now() + acts, [this, order] { act(*order); });
  if (silent) return;
  const Duration answers = chance_.log_span(milliseconds(0), order->plan->limit);
  const Key key = order->touch.touch.key;
  answer_after(acts + answers, order, [this, key] {
    const Deed& deed = *ports_.ledger.find(key);
    return deed.cancelled ? plain(OperationStatus::cancelled) : deed.answer;
  });
}

void Providers::act(const Order& order) {
  Deed& deed = *ports_.ledger.find(order.touch.touch.key);
  if (deed.cancelled || honours(deed, *order.plan)) return;
  ++deed.acts;
  ports_.story.tell("act", deed.key, deed.acts);
  if (deed.first_act.is_never()) {
    deed.first_act = ports_.clock.true_now();
    deed.answer = first_answer(order);
    deed.answer.acted_at = ports_.clock.now();
  }
  watch_->acted(deed);
  reached(deed);
}

OperationResult Providers::first_answer(const Order& order) {
  OperationResult result;
  result.wire = Wire::answered;
  const bool refused = chance_.percent(order.plan->refused);
  result.word = word_of(chance_, order.touch.touch, refused);
  const bool no =
      result.word == "declined" || result.word == "refused" || result.word == "needs_customer";
  result.status = no ? OperationStatus::refused : OperationStatus::done;
  result.refs = {chance_.percent(50) ? order.touch.touch.key.text()
                                     : fmt::format("ref-{}", order.number)};
  return result;
}

// A telephone rings: that is the act, whoever picks up.
void Providers::call(const Ordered& order) {
  const Duration rings = chance_.log_span(milliseconds(1), order->plan->limit);
  ports_.agenda.at(ports_.clock.true_now() + rings, [this, order] {
    act(*order);
    const Key key = order->touch.touch.key;
    const bool waits = is_up() && order->life == life_ && under_way_.contains(key);
    Deed& deed = *ports_.ledger.find(key);
    if (!waits || deed.answer.word != "delivered")
      return answer_after({}, order, [&deed] { return deed.answer; });
    under_way_[key] = ++orders_;  // a call is given as long as it takes
    const uint64_t number = orders_;
    callers_.begin(order->touch.customer, key, *inbox_,
                   [this, order, number, &deed](const std::string& word) {
                     deed.answer.word = word;
                     if (!end(deed.key, order->life, number)) return;
                     inbox_->deliver(deed.customer, ResultInput{deed.key, deed.answer});
                   });
  });
}

void Providers::answer_after(Duration after, const Ordered& order,
                             std::function<OperationResult()> result) {
  ports_.agenda.at(ports_.clock.true_now() + after, [this, order, result = std::move(result)] {
    const Touch& touch = order->touch.touch;
    if (!end(touch.key, order->life, order->number)) return;
    OperationResult answer = result();
    ports_.story.tell("answer", touch.key, static_cast<int64_t>(answer.status));
    ports_.mortality.visit("before an answer is taken");
    inbox_->deliver(order->touch.customer, ResultInput{touch.key, std::move(answer)});
  });
}

void Providers::cancel(const Key& touch) {
  ports_.story.tell("cancel", touch);
  Deed* deed = ports_.ledger.find(touch);
  if (!deed || !under_way_.contains(touch)) return;
  if (callers_.end(touch, "hung_up")) return;
  if (deed->acts == 0 && chance_.percent(50)) deed->cancelled = true;
}

// --- look-ups

void Providers::look_up(TouchOrder touch, std::vector<std::string>) {
  ports_.mortality.visit("before a look-up");
  const Key key = touch.touch.key;
  const ProviderPlan& plan = plan_of(touch.touch);
  ports_.story.tell("look up", key, touch.touch.held->attempts);
  const auto order =
      std::make_shared<const Order>(Order{std::move(touch), &plan, life_, begin(key)});
  ports_.agenda.at(ports_.clock.true_now() + chance_.log_span(milliseconds(0), seconds(50)),
                   [this, order] {
                     const Key& asked = order->touch.touch.key;
                     if (!end(asked, order->life, order->number)) return;
                     OperationResult found = looked_up(*order);
                     ports_.story.tell("looked up", asked, static_cast<int64_t>(found.status));
                     ports_.mortality.visit("before a look-up's answer is taken");
                     inbox_->deliver(order->touch.customer, LookUpInput{asked, std::move(found)});
                   });
}

OperationResult Providers::looked_up(const Order& order) {
  if (chance_.percent(order.plan->blind_look_ups))
    return plain(chance_.percent(50) ? OperationStatus::unknown : OperationStatus::not_now);
  if (!order.plan->can_look_up) return plain(OperationStatus::unknown, "cannot be asked");
  const Deed* deed = ports_.ledger.find(order.touch.touch.key);
  const bool shown =
      deed && deed->acts > 0 && ports_.clock.true_now() >= deed->first_act + order.plan->lag;
  return shown ? deed->answer : plain(OperationStatus::absent);
}

// --- reads and conversations

void Providers::answer_read(const Key& customer, const Key& operation, OperationResult result,
                            std::function<Input(OperationResult)> as_input) {
  ports_.mortality.visit("before a read");
  ports_.story.tell("read", operation);
  const uint64_t number = begin(operation);
  const bool silent = result.status == OperationStatus::unknown;
  const Duration after = silent ? kReadLimit : chance_.log_span(milliseconds(0), kReadLimit);
  ports_.agenda.at(ports_.clock.true_now() + after,
                   [this, customer, operation, number, life = life_, result = std::move(result),
                    as_input = std::move(as_input)] {
                     if (!end(operation, life, number)) return;
                     inbox_->deliver(customer, as_input(result));
                   });
}

void Providers::read(Read read) {
  answer_read(read.customer, read.operation, found(read),
              [operation = read.operation](OperationResult result) {
                return ReadInput{operation, std::move(result)};
              });
}

void Providers::page(Page page) {
  ports_.story.tell("page", page.operation);
  answer_read(page.customer, page.operation, some_of_us(page),
              [operation = page.operation](OperationResult result) {
                return PageInput{operation, std::move(result)};
              });
}

// A few of all who live here, whatever was asked: the engine looks for itself who fits.
OperationResult Providers::some_of_us(const Page& page) {
  if (auto trouble = in_trouble()) return *trouble;
  const bool quiet = is_quiet(ports_.plan, ports_.clock.true_now());
  int next = quiet ? ports_.plan.customers : page.cursor.empty() ? 0 : std::stoi(page.cursor);
  const int end = std::min(next + static_cast<int>(chance_.between(1, 9)), ports_.plan.customers);
  std::vector<Doc> items;
  for (; next < end; ++next)
    items.push_back(crm_record_of(subject_of(next), ports_.plan, ports_.clock.true_now()));
  std::vector<std::pair<std::string, Doc>> data{{"items", Doc::list(items)}};
  if (next < ports_.plan.customers) data.emplace_back("cursor", Doc::text(std::to_string(next)));
  OperationResult result = plain(OperationStatus::done);
  result.data = Doc::record(data);
  return result;
}

std::optional<OperationResult> Providers::in_trouble() {
  const int64_t mood = chance_.between(0, 99);
  if (mood < 4) return plain(OperationStatus::unknown, "no answer");
  if (mood < 8) return plain(OperationStatus::not_now, "busy");
  return std::nullopt;
}

OperationResult Providers::found(const Read& read) {
  if (auto trouble = in_trouble()) return *trouble;
  if (chance_.percent(2)) return plain(OperationStatus::absent);
  OperationResult result = plain(OperationStatus::done);
  result.data = read.connector == "crm" && read.what.empty()
                    ? crm_record_of(read.subject, ports_.plan, ports_.clock.true_now())
                    : Doc::record({{"paid", Doc::boolean(chance_.percent(5))}});
  return result;
}

void Providers::compose(Compose question) {
  inbox_->deliver(question.customer,
                  ReadInput{question.operation, plain(OperationStatus::failed, "nobody writes")});
}

void Providers::perform(Perform turn) {
  ports_.mortality.visit("in a conversation");
  callers_.perform(turn);
}

void Providers::understand(Understand question) { callers_.understand(question, *inbox_); }

}  // namespace relance
