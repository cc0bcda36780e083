#include "sim/world/simulation.h"

#include <fmt/format.h>

namespace relance {
namespace {

constexpr Duration kLongest = days(150);  // of a run, from the event that began it
constexpr Duration kPeopleLook = hours(5);
constexpr Duration kMostOff = minutes(2);  // of the wall clock; more is a person's business
constexpr Duration kSteady = hours(1);     // at least, from one setting of it to the next
constexpr uint64_t kMostSteps = 2'000'000;
constexpr int kMostRests = 100;  // at one instant

// By then every run has ended: also one that an absence began, and the one after it.
Duration longest_of(const Bundle& bundle) {
  Duration absent;
  for (const CompiledFlow& compiled : bundle.flows)
    if (compiled.flow.absence)
      absent = std::max(absent, compiled.flow.absence->after + compiled.flow.re_entry_after);
  return Sources::kActive + kLongest + absent;
}

class WorldProcess final : public Process {
 public:
  explicit WorldProcess(Mortality& mortality) : mortality_(mortality) {}
  std::optional<std::string> environment(std::string_view) const override { return {}; }
  void crash_point(std::string_view) override { mortality_.visit("before an effect"); }
  std::string boot_id() const override { return fmt::format("boot-{}", boots_); }
  void boot() { ++boots_; }

 private:
  Mortality& mortality_;
  int boots_ = 1;
};

}  // namespace

// What outlives every process.
struct Simulation::Parts {
  Parts(Plan with, Bundles::Ready& ready_bundle, Story& story)
      : plan(std::move(with)),
        ready(ready_bundle),
        chance(plan.seed, "order"),
        clock(kWorldBegins),
        mortality(plan, story),
        process(mortality),
        disk(plan, clock, story, mortality),
        providers({plan, clock, agenda, story, ledger, mortality}),
        oracles({plan, clock, disk.durable(), ledger, *ready.rules}),
        sources({plan, *ready.bundle, clock, agenda, story, providers, mortality}),
        people(plan.seed, disk.durable(), ledger, *ready.rules, story),
        operator_(plan, *ready.rules, story) {
    providers.watch(oracles);
    providers.reached = [this](const Deed& deed) { sources.react(deed); };
    sources.acknowledged = [this](uint64_t event) { oracles.acknowledged(event); };
    disk.distrust = [this] { oracles.sends_are_held(); };
    disk.follow = [this, &story](const Durable::News& news) {
      oracles.settled(news);
      for (const Entry& entry : news.entries)
        for (const Record& record : entry.records)
          if (const auto* event = std::get_if<EventTaken>(&record))
            if (event->type == kSegmentFound) story.tell("a search finds", entry.customer);
    };
    sources.fill_agenda();
    people_look(clock.true_now() + kPeopleLook);
    if (plan.pauses > 0) operator_looks(clock.true_now() + kPeopleLook);
  }

  // Beyond the time of events he looks until nothing is paused any more.
  void operator_looks(Instant at) {
    agenda.at(at, [this, at] {
      const bool last = at > kWorldBegins + plan.span;
      const bool nothing_left = node && operator_.work(*node, last);
      if (!last || !nothing_left) operator_looks(at + kPeopleLook);
    });
  }

  void people_look(Instant at) {
    if (at > kWorldBegins + plan.span) return;
    agenda.at(at, [this, at] {
      if (node) people.work(*node, 40);
      people_look(at + kPeopleLook);
    });
  }

  const Plan plan;
  Bundles::Ready& ready;
  Chance chance;
  WorldClock clock;
  Agenda agenda;
  Ledger ledger;
  Mortality mortality;
  WorldProcess process;
  WorldDisk disk;
  Providers providers;
  Oracles oracles;
  Sources sources;
  People people;
  Operator operator_;
  NodeCore* node = nullptr;
};

// What dies with the process.
struct Simulation::Life {
  Life(Chance& chance, const Clock& clock) : drive(chance, clock) {}
  WorldDrive drive;
  std::unique_ptr<NodeCore> node;
};

Simulation::Simulation(uint64_t seed, Bundles& bundles, std::string marks, Story::Listener listener)
    : seed_(seed), bundles_(bundles), marks_(std::move(marks)), story_(std::move(listener)) {}
Simulation::~Simulation() = default;

Outcome Simulation::run() {
  Outcome outcome;
  outcome.seed = seed_;
  try {
    Plan plan = make_plan(seed_);
    story_.set_time(kWorldBegins);
    const auto ready = bundles_.ready(plan);
    if (!ready) throw Violation("workload", ready.error().message);
    parts_ = std::make_unique<Parts>(std::move(plan), **ready, story_);
    live();
  } catch (const Violation& violation) {
    outcome.oracle = violation.oracle;
    outcome.what = violation.what();
    for (const Moment& moment : story_.latest()) outcome.story.push_back(moment.text());
  }
  life_.reset();
  outcome.hash = story_.hash();
  outcome.moments = story_.moments();
  if (!parts_) return outcome;
  outcome.lives = static_cast<size_t>(parts_->providers.life());
  outcome.events = parts_->sources.kept();
  outcome.simulated = parts_->clock.true_now() - kWorldBegins;
  outcome.entries = parts_->disk.durable().next_position() - 1;
  outcome.touches = parts_->ledger.deeds().size();
  for (const auto& [key, deed] : parts_->ledger.deeds())
    outcome.acts += static_cast<size_t>(deed.acts);
  return outcome;
}

// From start to start, until everything has come to its end.
void Simulation::live() {
  uint64_t steps = 0;
  while (true) {
    try {
      if (++steps > kMostSteps) throw Violation("O5", "it does not come to rest");
      if (!life_)
        start();
      else if (!step() && finish())
        return;
    } catch (const Death&) {
      die("died");
    }
  }
}

void Simulation::start() {
  Parts& parts = *parts_;
  life_ = std::make_unique<Life>(parts.chance, parts.clock);
  NodeOptions options;
  options.shards = parts.plan.shards;
  options.hot_bytes = parts.plan.hot_bytes;
  options.tail_entries = parts.plan.tail_entries;
  if (parts.plan.marks) options.marks_path = marks_;
  parts.disk.life_begins(parts.providers.life() + 1);
  parts.oracles.life_begins(parts.providers.life() + 1);
  story_.tell("start");
  NodeCore::Ports ports{parts.clock,
                        parts.process,
                        [&parts] { return parts.disk.open(); },
                        life_->drive,
                        [](const Error&) { throw Death{}; },
                        parts.plan.real_time,
                        &life_->drive};
  auto made = NodeCore::make(std::move(ports), options);
  if (!made) {
    if (made.error().code == Code::store_went_back) {
      parts.disk.told_loss();
      parts.oracles.released_by_person();
    } else if (!parts.disk.is_in_trouble()) {
      throw Violation("O5", "it does not start: " + made.error().text());
    }
    return die("did not start: " + made.error().message);
  }
  if (parts.disk.noted_loss()) {
    parts.disk.told_loss();
    parts.oracles.released_by_person();
  } else if (parts.disk.lost_commits()) {
    throw Violation("O2", "the store lost commits, and nobody was told at the start");
  }
  life_->node = std::move(*made);
  parts.providers.attach(*life_->node);
  const EventCatalogue& events = parts.ready.bundle->events;
  for (const ProviderPlan& channel : parts.plan.channels)
    life_->node->limit(channel.name, {channel.most_in_flight, parts.plan.lane_per_second});
  life_->node->activate(parts.ready.rules, parts.providers,
                        [&events](std::string_view type, DocView data, Instant at) {
                          return type_event_data(type, data, events, at);
                        });
  if (parts.chance.percent(parts.plan.other_build)) parts.ready.plugins->play(parts.plan, ++build_);
  parts.oracles.started(*life_->node);
  if (auto found = life_->node->recover(); !found)
    throw Violation("O5", "it does not recover: " + found.error().text());
  life_->drive.attach(*life_->node);
  parts.node = life_->node.get();
  parts.sources.attach(parts.node);
  if (auto released = finish_releases(*life_->node); !released)
    throw Violation("O5", "it lets nothing go: " + released.error().text());
  life_->node->begin_searches();
}

// Memory and everything under way are gone; the world goes on without it for a while.
void Simulation::die(std::string_view how) {
  Parts& parts = *parts_;
  story_.tell("down", std::string(how));
  parts.node = nullptr;
  parts.sources.attach(nullptr);
  parts.providers.detach();
  life_.reset();
  if (parts.chance.percent(parts.plan.power_losses)) power_loss();
  const Instant up =
      parts.clock.true_now() + parts.chance.log_span(milliseconds(1), parts.plan.longest_outage);
  while (parts.agenda.next() <= up) {
    move_on(std::max(parts.clock.true_now(), parts.agenda.next()));
    parts.agenda.take()();
  }
  move_on(up);
}

void Simulation::power_loss() {
  story_.tell("power loss");
  parts_->clock.boot();
  parts_->process.boot();
}

void Simulation::move_on(Instant to) {
  parts_->clock.move_to(to);
  story_.set_time(to);
  // A pause that is shifted puts the ends of its runs off.
  if (to > kWorldBegins + longest_of(*parts_->ready.bundle) + parts_->plan.span)
    throw Violation("O5", "it does not come to an end");
}

// False: nothing is left to do, ever.
bool Simulation::step() {
  Parts& parts = *parts_;
  if (parts.chance.one_in(parts.plan.stalls))
    move_on(parts.clock.true_now() + parts.chance.span(milliseconds(1), seconds(2)));
  const bool rings = parts.agenda.next() <= parts.clock.true_now();
  if (rings && (life_->drive.is_idle() || parts.chance.one_in(3))) {
    parts.agenda.take()();
    return true;
  }
  if (life_->drive.step() || rings || life_->drive.ring()) return true;
  return rest();
}

// Nothing waits at this instant: what should be true of a quiet moment is, and time moves on.
bool Simulation::rest() {
  Parts& parts = *parts_;
  NodeCore& node = *life_->node;
  if (life_->drive.look_around()) return true;
  if (!life_->drive.failure()) {  // the operator starts it again
    const Error& why = life_->drive.failure().error();
    if (why.code == Code::store_went_back && !parts.disk.lost_commits())
      throw Violation("O4", "the store is said to have lost commits, and has not");
    die("stopped: " + life_->drive.failure().error().message);
    return true;
  }
  const bool full = node.committer().full() || node.committer().low_on_space();
  if (node.committer().low_on_space()) node.regain_space();
  if (!full) parts.oracles.at_rest(node, parts.providers, node.committer().engine_time());
  disturb_clock();
  Instant next = next_of(node.next_due());
  if (full) next = std::min(next, parts.clock.true_now() + minutes(1));
  if (next.is_never()) return false;
  if (next > parts.clock.true_now()) {
    rests_here_ = 0;
    if (next < parts.agenda.next()) meet_timers(node.next_due(), next);
    move_on(next);
  } else if (++rests_here_ > kMostRests) {
    throw Violation("O3", fmt::format("something is due at {} and time stands still",
                                      format_instant(node.next_due())));
  }
  return true;
}

// The next thing that happens; a search that waits for its next round keeps no world alive.
Instant Simulation::next_of(Instant due) const {
  const Parts& parts = *parts_;
  const auto soonest = [&](bool with_watchdogs) {
    const Instant node = std::min(due, life_->drive.next_alarm(with_watchdogs));
    return std::min(parts.agenda.next(), parts.clock.true_at(node));
  };
  return soonest(false).is_never() ? Instant::never() : soonest(true);
}

// Goals come at the very instant at which timers ring.
void Simulation::meet_timers(Instant due, Instant at) {
  for (const auto& [id, customer] : parts_->disk.durable().customers())
    if (customer.next_due() == due) parts_->sources.perhaps_pays(id, at);
}

void Simulation::disturb_clock() {
  Parts& parts = *parts_;
  if (parts.clock.true_now() < clock_set_ + kSteady || !parts.chance.one_in(parts.plan.clock_set))
    return;
  clock_set_ = parts.clock.true_now();
  parts.clock.set_wall({parts.chance.between(-kMostOff.ms, kMostOff.ms)});
  story_.tell("the clock is set", std::string(), parts.clock.offset().ms);
}

// Whatever waits for people is done, and nothing goes wrong any more. True: this is the end.
bool Simulation::finish() {
  Parts& parts = *parts_;
  parts.mortality.spare();
  parts.disk.mend();
  if (parts.people.work(*life_->node, 100)) return false;
  if (auto closed = life_->node->close(); !closed)
    throw Violation("O5", "it does not close: " + closed.error().text());
  parts.oracles.at_end(*life_->node);
  return true;
}

}  // namespace relance
