#include "plugins/check/trial.h"

namespace relance::conformance {
namespace {

constexpr int64_t kBeforeReplyMs = 10;

void cancel(Stage& stage, rl_op op) {
  stage.call("cancel", [&] { stage.bench().plugin().channel->cancel(stage.self(), op); });
}

// Only what can come out otherwise: a host that is busy needs nothing of the first request, an
// early reply no second.
std::vector<Weather> weathers() {
  std::vector<Weather> all;
  for (int i = 1; i < kWeathers; ++i) all.push_back(static_cast<Weather>(i));
  return all;
}

bool cancel_matters(Weather weather) {
  return weather == Weather::fine || weather == Weather::slow || weather == Weather::never ||
         weather == Weather::twice || weather == Weather::reset_after;
}

class Series {
 public:
  Series(Bench& bench, const std::function<bool(const Trial&)>& judge)
      : bench_(bench), judge_(judge) {}

  // false: the judge has seen enough.
  bool run(const Drive& drive) {
    const Trial fine = try_once(bench_, drive, Weather::fine);
    if (!take(fine)) return false;
    if (drive.cancels && !cancelled(drive, Weather::fine)) return false;
    if (fine.seen.requests.empty()) return true;
    for (const Weather weather : weathers()) {
      if (!take(try_once(bench_, drive, weather))) return false;
      if (fine.seen.requests.size() > 1 && !take(try_once(bench_, drive, weather, true)))
        return false;
      if (drive.cancels && cancel_matters(weather) && !cancelled(drive, weather)) return false;
    }
    return true;
  }
  size_t whole() const { return whole_; }

 private:
  bool cancelled(const Drive& drive, Weather weather) {
    return take(try_once(bench_, drive, weather, false, Cancel::at_once)) &&
           take(try_once(bench_, drive, weather, false, Cancel::later));
  }
  bool take(const Trial& trial) {
    if (trial.whole()) ++whole_;
    return judge_(trial);
  }

  Bench& bench_;
  const std::function<bool(const Trial&)>& judge_;
  size_t whole_ = 0;
};

Trial try_start(Bench& bench, const Drive& drive, Weather weather) {
  Stage stage(bench, weather);
  stage.host().run_for(kHourMs);
  Trial trial;
  trial.drive = &drive;
  trial.weather = weather;
  trial.op = stage.start_op();
  trial.threw = stage.threw();
  trial.seen = stage.host().seen();
  trial.longest_ms = stage.longest_ms();
  return trial;
}

}  // namespace

std::string Trial::name() const {
  std::string text = drive->name + " under " + std::string(weather_name(weather));
  if (later_requests) text += " to its later requests";
  if (cancel == Cancel::at_once) text += ", cancelled at once";
  if (cancel == Cancel::later) text += ", cancelled twice before the reply";
  return text;
}

Trial try_once(Bench& bench, const Drive& drive, Weather weather, bool later_requests, Cancel how) {
  Trial trial;
  trial.drive = &drive;
  trial.weather = weather;
  trial.later_requests = later_requests;
  trial.cancel = how;
  bench.doing(trial.name());
  if (!drive.begin) return try_start(bench, drive, weather);
  Stage stage(bench);
  trial.problem = stage.problem();
  trial.threw = stage.threw();
  if (!stage.ready()) return trial;
  stage.host().forget();
  stage.host().weather = weather;
  stage.host().weather_from = later_requests ? 1 : 0;
  trial.op = stage.next_op();
  drive.begin(stage, trial.op);
  if (how != Cancel::no) {
    if (how == Cancel::later) {
      stage.host().run_for(kBeforeReplyMs);
      if (!stage.host().ended(trial.op)) cancel(stage, trial.op);
    }
    if (!stage.host().ended(trial.op)) cancel(stage, trial.op);
  }
  stage.host().run_for(3 * kHourMs);
  trial.threw = stage.threw();
  trial.seen = stage.host().seen();
  trial.longest_ms = stage.longest_ms();
  return trial;
}

size_t each_trial(Bench& bench, const std::function<bool(const Trial&)>& judge) {
  Series series(bench, judge);
  for (const Drive& drive : drives(bench))
    if (!series.run(drive)) break;
  return series.whole();
}

Outcome judge_trials(Bench& bench, const std::function<std::string(const Trial&)>& wrong) {
  Outcome outcome;
  std::string why = "it has no operations";
  const size_t whole = each_trial(bench, [&](const Trial& trial) {
    if (!trial.whole()) {
      why = trial.threw.empty() ? trial.problem : trial.threw + " threw an exception";
      return true;
    }
    const std::string found = wrong(trial);
    if (!found.empty()) outcome = failed(trial.name() + ": " + found);
    return found.empty();
  });
  return whole == 0 ? not_applicable(why) : outcome;
}

}  // namespace relance::conformance
