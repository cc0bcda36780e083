// relance.policy.best_time: the part of the day in which this customer answers most, as far as his
// own contacts tell, else customers of his segment.
//
// Each part has a rate: his answers in it over the contacts that left in it, with the segment's
// rate counted as if it were a few contacts more, so that one lucky answer does not decide. Pure.
#include <relance/policy.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

#include "kit/choice.h"
#include "kit/local_time.h"
#include "kit/plugin.h"
#include "kit/share.h"

namespace {

using kit::LocalMinutes;
using kit::Value;

constexpr int kParts = 8;
constexpr int kPartMinutes = 24 * 60 / kParts;
constexpr int kShortestVisit = 15;    // minutes left of a part that are still worth it
constexpr double kSegmentCounts = 4;  // contacts that the segment's rate weighs as

struct Part {
  double answered = 0, sent = 0, segment = 0;
  double rate() const { return (answered + kSegmentCounts * segment) / (sent + kSegmentCounts); }
};
using Day = std::array<Part, kParts>;

int part_of(LocalMinutes at) { return kit::minute_of_day(at) / kPartMinutes; }

// An instant on the customer's clock, taking the difference of this moment.
std::optional<LocalMinutes> to_local(std::string_view instant, const Value* ask, LocalMinutes now) {
  const auto utc_now = kit::parse_local(kit::text(ask, "now"));
  const auto utc = kit::parse_local(instant);
  if (!utc || !utc_now) return std::nullopt;
  return *utc + (now - *utc_now);
}

class BestTime {
 public:
  BestTime(const rl_host*, std::string_view config) : config_(config) {
    const Value* segments = kit::member(config_.root(), "segments");
    if (segments == nullptr) return;
    for (const auto& segment : segments->GetObject())
      for (const auto& rate : segment.value.GetObject())
        if (!kit::parse_clock(kit::view(rate.name)))
          throw std::invalid_argument("segments: '" + std::string(kit::view(rate.name)) +
                                      "' is no time of day: \"18:00\"");
  }

  void decide(const rl_policy_in& question, const rl_out* out) const {
    const kit::Json json(kit::view(question.json));
    const Value* ask = json.root();
    const auto now = kit::parse_local(kit::text(ask, "local"));
    if (question.kind != RL_AT || !now)
      return kit::problem(out, "the question must be `at` and give a local time");
    Day day{};
    const int answers = count_contacts(ask, *now, day);
    const bool told = add_segment(ask, day);
    if (answers == 0 && !told) return say(out, "now", "no_history", {});
    const auto best = best_part(ask, day);
    if (!best) return say(out, "now", "no_part_in_window", {});
    const std::string_view reason = answers > 0 ? "own_history" : "segment_history";
    const std::string facts = kit::Object()
                                  .integer("from_hour", best->from / 60)
                                  .number("rate", day[best->part].rate())
                                  .integer("answers", answers)
                                  .close();
    const LocalMinutes at = next_in(*best, ask, *now);
    say(out, at <= *now ? "now" : kit::format_local(at), reason, facts);
  }

 private:
  struct Best {
    size_t part = 0;
    int from = 0, to = 0;  // minutes of the day, inside the window
  };

  static void say(const rl_out* out, std::string_view at, std::string_view reason,
                  std::string_view facts) {
    kit::Object answer;
    answer.text("at", at).text("reason", reason);
    if (!facts.empty()) answer.raw("facts", facts);
    kit::put(out, answer.close());
  }

  // An answer counts where it was given, a contact where it left.
  static int count_contacts(const Value* ask, LocalMinutes now, Day& day) {
    int answers = 0;
    kit::each(kit::member(ask, "touches"), [&](const Value& touch) {
      if (kit::text(&touch, "kind") == "retry") return;
      if (const auto sent = to_local(kit::text(&touch, "at"), ask, now))
        day[static_cast<size_t>(part_of(*sent))].sent += 1;
      const auto answered = to_local(kit::text(&touch, "answered_at"), ask, now);
      if (!answered) return;
      day[static_cast<size_t>(part_of(*answered))].answered += 1;
      ++answers;
    });
    return answers;
  }

  // The rates of his segment, else of "*": {"18:00": 0.31} is the part that begins then.
  bool add_segment(const Value* ask, Day& day) const {
    const Value* segments = kit::member(config_.root(), "segments");
    const Value* own = kit::member(segments, kit::text(ask, "customer.segment"));
    if (own == nullptr) own = kit::member(segments, "*");
    if (own == nullptr) return false;
    for (const auto& rate : own->GetObject())
      if (const auto from = kit::parse_clock(kit::view(rate.name)))
        day[static_cast<size_t>(*from / kPartMinutes % kParts)].segment = rate.value.GetDouble();
    return true;
  }

  static void read(std::string_view clock, int& into) {
    if (const auto minutes = kit::parse_clock(clock)) into = *minutes;
  }

  // Of parts with the same rate the earliest in the day.
  static std::optional<Best> best_part(const Value* ask, const Day& day) {
    int open_from = 0, open_to = 24 * 60;
    read(kit::text(ask, "window.from"), open_from);
    read(kit::text(ask, "window.to"), open_to);
    std::optional<Best> best;
    for (size_t i = 0; i < day.size(); ++i) {
      const int from = std::max(static_cast<int>(i) * kPartMinutes, open_from);
      const int to = std::min(static_cast<int>(i + 1) * kPartMinutes, open_to);
      if (to - from < kShortestVisit) continue;
      if (!best || day[i].rate() > day[best->part].rate()) best = Best{i, from, to};
    }
    return best;
  }

  // Now, where it is that part already; else its next occurrence, each case at a minute of its own.
  static LocalMinutes next_in(const Best& best, const Value* ask, LocalMinutes now) {
    const int minute = kit::minute_of_day(now);
    if (minute >= best.from && minute < best.to) return now;
    const LocalMinutes today = kit::day_of(now) * kit::kDay;
    const LocalMinutes day = minute < best.from ? today : today + kit::kDay;
    const int room = std::min(best.to - best.from, 60);
    return day + best.from + static_cast<int>(kit::share(0, key_of(ask), "minute") * room);
  }

  static std::string_view key_of(const Value* ask) {
    const Value* run = kit::member(ask, "run");
    std::string_view key;
    if (run != nullptr && run->IsObject()) {
      for (const auto& field : run->GetObject())
        if (field.value.IsString()) key = kit::view(field.value);
    }
    return key;
  }

  kit::Json config_;
};

constexpr const char* kReasons[] = {"own_history", "segment_history", "no_history",
                                    "no_part_in_window"};

constexpr rl_policy kPolicy = kit::policy<BestTime>(RL_AT, kReasons);
constexpr kit::Interface kInterfaces[] = {{RL_POLICY, &kPolicy}};

constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false,
  "properties": {"segments": {"type": "object", "additionalProperties": {"type": "object",
    "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1}}}}})";

constexpr rl_plugin kPlugin =
    kit::plugin<BestTime>({.id = "relance.policy.best_time",
                           .title = "The part of the day in which this customer answers",
                           .config_schema = kSchema,
                           .flags = RL_CONCURRENT,
                           .find = kit::find<kInterfaces>});

}  // namespace

RL_PLUGIN(kPlugin)
