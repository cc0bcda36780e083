// Runs move to another version of their flow: random edits at random positions. What the preview
// says is what happens, and nothing is ever said or charged twice.
#include "node/migration.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <random>
#include <set>

#include "sim/rehearsal.h"
#include "support/replay.h"

using namespace relance;
using namespace relance::test;

namespace {

const Instant kStart = *parse_instant("2026-01-05T10:00:00Z");

// One line of a flow: a wait, a mail, a charge or a decision, after the one above.
struct Line {
  enum class Kind { wait, mail, charge, choice } kind = Kind::wait;
  std::string name, was;
  int number = 0;  // hours of a wait, template of a mail

  // What it does to the customer that must not be done twice; empty: nothing.
  std::string says() const {
    if (kind == Kind::mail) return "t" + std::to_string(number);
    return kind == Kind::charge ? "charge" : "";
  }
};
using Lines = std::vector<Line>;

std::string text_of(const Lines& lines) {
  std::string text =
      "local f = flow 'note' { start = event 'payment.failed', key = 'invoice_id', "
      "purpose = 'service', expire = days(60) }\n";
  std::string after;
  for (const Line& line : lines) {
    const std::string was = line.was.empty() ? "" : ", was = '" + line.was + "'";
    const std::string number = std::to_string(line.number);
    const std::string head = "f." + line.name + " = ";
    if (line.kind == Line::Kind::wait)
      text += head + "wait { hours(" + number + ")" + after + was + " }\n";
    else if (line.kind == Line::Kind::mail)
      text += head + "send { via = 'email', template = 't" + number + "'" + after + was + " }\n" +
              "ignore { f." + line.name + " }\n";
    else if (line.kind == Line::Kind::charge)
      text += head + "charge { via = 'retry'" + after + was + " }\n" + "ignore { f." + line.name +
              " }\n";
    else
      text += head + "decide { split = { a = 50, b = 50 }" + after + was + " }\n";
    after = ", after = f." + line.name;
  }
  return text + "return f\n";
}

BundleSources bundle_of(const Lines& lines) {
  BundleSources sources = {
      {"bundle.lua",
       "return bundle { name = 'shop', currency = 'EUR', zone = 'Europe/Paris', locale = 'en', "
       "controller = 'Shop', channels = { email = plugin 'relance.sandbox' { as = 'email', "
       "class = 'keyed', react = { open = 0, stop = 0 } },\n"
       "retry = plugin 'relance.sandbox' { as = 'retry', class = 'keyed' } },\n"
       "crm = plugin 'relance.sandbox' { as = 'crm' } }\n"},
      {"contact.lua", "return contact {}\n"},
      {"note.lua", text_of(lines)}};
  for (int i = 0; i < 6; ++i)
    sources["templates/t" + std::to_string(i) + ".email.en.mustache"] = "Subject: Hello\nHello\n";
  return sources;
}

class Chance {
 public:
  explicit Chance(unsigned seed) : engine_(seed) {}
  int below(size_t bound) { return static_cast<int>(engine_() % bound); }

 private:
  std::mt19937 engine_;
};

Line line_of(Chance& chance, const std::string& name) {
  const auto kind = static_cast<Line::Kind>(chance.below(4));
  return {kind, name, "", kind == Line::Kind::wait ? chance.below(30) + 1 : chance.below(6)};
}

Lines flow_of(Chance& chance) {
  Lines lines;
  const int count = 3 + chance.below(5);
  for (int i = 0; i < count; ++i) lines.push_back(line_of(chance, "s" + std::to_string(i)));
  return lines;
}

// An operator's edits: added, taken away, renamed with and without a word, another kind or number.
Lines edited(Lines lines, Chance& chance, const std::string& names) {
  const int edits = 1 + chance.below(3);
  for (int i = 0; i < edits; ++i) {
    const auto at = lines.begin() + chance.below(lines.size());
    const std::string fresh = names + std::to_string(i);
    switch (chance.below(5)) {
      case 0: lines.insert(at, line_of(chance, fresh)); break;
      case 1:
        if (lines.size() > 1) lines.erase(at);
        break;
      case 2:
        if (at->was.empty() && at->name[0] == 's') at->was = std::exchange(at->name, fresh);
        break;
      case 3: at->name = fresh; break;
      default: *at = {at->kind, at->name, at->was, chance.below(6) + 1};
    }
    if (lines[0].kind == Line::Kind::mail && lines[0].number > 5) lines[0].number = 5;
  }
  for (Line& line : lines)
    if (line.kind == Line::Kind::mail) line.number %= 6;
  return lines;
}

class Town {
 public:
  Town() { library_ = open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"}); }

  bool open(const Lines& lines) {
    const LoadedBundle loaded =
        load_bundle(bundle_of(lines), "shop", load_options(*library_, true));
    if (!loaded.bundle) return false;
    RehearsalOptions options;
    options.start = kStart;
    options.sandbox.on = true;
    std::vector<Error> errors;
    auto made = Rehearsal::make(loaded.bundle, *library_, std::move(options), errors);
    REQUIRE(made.ok());
    rehearsal = std::move(*made);
    return true;
  }
  void start_runs(int count, Chance& chance) {
    for (int i = 0; i < count; ++i) {
      const std::string customer = "c-" + std::to_string(i);
      const Instant when = kStart + hours(chance.below(60));
      rehearsal->at(when, {customer,
                           "test",
                           "payment.failed",
                           customer,
                           when,
                           Doc::record({{"invoice_id", Doc::text("i-" + customer)},
                                        {"amount", Doc::money({4900, *Currency::parse("EUR")})}}),
                           event_hash("shop", customer, "test", customer),
                           {}});
    }
  }
  bool reload(const Lines& lines) {
    std::vector<Error> errors;
    auto next = rehearsal->generations().prepare(bundle_of(lines), errors);
    if (!next) return false;
    REQUIRE(rehearsal->generations().activate(std::move(*next), {"lea", "", ""}).ok());
    return true;
  }
  const Rules& rules() { return rehearsal->generations().live()->rules(); }
  std::map<MoveClass, MoveGroup> preview(bool back = false) {
    auto all = preview_moves(rehearsal->node(), rules(), {"note", back, 1000});
    REQUIRE(all.ok());
    return all->empty() ? std::map<MoveClass, MoveGroup>{} : all->front().groups;
  }
  void move(bool back = false) {
    const MoveOrder order{"note", "lea", back, {"would_skip", "would_lose"}};
    REQUIRE(move_runs(rehearsal->node(), rules(), order).ok());
    REQUIRE(rehearsal->run(rehearsal->clock().now()).ok());
  }
  std::map<Key, Run> runs() {
    std::map<Key, Run> runs;
    for (const auto& [key, customer] : history().customers)
      for (const Run& run : customer.runs) runs[run.id] = run;
    return runs;
  }
  History history() { return replay(rehearsal->node().store()); }
  Key version() { return rules().active().front()->version; }

  std::unique_ptr<Rehearsal> rehearsal;

 private:
  std::unique_ptr<PluginLibrary> library_;
};

const Line* find(const Lines& lines, const std::string& name) {
  for (const Line& line : lines)
    if (line.name == name) return &line;
  return nullptr;
}

// By the edits alone: the line of an earlier version that this one goes on with.
const Line* counterpart(const Line& line, const Lines& before) {
  const Line* same = find(before, line.name);
  const Line* known = same || line.was.empty() ? same : find(before, line.was);
  return known && known->kind == line.kind ? known : nullptr;
}

using Versions = std::map<Key, const Lines*>;

// No step speaks twice, under whatever name; and what one says that it did not say in an earlier
// version was not said to the same run while it was on that one.
void check_nothing_repeats(const History& history, const Versions& versions) {
  struct Said {
    std::set<std::string> steps, words;
  };
  std::map<Key, const Lines*> on;  // of a run
  std::map<Key, std::map<const Lines*, Said>> said;
  const auto look = [&](const Touch& touch) {
    const Lines* now = on.at(touch.run);
    const Line* line = find(*now, touch.step_name.str());
    REQUIRE(line != nullptr);
    INFO(line->name << " says " << line->says());
    for (const auto& [earlier, what] : said[touch.run]) {
      const Line* known = counterpart(*line, *earlier);
      if (known) CHECK_FALSE(what.steps.contains(known->name));
      if (!known || known->says() != line->says()) CHECK_FALSE(what.words.contains(line->says()));
    }
    said[touch.run][now].steps.insert(line->name);
    said[touch.run][now].words.insert(line->says());
  };
  for (const Entry& entry : history.entries)
    for (const Record& record : entry.records)
      if (const auto* started = std::get_if<RunStarted>(&record))
        on[started->run] = versions.at(started->version);
      else if (const auto* moved = std::get_if<RunMoved>(&record))
        on[moved->run] = versions.at(moved->version);
      else if (const auto* one = std::get_if<TouchIntended>(&record))
        if (one->touch.is_contact() || one->touch.what == TouchWhat::charge) look(one->touch);
}

// What the preview said comes next, of a run that has not come to it yet.
void check_next(const MoveExample& said, const Run& run, const Rules& rules, Instant now) {
  if (said.after.at <= now) return;
  NextAction next;
  for (const StepState& state : run.steps)
    if (state.phase != Phase::ended && state.wake_at < next.at)
      next = {rules.flow(run.version)->steps[state.step].name, state.wake_at};
  CHECK(next.step == said.after.step);
  CHECK(next.at == said.after.at);
}

struct Tally {
  size_t moved = 0, stayed = 0;
};

// Moves what the preview says may be moved, and that happens to all of them and to nobody else.
void move_as_previewed(Town& town, Instant now, Tally& tally) {
  const auto preview = town.preview();
  town.move();
  const auto runs = town.runs();
  for (const auto& [what, group] : preview) {
    const bool moves = what <= MoveClass::would_lose;
    (moves ? tally.moved : tally.stayed) += group.count;
    REQUIRE(group.examples.size() == group.count);
    for (const MoveExample& one : group.examples) {
      INFO(move_class_name(what) << ": " << one.why);
      const auto run = runs.find(one.run);
      if (run == runs.end()) {
        CHECK(moves);  // nothing was left for it to do
        CHECK(one.after.step.empty());
        continue;
      }
      CHECK((run->second.version == town.version()) == moves);
      check_next(one, run->second, town.rules(), now);
    }
  }
}

}  // namespace

TEST_CASE("what the preview of a migration says is what happens, and nothing is said twice") {
  Tally tally;
  for (unsigned seed = 1; seed <= 100; ++seed) {
    CAPTURE(seed);
    Chance chance(seed);
    const Lines first = flow_of(chance), second = edited(first, chance, "n"),
                third = edited(second, chance, "m");
    Town town;
    if (!town.open(first)) continue;
    Versions versions{{town.version(), &first}};
    town.start_runs(6, chance);
    Instant now = kStart + hours(20 + chance.below(60)) + minutes(30);
    for (const Lines* next : {&second, &third}) {
      REQUIRE(town.rehearsal->run(now).ok());
      if (!town.reload(*next)) continue;
      versions.emplace(town.version(), next);
      move_as_previewed(town, now, tally);
      now = now + hours(1 + chance.below(40));
    }
    REQUIRE(town.rehearsal->run().ok());
    CHECK(town.runs().empty());
    check_nothing_repeats(town.history(), versions);
  }
  CHECK(tally.moved > 50);
  CHECK(tally.stayed > 20);
}

TEST_CASE("a migration is taken back until something has left") {
  const Lines before = {{Line::Kind::wait, "pause", "", 10}, {Line::Kind::mail, "mail", "", 1}};
  Lines after = before;
  after[1].was = std::exchange(after[1].name, "letter");
  after.push_back({Line::Kind::wait, "rest", "", 500});
  Chance chance(1);
  Town town;
  REQUIRE(town.open(before));
  town.start_runs(40, chance);
  REQUIRE(town.rehearsal->run(kStart + hours(24)).ok());
  const auto unmoved = town.runs();
  REQUIRE(unmoved.size() > 1);
  REQUIRE(town.reload(after));
  town.move();
  for (const auto& [id, run] : town.runs()) CHECK(run.moved->version == unmoved.at(id).version);
  town.move(true);
  const auto back = town.runs();
  CHECK(back.size() == unmoved.size());
  for (const auto& [id, run] : back) CHECK(run == unmoved.at(id));
  town.move();
  REQUIRE(town.rehearsal->run(kStart + hours(80)).ok());  // the letters leave
  const auto preview = town.preview(true);
  CHECK_FALSE(preview.empty());
  for (const auto& [what, group] : preview) CHECK(what != MoveClass::clean);
}
