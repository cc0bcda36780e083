#include "node/node_core.h"

#include <algorithm>
#include <chrono>
#include <future>

#include "base/crash_point.h"
#include "base/log.h"
#include "node/no_slots.h"
#include "node/shard_range.h"

namespace relance {
namespace {

constexpr std::chrono::milliseconds kLookAgain{100};
constexpr Duration kStale = minutes(1);  // from a decision to its effect: the store was in trouble

}  // namespace

NodeCore::NodeCore(Ports ports, NodeOptions options)
    : ports_(std::move(ports)),
      options_(std::move(options)),
      lanes_(ports_.real_time),
      lost_(options_.hold_path) {}

void NodeCore::activate(Active active) {
  std::shared_ptr<const Active> next = std::make_shared<Active>(std::move(active));
  const std::lock_guard lock(active_mutex_);
  active_.swap(next);
}

void NodeCore::activate(std::shared_ptr<const Rules> rules, Performer& performer,
                        EventTyper typer) {
  activate({std::move(rules), {std::shared_ptr<void>(), &performer}, std::move(typer)});
}

std::shared_ptr<const Active> NodeCore::active() const {
  const std::lock_guard lock(active_mutex_);
  return active_;
}

bool NodeCore::each_hot(const std::function<void(const Customer&)>& visit) {
  for (const auto& shard : shards_) {
    if (!ports_.drive.at_work()) {
      shard->each_hot(visit);
      continue;
    }
    std::promise<bool> seen;
    shard->ask([&](bool drains) {
      if (drains) shard->each_hot(visit);
      seen.set_value(drains);
    });
    ports_.drive.shard_ready(shard->index());
    auto answer = seen.get_future();
    while (answer.wait_for(kLookAgain) != std::future_status::ready)
      if (!ports_.drive.at_work()) shard->run_errands(false);  // it stopped just now
    if (!answer.get()) return false;
  }
  return true;
}

Result<NodeCore::Reading> NodeCore::read_store() const {
  Reading reading{store_->use(), {}};
  auto reader = store_->reader();
  if (!reader) return reader.error();
  reading.reader = std::move(*reader);
  reading.reader->refresh();
  return reading;
}

Shard& NodeCore::shard_of(const Key& customer) {
  return *shards_[shard_of_key(customer.high(), shards_.size())];
}

void NodeCore::post(Mail mail) {
  Shard& shard = shard_of(mail.customer);
  if (shard.post(std::move(mail))) ports_.drive.shard_ready(shard.index());
}

// False: nothing is accepted any more.
bool NodeCore::wait_for_room() {
  if (!health()) return false;
  std::unique_lock lock(room_mutex_);
  if (ports_.real_time)
    room_.wait(lock, [&] {
      const bool room = !low_on_space_ && waiting_inputs_ < options_.most_waiting_inputs;
      return closed_to_sources_ || room;
    });
  if (closed_to_sources_) return false;
  ++waiting_inputs_;
  return true;
}

AcceptedBy NodeCore::counted(AcceptedBy done) {
  return [this, done = std::move(done)](Accepted how) {
    if (how == Accepted::duplicate) ++duplicates_;
    {
      const std::lock_guard lock(room_mutex_);
      --waiting_inputs_;
    }
    room_.notify_one();
    if (done) done(how);
  };
}

bool NodeCore::room_is_left() const {
  return !closed_to_sources_ && !low_on_space_ && waiting_inputs_ < options_.most_waiting_inputs;
}

bool NodeCore::has_room() const {
  if (!health()) return false;
  const std::lock_guard lock(room_mutex_);
  return room_is_left();
}

void NodeCore::accept(EventInput event, AcceptedBy done) {
  if (wait_for_room()) return take(std::move(event), std::move(done));
  if (done) done(Accepted::refused);
}

bool NodeCore::accept_now(EventInput event, AcceptedBy done) {
  if (!health()) return false;
  {
    const std::lock_guard lock(room_mutex_);
    if (!room_is_left()) return false;
    ++waiting_inputs_;
  }
  take(std::move(event), std::move(done));
  return true;
}

void NodeCore::take(EventInput event, AcceptedBy done) {
  ++accepted_;
  const std::string tenant = rules()->tenant();
  const Key customer = customer_key(tenant, event.subject);
  event.hash = event_hash(tenant, event.subject, event.source, event.id);
  crash_point(CrashPoint::event_accepted);
  post({customer, std::move(event), counted(std::move(done))});
}

void NodeCore::close_to_sources() {
  {
    const std::lock_guard lock(room_mutex_);
    closed_to_sources_ = true;
  }
  room_.notify_all();
}

void NodeCore::deliver(const Key& customer, Input input) {
  if (const auto* result = std::get_if<ResultInput>(&input); result && marks_)
    marks_->answer(result->touch, result->result);
  crash_point(CrashPoint::answer_marked);
  post({customer, std::move(input), {}});
}

void NodeCore::pace(std::string_view channel, Instant again_at) { lanes_.pace(channel, again_at); }

void NodeCore::command(const Key& customer, CommandInput command, AcceptedBy done) {
  post({customer, std::move(command), std::move(done)});
}

Customer NodeCore::rehearsed(Customer customer, const CommandInput& command,
                             const Rules& rules) const {
  NoSlots slots;
  const auto pauses = this->pauses();
  const Context context{committer_->engine_time(),
                        ports_.clock.since_boot().ms,
                        installation_,
                        rules,
                        addresses_,
                        slots,
                        false,
                        nullptr,
                        pauses.get()};
  Decision decision;
  decide(customer, command, context, decision);
  return customer;
}

NodeStatistics NodeCore::statistics() const {
  NodeStatistics now;
  now.accepted = accepted_;
  now.duplicates = duplicates_;
  now.early_events = early_.events();
  {
    const std::lock_guard lock(from_plugins_mutex_);
    now.from_plugins = from_plugins_;
  }
  now.commits = committer_->commits();
  now.entries = committer_->entries();
  for (const auto& shard : shards_) now.hot_customers += shard->hot_customers();
  now.open_operations = open_operations();
  const std::lock_guard lock(room_mutex_);
  now.waiting_inputs = waiting_inputs_;
  return now;
}

bool NodeCore::look_at_hold() {
  if (!lost_.look()) return false;
  lanes_.go_on(Halt::lost);
  return true;
}

Status NodeCore::drain(size_t shard, bool sorted) {
  const auto more = shards_[shard]->drain(sorted);
  if (!more) return more.error();
  if (*more) ports_.drive.shard_ready(shard);
  return {};
}

bool NodeCore::commit() {
  const bool committed = committer_->commit();
  follow_space();
  return committed;
}

void NodeCore::regain_space() {
  committer_->regain_space();
  follow_space();
}

// While space is short sources wait and no touch begins; what is under way goes on.
void NodeCore::follow_space() {
  const bool low = committer_->low_on_space();
  if (low_on_space_.exchange(low) == low) return;
  if (low) return lanes_.halt(Halt::space);
  lanes_.go_on(Halt::space);
  { const std::lock_guard lock(room_mutex_); }
  room_.notify_all();
  for (const auto& shard : shards_) ports_.drive.shard_ready(shard->index());
}

void NodeCore::finish(const ShardBatch& batch) {
  shards_[batch.shard]->committed(batch);
  if (batch.recovered == 0 || !marks_) return;
  crash_point(CrashPoint::customer_recovered);
  if ((recovering_ -= batch.recovered) == 0) marks_->forget_earlier();
}

// The store could not take the decision until now (hours may be over, the run may have ended), or
// it was paused since. The touch did not leave; it is decided again.
void NodeCore::turn_back(const TouchOrder& order, std::string why) {
  OperationResult late;
  late.status = OperationStatus::not_now;
  late.reason = std::move(why);
  deliver(order.customer, ResultInput{order.touch.key, std::move(late)});
}

size_t NodeCore::open_operations() const {
  const auto active = this->active();
  return active->performer ? active->performer->open_operations() : 0;
}

void NodeCore::perform(Outgoing effect, const Active& by) {
  Performer& performer = *by.performer;
  if (auto* want = std::get_if<Want>(&effect)) return lanes_.queue(std::move(*want));
  ports_.process.crash_point("before_effect");
  crash_point(CrashPoint::before_effect);
  if (auto* send = std::get_if<SendOut>(&effect)) {
    const Instant now = committer_->engine_time();
    if (now - send->decided_at > kStale) return turn_back(*send->order, "the store was full");
    if (is_paused(*send)) return turn_back(*send->order, "it was paused");
    figures_.dispatches.add(now - send->decided_at);
    if (!send->event_at.is_never()) figures_.events.add(now - send->event_at);
    if (marks_) marks_->begin(send->order->touch.key, now);
    performer.send(std::move(*send->order));
    return crash_point(CrashPoint::effect_given);
  }
  if (auto* look_up = std::get_if<LookUpOut>(&effect)) {
    performer.look_up(std::move(*look_up->order), std::move(look_up->refs));
    return crash_point(CrashPoint::look_up_given);
  }
  if (auto* answer = std::get_if<AnswerOut>(&effect))
    return deliver(answer->customer, ResultInput{answer->touch, std::move(answer->result)});
  if (auto* cancel = std::get_if<CancelTouch>(&effect)) return performer.cancel(cancel->touch);
  if (auto* read = std::get_if<Read>(&effect)) return performer.read(std::move(*read));
  if (auto* turn = std::get_if<Perform>(&effect)) return performer.perform(std::move(*turn));
  if (auto* page = std::get_if<Page>(&effect)) return performer.page(std::move(*page));
  if (auto* enter = std::get_if<Enter>(&effect)) return let_enter(std::move(*enter));
  if (auto* later = std::get_if<SearchLater>(&effect)) return search_later(std::move(*later));
  if (auto* recall = std::get_if<RecallOut>(&effect))
    return performer.recall(std::move(*recall->order), std::move(recall->refs));
  if (auto* message = std::get_if<Compose>(&effect)) return performer.compose(std::move(*message));
  if (auto* seek = std::get_if<SeekTouch>(&effect)) return seek_touch(*seek);
  if (auto* event = std::get_if<HandOn>(&effect)) return hand_on(std::move(*event));
  if (auto* all = std::get_if<Rouse>(&effect)) return rouse(*all, {});
  if (auto* told = std::get_if<GuardTold>(&effect)) return tell_guard(*told);
  performer.understand(std::move(std::get<Understand>(effect)));
}

void NodeCore::grant_slots() {
  if (!lanes_.anyone_waits()) return;
  const Instant now = committer_->engine_time();
  for (Want& want : lanes_.grant(now)) {
    figures_.slots.add(now - want.due);
    deliver(want.customer, SlotInput{want.run, want.step, want.try_no, want.channel});
  }
  crash_point(CrashPoint::slots_granted);
}

Instant NodeCore::next_due() const {
  if (low_on_space_) return Instant::never();
  Instant next = lanes_.anyone_waits() ? lanes_.next_chance() : Instant::never();
  for (const auto& shard : shards_) next = std::min(next, shard->due_at());
  return next;
}

Duration NodeCore::behind() const {
  Instant next = Instant::never();
  for (const auto& shard : shards_) next = std::min(next, shard->due_at());
  const Instant now = committer_->engine_time();
  return next < now ? now - next : Duration{};
}

void NodeCore::wake_due() {
  if (low_on_space_) return;
  const Instant now = committer_->engine_time();
  for (const auto& shard : shards_)
    if (shard->claim_due(now)) ports_.drive.shard_ready(shard->index());
}

void NodeCore::help_the_slowest() {
  if (committer_->tail() > options_.tail_entries)
    ports_.drive.shard_ready(committer_->slowest_shard());
}

Result<bool> NodeCore::maintain() {
  const auto use = store_->use();
  return store_->get() ? store_->get()->maintain() : Result<bool>(false);
}

}  // namespace relance
