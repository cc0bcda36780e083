// relance.policy.another_band: the next try lands in another part of the day than the earlier ones,
// because who did not answer at noon is more often reached in the evening.
//
// Takes the soonest band that no earlier try used; when all were used, the soonest of those used
// least. A band counts where at least a quarter of an hour of it lies inside the contact window.
#include <relance/policy.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <vector>

#include "kit/json.h"
#include "kit/local_time.h"
#include "kit/plugin.h"

namespace {

using kit::LocalMinutes;

struct Band {
  const char* name;
  int from, to;  // minutes of the day, `to` outside
};

constexpr size_t kBands = 4;
constexpr std::array<Band, kBands> kDefaultBands = {{{"morning", 9 * 60, 12 * 60},
                                                     {"noon", 12 * 60, 14 * 60},
                                                     {"afternoon", 14 * 60, 18 * 60},
                                                     {"evening", 18 * 60, 21 * 60}}};
constexpr int kShortestVisit = 15;  // minutes left of a band that are still worth it

class AnotherBand {
 public:
  AnotherBand(const rl_host*, std::string_view config) {
    const kit::Json json(config);
    for (Band& band : bands_) {
      const std::string path = std::string("bands.") + band.name;
      read(kit::text(json.root(), path + ".from"), band.from);
      read(kit::text(json.root(), path + ".to"), band.to);
      if (band.from >= band.to) {
        throw std::invalid_argument(std::string("band '") + band.name + "' ends before it begins");
      }
    }
  }

  void decide(const rl_policy_in& question, const rl_out* answer) const {
    const kit::Json ask(kit::view(question.json));
    const auto now = kit::parse_local(kit::text(ask.root(), "local"));
    if (question.kind != RL_AT || !now) {
      return kit::put(answer, R"({"problem":"the question must be `at` and give a local time"})");
    }
    const std::array<int, kBands> used = count_earlier(ask.root());
    if (std::all_of(used.begin(), used.end(), [](int n) { return n == 0; })) {
      return say(answer, "now", "first_try");
    }
    int open_from = 9 * 60, open_to = 21 * 60;
    read(kit::text(ask.root(), "window.from"), open_from);
    read(kit::text(ask.root(), "window.to"), open_to);
    choose(*now, used, open_from, open_to, answer);
  }

 private:
  static void read(std::string_view clock, int& into) {
    if (const auto minutes = kit::parse_clock(clock)) into = *minutes;
  }

  static void say(const rl_out* answer, std::string_view at, std::string_view reason) {
    kit::put(answer, kit::Object().text("at", at).text("reason", reason).close());
  }

  std::array<int, kBands> count_earlier(const kit::Value* ask) const {
    std::array<int, kBands> used{};
    const kit::Value* earlier = kit::member(ask, "earlier");
    if (earlier == nullptr || !earlier->IsArray()) return used;
    for (const kit::Value& item : earlier->GetArray()) {
      const auto at = item.IsString() ? kit::parse_local(kit::view(item)) : std::nullopt;
      if (at) ++used[nearest(kit::minute_of_day(*at))];
    }
    return used;
  }

  // A try before the first or after the last band belongs to the nearest one.
  size_t nearest(int minute) const {
    size_t best = 0;
    int best_distance = kit::kDay;
    for (size_t i = 0; i < kBands; ++i) {
      const Band& band = bands_[i];
      const int distance = minute < band.from  ? band.from - minute
                           : minute >= band.to ? minute - band.to + 1
                                               : 0;
      if (distance < best_distance) best = i, best_distance = distance;
    }
    return best;
  }

  void choose(LocalMinutes now, const std::array<int, kBands>& used, int open_from, int open_to,
              const rl_out* answer) const {
    int fewest = -1;
    LocalMinutes soonest = 0;
    for (size_t i = 0; i < kBands; ++i) {
      const int from = std::max(bands_[i].from, open_from), to = std::min(bands_[i].to, open_to);
      if (to - from < kShortestVisit) continue;
      const LocalMinutes today = kit::day_of(now) * kit::kDay;
      LocalMinutes at = std::max(now, today + from);
      if (at > today + to - kShortestVisit) at = today + kit::kDay + from;
      if (fewest < 0 || used[i] < fewest || (used[i] == fewest && at < soonest)) {
        fewest = used[i], soonest = at;
      }
    }
    if (fewest < 0) return say(answer, "now", "no_band_in_window");
    if (soonest == now) return say(answer, "now", fewest == 0 ? "new_band" : "least_used_band");
    say(answer, kit::format_local(soonest), fewest == 0 ? "new_band" : "least_used_band");
  }

  std::array<Band, kBands> bands_ = kDefaultBands;
};

constexpr const char* kReasons[] = {"first_try", "new_band", "least_used_band",
                                    "no_band_in_window"};

constexpr rl_policy kPolicy = kit::policy<AnotherBand>(RL_AT, kReasons);
constexpr kit::Interface kInterfaces[] = {{RL_POLICY, &kPolicy}};

constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false,
  "properties": {"bands": {"type": "object", "additionalProperties": false,
    "properties": {
      "morning": {"$ref": "#/definitions/band"}, "noon": {"$ref": "#/definitions/band"},
      "afternoon": {"$ref": "#/definitions/band"}, "evening": {"$ref": "#/definitions/band"}}}},
  "definitions": {"band": {"type": "object", "additionalProperties": false,
    "properties": {"from": {"type": "string"}, "to": {"type": "string"}}}}})";

constexpr rl_plugin kPlugin =
    kit::plugin<AnotherBand>({.id = "relance.policy.another_band",
                              .title = "Tries again at another time of day",
                              .config_schema = kSchema,
                              .flags = RL_CONCURRENT,
                              .find = kit::find<kInterfaces>});

}  // namespace

RL_PLUGIN(kPlugin)
