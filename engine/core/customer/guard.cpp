#include "core/customer/guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/customer/pause.h"

namespace relance {
namespace {

constexpr double kFalsePauses = 0.05;  // chance of one, of a harmless flow, in
constexpr Duration kJudgedOver = days(30);
constexpr uint64_t kLongestPast = 1'000'000;  // contacts; then older ones count half
constexpr double kMostUsual = 0.5;

uint64_t number_in(const Doc& data, std::string_view field) {
  return static_cast<uint64_t>(std::max<int64_t>(data.view().find(field).integer().value_or(0), 0));
}

GuardCount count_of(Worker& worker, const std::string& flow, std::string_view what) {
  for (const GuardCount& one : worker.customer().lookout->guards)
    if (one.flow == flow && one.what == what) return one;
  GuardCount fresh;
  fresh.flow = flow;
  fresh.what = what;
  fresh.window_from = worker.now();
  return fresh;
}

void begin_window(GuardCount& count, Instant now) {
  count.past_contacts += count.contacts;
  count.past_objections += count.objections;
  if (count.past_contacts > kLongestPast) {
    count.past_contacts /= 2;
    count.past_objections /= 2;
  }
  count.contacts = count.objections = 0;
  count.window_from = now;
}

// Never nothing: one more objection than there were.
std::optional<double> usual_of(const GuardRule& rule, const GuardCount& count) {
  if (rule.usual) return *rule.usual;
  if (count.past_contacts < kGuardLearns) return std::nullopt;
  return std::min(kMostUsual, static_cast<double>(count.past_objections + 1) /
                                  static_cast<double>(count.past_contacts + 1));
}

Pause pause_by(const GuardRule& rule, const GuardCount& count, double usual) {
  const bool opt_outs = rule.what == GuardRule::What::opt_out;
  Pause pause;
  pause.flow = count.flow;
  pause.author = "guard";
  pause.reason = fmt::format(
      "{} {} in {} contacts within {}; usual are {:.2f} %, the limit is {:g} "
      "times that",
      count.objections, opt_outs ? "opt-outs" : "complaints", count.contacts,
      format_duration(rule.within), usual * 100, rule.above);
  return pause;
}

bool stands_still(Worker& worker, const std::string& flow) {
  return std::ranges::any_of(worker.customer().lookout->pauses, [&](const Pause& one) {
    return one.stands() && one.flow == flow && one.channel.empty() && one.segment.empty();
  });
}

void count_for(Worker& worker, const GuardRule& rule, const CommandInput& command,
               const std::string& flow) {
  GuardCount count = count_of(worker, flow, guarded_name(rule.what));
  if (worker.now() >= count.window_from + rule.within) begin_window(count, worker.now());
  count.contacts += number_in(command.data, "contacts");
  count.objections +=
      number_in(command.data, rule.what == GuardRule::What::opt_out ? "opt_outs" : "complaints");
  const auto usual = usual_of(rule, count);
  const bool acts = usual && evidence(count.contacts, count.objections, *usual, rule.above) >=
                                 enough_evidence(rule.within);
  if (acts) {
    set_pause(worker, pause_by(rule, count, *usual));
    count.contacts = count.objections = 0;  // what was wrong is not usual
    count.window_from = worker.now();
  }
  worker.write(GuardCounted{std::move(count)});
}

}  // namespace

std::string_view guarded_name(GuardRule::What what) {
  return what == GuardRule::What::opt_out ? "opt_out_rate" : "complaint_rate";
}

double evidence(uint64_t contacts, uint64_t objections, double usual, double above) {
  const double many = std::min(usual * above, 1 - 1e-9);
  const auto against = static_cast<double>(objections);
  const auto all = static_cast<double>(std::max(contacts, objections));  // of contacts before, too
  return against * std::log(many / usual) + (all - against) * std::log((1 - many) / (1 - usual));
}

double enough_evidence(Duration within) {
  const double windows =
      static_cast<double>(kJudgedOver.ms) / static_cast<double>(std::max<int64_t>(within.ms, 1));
  return std::log(std::max(windows, 1.0) / kFalsePauses);
}

void count_for_guards(Worker& worker, const CommandInput& command) {
  const std::string flow(command.data.view().find("flow").text().value_or(""));
  if (stands_still(worker, flow)) return;  // what comes now is about what left before
  if (worker.customer().subject.empty())
    worker.write(CustomerMet{worker.seal(Doc::record({{"subject", Doc::text(pauses_actor())}}))});
  for (const GuardRule& rule : worker.rules().contact().guards)
    if (rule.flow.empty() || rule.flow == flow) count_for(worker, rule, command, flow);
}

}  // namespace relance
