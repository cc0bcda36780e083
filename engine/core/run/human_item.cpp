#include "core/run/human_item.h"

#include <algorithm>

#include "base/text.h"
#include "core/run/advance.h"
#include "core/run/dispatch.h"
#include "core/run/packet.h"
#include "core/run/settle.h"

namespace relance {
namespace {

constexpr std::string_view kNobodyInTime = "nobody took it in time";

const Lease* find_lease(const Customer& customer, const Key& run, StepIndex step) {
  const auto& all = customer.leases;
  const auto it = std::find_if(
      all.begin(), all.end(), [&](const Lease& one) { return one.run == run && one.step == step; });
  return it == all.end() ? nullptr : &*it;
}

// The step whose run still waits for the item; nothing: the run is over or held.
std::optional<StepCase> case_of(Worker& worker, const Lease& lease) {
  const Run* run = worker.customer().find_run(lease.run);
  const Flow* flow = worker.flow_of(run);
  if (!flow || lease.step >= flow->steps.size()) return std::nullopt;
  const StepState* state = run->find(lease.step);
  if (!state || state->phase != Phase::human) return std::nullopt;
  return StepCase{worker, *flow, lease.run, lease.step};
}

const HandoffStep& body(const StepCase& c) { return std::get<HandoffStep>(c.step().body); }

HumanQueue queue_of(Worker& worker, const Lease& lease) {
  const HumanQueue* queue = worker.rules().queue(lease.queue);
  return queue ? *queue : HumanQueue{};
}

void close(Worker& worker, const Lease& lease) { worker.write(LeaseChanged{lease, false}); }

// The case is automation's again, once no other person has it.
void give_back(Worker& worker) {
  if (worker.customer().leases.empty()) wake_held(worker, Reason::person_owns_case);
}

// By value: closing it changes the customer's own.
void end_with(const StepCase& c, Lease lease, std::string_view word, std::string_view reason,
              const Doc& data = {}) {
  close(c.worker, lease);
  c.end(word, reason, data);
  advance(c.worker, lease.run);
  give_back(c.worker);
}

bool within_is_over(const StepCase& c) {
  const auto& within = body(c).within;
  return within && c.state()->began_at + *within <= c.worker.now();
}

Doc packet_of(Worker& worker, const Lease& lease) {
  if (!lease.packet.empty()) return Doc(worker.open(lease.packet));
  const Run* run = worker.customer().find_run(lease.run);
  const StepState* state = run ? run->find(lease.step) : nullptr;
  return state ? Doc(worker.open(state->data)) : Doc{};
}

// To the queue's desk, where it has one.
void offer(Worker& worker, Lease lease) {
  const HumanQueue queue = queue_of(worker, lease);
  const Doc packet = packet_of(worker, lease);
  const auto text = [&](const char* field) {
    return std::string(packet.view().find(field).text().value_or(""));
  };
  ++lease.offers;
  const std::string flow = text("flow"), step = text("step");
  if (!send_packet(worker, {lease, flow, step, std::to_string(lease.offers)}, packet)) return;
  lease.until = worker.now() + queue.accept;
  worker.write(LeaseChanged{std::move(lease), true});
}

// Its person or its desk did not end or take it: the declared way.
void lose(Worker& worker, const Lease& known, std::string_view why) {
  Lease lease = known;
  const auto c = case_of(worker, lease);
  const auto way = c ? body(*c).lost : HandoffStep::Lost::queue;
  if (c && (way == HandoffStep::Lost::expired || within_is_over(*c)))
    return end_with(*c, lease, "expired", why);
  if (c && way == HandoffStep::Lost::returned) return end_with(*c, lease, "returned", why);
  if (!c && !lease.follow_up && !lease.packet.empty()) {
    close(worker, lease);  // its run is over, and nothing else asks for a person
    return give_back(worker);
  }
  const bool was_taken = !lease.by.empty();
  worker.explain(lease.run, lease.step, "handoff", "back to the queue",
                 Doc::record({{"queue", Doc::text(lease.queue)}, {"reason", Doc::text(why)}}));
  lease.by.clear();
  lease.until = Instant::never();
  worker.write(LeaseChanged{lease, true});
  if (was_taken) offer(worker, std::move(lease));
}

// Words of a person for the contact memory: of a closed vocabulary, never free text.
void remember(Worker& worker, const Key& item, Memory::Kind kind, DocView words) {
  const auto keep = [&](DocView word) {
    constexpr size_t kLongest = 40;
    const std::string_view text = word.text().value_or("");
    const bool plain =
        text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
    if (plain && !text.empty() && text.size() <= kLongest)
      worker.write(Remembered{{kind, std::string(text), item, worker.now()}});
  };
  if (words.text()) return keep(words);
  for (const auto& [place, word] : words.items()) keep(word);
}

void remember_person(Worker& worker, const Lease& lease, std::string_view step,
                     std::string_view word, DocView data) {
  const Key item = item_key(worker.customer().id, lease.run, lease.step);
  if (word == "promised")
    worker.write(Remembered{{Memory::Kind::promised, std::string(step), item, worker.now()}});
  remember(worker, item, Memory::Kind::said, data.find("said"));
  remember(worker, item, Memory::Kind::promised, data.find("promised"));
  remember(worker, item, Memory::Kind::asked, data.find("asked"));
}

const Lease* item_of(const Customer& customer, const CommandInput& command) {
  for (const Lease& lease : customer.leases)
    if (item_key(customer.id, lease.run, lease.step) == command.item) return &lease;
  return nullptr;
}

const Lease* item_of(Worker& worker, const CommandInput& command) {
  if (command.item) return item_of(worker.customer(), command);
  const Flow* flow = worker.flow_of(worker.customer().find_run(command.run));
  const Step* step = flow ? flow->find(command.step) : nullptr;
  if (!step) return nullptr;
  const auto index = static_cast<StepIndex>(step - flow->steps.data());
  return find_lease(worker.customer(), command.run, index);
}

void note_command(Worker& worker, const Lease& lease, const CommandInput& command,
                  std::string_view step) {
  const Key item = item_key(worker.customer().id, lease.run, lease.step);
  worker.write(CommandTaken{command.command, command.author,
                            Doc::record({{"step", Doc::text(step)},
                                         {"item", Doc::text(item.text())},
                                         {"word", Doc::text(command.word)}})});
}

void take(Worker& worker, Lease lease, std::string_view by) {
  lease.by = by;
  lease.until = worker.now() + queue_of(worker, lease).lease;
  worker.write(LeaseChanged{std::move(lease), true});
}

// Of an item whose run is over only the lease is left to end.
void finish(Worker& worker, const Lease& known, const CommandInput& command, std::string_view word,
            std::string_view step) {
  const Lease lease = known;
  note_command(worker, lease, command, step);
  remember_person(worker, lease, step, word, command.data);
  if (const auto c = case_of(worker, lease))
    return end_with(*c, lease, word, "by " + command.author, command.data);
  close(worker, lease);
  give_back(worker);
}

bool has_it(const Lease& lease, std::string_view who) {
  return lease.by.empty() || lease.by.view() == who;
}

}  // namespace

Key item_key(const Key& customer, const Key& run, StepIndex step) {
  return derive_key_of(customer, {run.view(), "item", std::to_string(step)});
}

void open_item(const StepCase& c, bool follow_up) {
  Lease lease;
  lease.run = c.run_id;
  lease.step = c.index;
  lease.queue = body(c).queue;
  lease.opened_at = c.worker.now();
  lease.follow_up = follow_up;
  c.worker.write(LeaseChanged{lease, true});
  offer(c.worker, std::move(lease));
}

bool close_untaken(const StepCase& c) {
  const Lease* lease = find_lease(c.worker.customer(), c.run_id, c.index);
  if (lease && !lease->by.empty()) return false;
  if (lease) close(c.worker, Lease(*lease));
  return true;
}

void leave_item(const StepCase& c) {
  const Lease* known = find_lease(c.worker.customer(), c.run_id, c.index);
  if (!known) return;
  Lease lease = *known;
  if (!lease.follow_up && lease.by.empty()) {
    close(c.worker, lease);
    return give_back(c.worker);
  }
  lease.packet = c.state()->data;
  c.worker.write(LeaseChanged{std::move(lease), true});
}

void command_item(Worker& worker, const CommandInput& command) {
  const Lease* lease = item_of(worker, command);
  if (!lease || lease->call || !has_it(*lease, command.author)) return;
  const auto c = case_of(worker, *lease);
  if (!c && lease->packet.empty()) return;  // its run is held
  const std::string step =
      c ? c->step().name : std::string(worker.open(lease->packet).find("step").text().value_or(""));
  if (command.command == "take") {
    note_command(worker, *lease, command, step);
    return take(worker, *item_of(worker, command), command.author);
  }
  const std::string word = command.command == "return" ? "returned"
                           : command.word.empty()      ? "resolved"
                                                       : command.word;
  if (!c || c->step().has_outcome(word)) finish(worker, *lease, command, word, step);
}

void look_at_items(Worker& worker) {
  std::vector<Lease> over;
  for (const Lease& lease : worker.customer().leases)
    if (lease.until <= worker.now()) over.push_back(lease);
  for (const Lease& lease : over) {
    const Lease* now = find_lease(worker.customer(), lease.run, lease.step);
    if (!now || now->until > worker.now()) continue;  // an earlier one ended its run
    lose(worker, lease, lease.by.empty() ? kNobodyInTime : "the lease ran out");
  }
}

bool offer_stands(const Customer& customer, const Touch& offer) {
  const Lease* lease = find_lease(customer, offer.run, offer.step);
  return lease && lease->by.empty() && lease->offers == offer.try_no;
}

void take_desk_event(Worker& worker, const Touch& offer, const EventTaken& event, DocView data) {
  const Lease* known = find_lease(worker.customer(), offer.run, offer.step);
  if (!known || known->offers != offer.try_no) return;  // of an offer that is over
  const Lease lease = *known;
  const std::string_view told = data.find("by").text().value_or("");
  const std::string by(told.empty() ? offer.channel.view() : told);
  CommandInput command;
  command.author = by;
  command.item = item_key(worker.customer().id, lease.run, lease.step);
  command.word = data.find("outcome").text().value_or("");
  if (const DocView brought = data.find("data"); !brought.is_null()) command.data = Doc(brought);
  if (event.type == "handoff.accepted" && lease.by.empty()) return take(worker, lease, by);
  if (event.type == "handoff.declined" && lease.by.empty())
    return lose(worker, lease, "the desk declined it");
  // Whoever the desk names has it: the desk knows its people.
  command.author = lease.by.empty() ? by : lease.by.str();
  if (event.type == "handoff.completed") command.command = "resolve";
  if (event.type == "handoff.returned") command.command = "return";
  if (!command.command.empty()) command_item(worker, command);
}

void offer_settled(Worker& worker, const Touch& offer, const OperationResult& result) {
  if (result.status == OperationStatus::done || !offer_stands(worker.customer(), offer)) return;
  lose(worker, Lease(*find_lease(worker.customer(), offer.run, offer.step)),
       "the desk could not be reached");
}

void call_taken_over(const StepCase& c, std::string_view queue) {
  Lease lease;
  lease.run = c.run_id;
  lease.step = c.index;
  lease.queue = queue;
  lease.by = "call";
  lease.call = c.state()->touch;
  lease.opened_at = c.worker.now();
  c.worker.write(LeaseChanged{std::move(lease), true});
}

void call_over(Worker& worker, const Touch& touch) {
  const auto& all = worker.customer().leases;
  const auto it =
      std::find_if(all.begin(), all.end(), [&](const Lease& one) { return one.call == touch.key; });
  if (it == all.end()) return;
  close(worker, Lease(*it));
  give_back(worker);
}

const Touch* send_packet(Worker& worker, const PacketTouch& how, Doc packet) {
  const Lease& about = how.about;
  const std::string desk = queue_of(worker, about).desk;
  const Channel* channel = desk.empty() ? nullptr : worker.rules().channel(desk);
  if (!channel) return nullptr;
  if (const Status whole = check_packet(packet); !whole) {
    worker.explain_error(about.run, about.step, whole.error());
    return nullptr;
  }
  Touch touch;
  touch.key =
      derive_key_of(worker.customer().id, {worker.context().installation, about.run.view(), "offer",
                                           std::to_string(about.step), how.attempt});
  touch.run = about.run;
  touch.step = about.step;
  touch.try_no = about.offers;
  touch.what = TouchWhat::offer;
  touch.delivery = channel->delivery;
  touch.flow = how.flow;
  touch.step_name = how.step;
  touch.channel = desk;
  touch.channel_kind = channel->kind;
  touch.intended_at = worker.now();
  touch.cost_micro = channel->cost_micro;
  touch.cost_currency = channel->cost_currency;
  OpenTouch& held = touch.held.change();
  held.boot_ms = worker.context().boot_ms;
  held.effect_hash = channel->effect_hash;
  held.frozen = worker.seal(Doc::record({{"data", std::move(packet)}}));
  const Key key = touch.key;
  worker.write(TouchIntended{touch});
  leave(worker, std::move(touch), false);
  return worker.customer().find_touch(key);
}

}  // namespace relance
